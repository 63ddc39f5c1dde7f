// Time limits by a clock that the test advances: each is reported once, as a timeout, by whoever
// waited, and costs nothing while messages flow.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <stream/fixture.hpp>
#include <stream/manual_timing.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;
using std::chrono::milliseconds;

using timing_of_test = manual<timing::limits{.handshake_ms = 100, .idle_ms = 40, .close_ms = 60}>;
using timed_server = server_stream<mock, timing_of_test>;
using timed_client = client_stream<mock, key_source::fixed<1>, timing_of_test>;

template <class Stream>
struct timed : with_peer<Stream>
{
    std::string got;

    // In small steps, as time goes.
    void pass(int ms)
    {
        for (; ms != 0; --ms) {
            manual_clock::advance(milliseconds(1));
            this->poll();
        }
    }
    void start_read(outcome& o) { this->stream.async_read(asio::dynamic_buffer(got), into(o)); }
};

TEST(TimeLimit, of_the_handshake_ends_an_accept_that_gets_no_request)
{
    timed<timed_server> f;
    outcome accept;
    f.stream.async_accept(into(accept));
    f.poll();
    f.pass(99);
    EXPECT_TRUE(accept.pending());
    f.pass(1);
    EXPECT_TRUE(accept.is(error::timeout)) << accept;
    EXPECT_EQ(accept.ec, condition::timeout);
    error_code ec;
    f.stream.accept(ec);
    EXPECT_EQ(ec, error::timeout) << "and so does everything after it";
    EXPECT_TRUE(manual_clock::idle());
}

TEST(TimeLimit, of_the_handshake_ends_a_client_that_gets_no_answer)
{
    timed<timed_client> f;
    outcome handshake;
    f.stream.async_handshake("host", "/", into(handshake));
    f.pass(100);
    EXPECT_TRUE(handshake.is(error::timeout)) << handshake;
    EXPECT_TRUE(manual_clock::idle());
}

TEST(TimeLimit, of_the_handshake_is_over_with_it)
{
    both_ends<timed_client, timed_server> f;
    outcome accept, handshake;
    f.s.async_accept(into(accept));
    f.c.async_handshake("host", "/", into(handshake));
    f.poll();
    EXPECT_TRUE(accept.ok() && handshake.ok());
    for (int i = 0; i != 1000; ++i) {
        manual_clock::advance(milliseconds(1));
        f.poll();
    }
    EXPECT_TRUE(f.s.is_open() && f.c.is_open()) << "nobody waits for the peer";
}

TEST(TimeLimit, of_a_handshake_that_is_refused_leaves_no_timer)
{
    timed<timed_server> f;
    outcome accept;
    f.stream.async_accept(into(accept));
    f.give(test::as_bytes("GET nonsense\r\n\r\n"));
    f.poll();
    EXPECT_TRUE(accept.pending()) << "it reads until the peer's end, so that the answer arrives";
    f.pass(60);
    EXPECT_EQ(accept.calls, 1);
    EXPECT_EQ(accept.ec, error::bad_request_line) << accept;
    EXPECT_TRUE(manual_clock::idle());
}

TEST(TimeLimit, of_idleness_ends_a_read_within_one_and_a_half_times)
{
    for (int start = 0; start != 40; ++start) {
        timed<timed_server> f;
        f.stream.adopt();
        outcome first, read;
        f.start_read(first);
        f.poll();
        f.pass(start);
        f.give(f.frames().add(opcode::text, "x"));
        f.poll();
        EXPECT_TRUE(first.ok(1));
        f.start_read(read);
        f.poll();
        f.pass(39);
        EXPECT_TRUE(read.pending()) << "after " << start;
        f.pass(21);
        EXPECT_TRUE(read.is(error::timeout)) << "after " << start << ": " << read;
        EXPECT_FALSE(f.stream.is_open());
        EXPECT_TRUE(manual_clock::idle());
    }
}

TEST(TimeLimit, of_idleness_is_held_off_by_any_byte_of_the_peer)
{
    timed<timed_client> f;
    f.stream.adopt();
    outcome read;
    f.start_read(read);
    const auto wire = f.frames().add(opcode::text, std::string(30, 'm')).wire();
    for (std::size_t i = 0; i != wire.size(); ++i) {
        f.poll();
        f.pass(30);
        ASSERT_TRUE(read.pending()) << i;
        f.give(asio::buffer(as_buffer(wire) + i, 1));
        f.poll();
    }
    EXPECT_TRUE(read.ok(30));
}

TEST(TimeLimit, of_idleness_does_not_count_while_nobody_reads)
{
    timed<timed_server> f;
    f.stream.adopt();
    outcome ping, read;
    f.stream.async_ping({}, into(ping));
    f.pass(500);
    EXPECT_TRUE(ping.ok() && f.stream.is_open());
    f.start_read(read);
    f.poll();
    f.pass(39);
    EXPECT_TRUE(read.pending());
    f.give(f.frames().add(opcode::text, "x"));
    f.poll();
    EXPECT_TRUE(read.ok(1));
}

TEST(TimeLimit, of_idleness_ends_a_write_that_the_peer_does_not_take)
{
    const std::string message(100, 'm');
    for (int start = 0; start != 40; ++start) {
        timed<timed_server> f;
        f.stream.adopt();
        f.pass(start);
        f.stream.next_layer().plan().capacity = 10;
        outcome write, after;
        f.stream.async_write(message_kind::binary, asio::buffer(message), into(write));
        f.poll();
        f.pass(39);
        EXPECT_TRUE(write.pending()) << "after " << start;
        f.pass(21);
        EXPECT_TRUE(write.is(error::timeout)) << "after " << start << ": " << write;
        EXPECT_EQ(write.bytes, 8u) << "what the layer took, without the header";
        f.stream.async_ping({}, into(after));
        f.poll();
        EXPECT_TRUE(after.is(error::timeout));
        EXPECT_TRUE(manual_clock::idle());
    }
}

TEST(TimeLimit, of_idleness_is_held_off_by_any_byte_that_the_peer_takes)
{
    timed<timed_client> f;
    f.stream.adopt();
    f.stream.next_layer().plan().capacity = 1;
    const std::string message(30, 'm');
    outcome write;
    f.stream.async_write(message_kind::binary, asio::buffer(message), into(write));
    for (std::size_t i = 0; i != 2 + 4 + message.size(); ++i) {
        f.poll();
        f.pass(30);
        ASSERT_FALSE(write.is(error::timeout)) << i;
        (void)f.wire();
    }
    f.poll();
    EXPECT_TRUE(write.ok(30)) << write;
}

TEST(TimeLimit, of_idleness_sets_no_timer_for_a_message)
{
    timed<timed_server> f;
    f.stream.adopt();
    outcome read;
    f.start_read(read);
    f.poll();
    const int before = manual_clock::settings;
    for (int i = 0; i != 100; ++i) {
        f.give(f.frames().add(opcode::text, "x"));
        f.poll();
        EXPECT_TRUE(read.ok(1));
        read = {};
        f.start_read(read);
        outcome write;
        f.stream.async_write(message_kind::text, asio::buffer("y", 1), into(write));
        f.poll();
    }
    EXPECT_EQ(manual_clock::settings, before);
}

TEST(TimeLimit, of_idleness_is_told_to_all_who_wait)
{
    timed<timed_server> f;
    f.stream.adopt();
    f.stream.next_layer().plan().capacity = 5;
    outcome read, write, ping;
    f.start_read(read);
    const std::string message(50, 'm');
    f.stream.async_write(message_kind::text, asio::buffer(message), into(write));
    f.stream.async_ping({}, into(ping));
    f.poll();
    f.pass(60);
    EXPECT_TRUE(read.is(error::timeout)) << read;
    EXPECT_TRUE(write.is(error::timeout, 3)) << write;
    EXPECT_TRUE(ping.is(error::timeout)) << ping;
}

template <class Stream>
void close_is_bounded()
{
    timed<Stream> f;
    f.stream.adopt();
    outcome close;
    f.stream.async_close({}, into(close));
    f.poll();
    f.pass(59);
    ASSERT_TRUE(close.pending());
    f.pass(1);
    ASSERT_TRUE(close.is(error::timeout)) << close;
    ASSERT_TRUE(manual_clock::idle());
}

TEST(TimeLimit, of_closing_ends_a_close_that_the_peer_does_not_answer)
{
    close_is_bounded<timed_server>();
    close_is_bounded<timed_client>();
}

TEST(TimeLimit, that_was_replaced_has_no_effect_though_it_passes_before_its_handler_has_run)
{
    timed<timed_server> f;
    f.stream.adopt();
    outcome read, close;
    f.start_read(read);
    f.poll();
    manual_clock::advance(milliseconds(20)); // half of the idle limit: its handler is under way
    f.stream.async_close({}, into(close));
    f.poll();
    EXPECT_TRUE(close.pending() && read.pending()) << close << read;
    f.give(f.frames().close(1000));
    f.poll();
    f.peer.close();
    f.poll();
    EXPECT_TRUE(close.ok()) << close;
    EXPECT_TRUE(read.is(error::closed)) << read;
}

TEST(TimeLimit, of_closing_is_not_held_off_by_a_peer_that_keeps_talking)
{
    timed<timed_server> f;
    f.stream.adopt();
    outcome close;
    f.stream.async_close({}, into(close));
    for (int i = 0; i != 60; ++i) {
        f.give(f.frames().add(opcode::text, "and another thing").add(opcode::ping));
        f.poll();
        f.pass(1);
    }
    EXPECT_TRUE(close.is(error::timeout)) << close;
}

TEST(TimeLimit, of_closing_ends_a_close_that_waits_behind_a_stuck_write)
{
    timed<timed_client> f;
    f.stream.adopt();
    f.stream.next_layer().plan().capacity = 0;
    outcome write, close, read;
    f.stream.async_write(message_kind::text, asio::buffer("m", 1), into(write));
    f.start_read(read);
    f.stream.async_close({}, into(close));
    f.poll();
    f.pass(60);
    EXPECT_TRUE(write.is(error::timeout, 0)) << write;
    EXPECT_TRUE(close.is(error::timeout)) << close;
    EXPECT_TRUE(read.is(error::timeout)) << read;
}

TEST(TimeLimit, of_closing_bounds_the_wait_for_the_transports_end)
{
    timed<timed_server> f;
    f.stream.adopt();
    outcome read;
    f.start_read(read);
    f.give(f.frames().close(1000));
    f.poll();
    error_code ec;
    char c;
    f.wire();
    f.peer.read_some(asio::buffer(&c, 1), ec);
    EXPECT_EQ(ec, asio::error::eof) << "the server ends first";
    EXPECT_TRUE(read.pending()) << "so that no reset overtakes the close frame";
    f.pass(60);
    EXPECT_TRUE(read.is(error::closed)) << read;
    EXPECT_TRUE(manual_clock::idle());
}

TEST(TimeLimit, of_closing_waits_no_longer_than_for_the_peers_end)
{
    timed<timed_client> f;
    f.stream.adopt();
    outcome close;
    f.stream.async_close({}, into(close));
    f.give(f.frames().close(1000));
    f.poll();
    error_code ec;
    char c;
    f.wire();
    f.peer.read_some(asio::buffer(&c, 1), ec);
    EXPECT_EQ(ec, asio::error::would_block) << "a client lets the server end first";
    EXPECT_TRUE(close.pending());
    f.peer.close();
    f.poll();
    EXPECT_TRUE(close.ok()) << close;
    EXPECT_TRUE(manual_clock::idle());
}

TEST(TimeLimit, of_closing_reads_no_more_than_the_budget_from_a_peer_that_never_ends)
{
    using frugal =
        server_stream<mock, timing_of_test, budget::limited<budget::limits{.drain_bytes = 1000}>>;
    timed<frugal> f;
    f.stream.adopt();
    outcome read;
    f.start_read(read);
    f.give(f.frames().add(opcode::text, "\xFF"));
    for (int i = 0; i != 12; ++i) {
        f.poll();
        f.give(test::bytes(100));
    }
    f.poll();
    EXPECT_TRUE(read.is(error::invalid_utf8)) << read;
    EXPECT_TRUE(manual_clock::idle());
}

// A write has failed: what still waits for the peer is bounded, and then nothing waits any more.
TEST(TimeLimit, of_closing_does_not_outlast_those_who_wait)
{
    for (const bool reads : {false, true})
        for (const bool by_ping : {false, true}) {
            timed<timed_server> f;
            f.stream.adopt();
            f.stream.next_layer().plan().capacity = 1;
            asio::cancellation_signal stop;
            outcome read, write;
            if (reads)
                f.start_read(read);
            const auto cut = [&] { return asio::bind_cancellation_slot(stop.slot(), into(write)); };
            if (by_ping)
                f.stream.async_ping({}, cut());
            else
                f.stream.async_write(message_kind::text, asio::buffer("hello", 5), cut());
            f.poll();
            stop.emit(asio::cancellation_type::terminal);
            f.poll();
            EXPECT_EQ(write.ec, error::write_cut) << write;
            if (reads) {
                EXPECT_FALSE(manual_clock::idle());
                f.give(f.frames().add(opcode::text, "heard"));
                f.poll();
                EXPECT_TRUE(read.ok(5)) << read;
            }
            EXPECT_TRUE(manual_clock::idle());
            error_code ec;
            char c;
            f.wire();
            f.peer.read_some(asio::buffer(&c, 1), ec);
            EXPECT_EQ(ec, asio::error::eof) << "the peer need not wait for what can't come";
        }
}

TEST(TimeLimit, has_no_effect_after_the_stream_is_gone)
{
    outcome read;
    event_loop loop;
    std::string got;
    auto ends = test::connect_pair(loop.io.get_executor());
    {
        timed_server s(std::move(ends.first));
        s.adopt();
        s.async_read(asio::dynamic_buffer(got), into(read));
        loop.poll();
    }
    manual_clock::advance(milliseconds(1000));
    loop.poll();
    EXPECT_TRUE(read.is(asio::error::operation_aborted)) << read;
    EXPECT_TRUE(manual_clock::idle());
}

// ---- Keep-alive: a ping after 40 ms of silence, 60 ms for its pong.

template <bool DataIsPong = false, std::uint32_t PongMs = 60>
using keeps_alive = server_stream<mock,
                                  manual<timing::limits{.handshake_ms = 0,
                                                        .idle_ms = 0,
                                                        .close_ms = 60,
                                                        .keep_alive_ms = 40,
                                                        .pong_ms = PongMs,
                                                        .data_is_pong = DataIsPong}>,
                                  key_source::fixed<0x01020304>>;

template <class Stream>
struct kept_alive : timed<Stream>
{
    outcome read;

    kept_alive()
    {
        this->stream.adopt();
        this->start_read(read);
        this->poll();
    }

    /// The payloads of the pings that the stream has sent.
    std::vector<test::bytes> asked()
    {
        std::vector<test::bytes> all;
        for (const auto& h : this->written().happenings)
            if (h.what == event::type::control && h.op == opcode::ping)
                all.push_back(h.payload);
        return all;
    }
};

TEST(KeepAlive, asks_a_peer_that_is_silent_and_gives_up_without_its_pong)
{
    kept_alive<keeps_alive<>> f;
    f.pass(39);
    EXPECT_TRUE(f.asked().empty());
    f.pass(21);
    ASSERT_EQ(f.asked().size(), 1u);
    EXPECT_EQ(f.asked()[0].size(), 8u);
    f.pass(59);
    EXPECT_TRUE(f.read.pending());
    f.pass(21);
    EXPECT_TRUE(f.read.is(error::timeout)) << f.read;
    EXPECT_FALSE(f.stream.is_open());
    EXPECT_TRUE(manual_clock::idle());
}

TEST(KeepAlive, goes_on_for_ever_with_a_peer_that_answers)
{
    kept_alive<keeps_alive<>> f;
    for (std::size_t round = 1; round != 20; ++round) {
        f.pass(60);
        ASSERT_EQ(f.asked().size(), round);
        const auto nonce = f.asked().back();
        f.give(f.frames().add(opcode::pong, text_of(nonce)));
        f.poll();
        ASSERT_TRUE(f.read.pending());
    }
}

TEST(KeepAlive, takes_no_other_pong_for_its_own_and_no_data)
{
    kept_alive<keeps_alive<>> f;
    f.pass(60);
    ASSERT_EQ(f.asked().size(), 1u);
    for (int i = 0; i != 7; ++i) {
        f.give(f.frames().add(opcode::pong, "another's").add(opcode::text, "x"));
        f.poll();
        EXPECT_TRUE(f.read.ok());
        f.read = {};
        f.start_read(f.read);
        f.poll();
        f.pass(8);
    }
    EXPECT_TRUE(f.read.pending());
    f.pass(24);
    EXPECT_TRUE(f.read.is(error::timeout)) << f.read;
}

TEST(KeepAlive, takes_data_for_a_pong_if_told_so)
{
    kept_alive<keeps_alive<true>> f;
    for (std::size_t round = 1; round != 5; ++round) {
        f.pass(60);
        ASSERT_EQ(f.asked().size(), round);
        f.give(f.frames().add(opcode::text, "x"));
        f.poll();
        ASSERT_TRUE(f.read.ok());
        f.read = {};
        f.start_read(f.read);
        f.poll();
    }
    f.pass(140);
    EXPECT_TRUE(f.read.is(error::timeout)) << f.read;
}

TEST(KeepAlive, asks_again_and_again_without_a_deadline)
{
    kept_alive<keeps_alive<false, 0>> f;
    f.pass(1000);
    EXPECT_TRUE(f.read.pending());
    EXPECT_GE(f.asked().size(), 15u);
}

TEST(KeepAlive, asks_nobody_while_nobody_reads)
{
    timed<keeps_alive<>> f;
    f.stream.adopt();
    outcome ping;
    f.stream.async_ping({}, into(ping));
    f.pass(1000);
    EXPECT_EQ(f.written().happenings.size(), 1u) << "but the user's ping";
    EXPECT_TRUE(f.stream.is_open());
}

TEST(KeepAlive, asks_a_peer_that_only_takes)
{
    kept_alive<keeps_alive<>> f;
    for (int i = 0; i != 10; ++i) {
        outcome write;
        f.stream.async_write(message_kind::text, asio::buffer("to a listener", 13), into(write));
        f.poll();
        EXPECT_TRUE(write.ok());
        f.pass(6);
    }
    EXPECT_EQ(f.asked().size(), 1u);
}

} // namespace
