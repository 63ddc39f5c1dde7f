// Everything at once: reads, writes, pings, pongs and a close on one stream, with a peer that is
// slow, rude or silent.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

template <class Stream>
struct duplex : open_with_peer<Stream>
{
    std::string got;

    void start_read(outcome& o) { this->stream.async_read(asio::dynamic_buffer(got), into(o)); }
    void start_write(std::string_view m, outcome& o)
    {
        this->stream.async_write(message_kind::text, asio::buffer(m), into(o));
    }
    void block_writes() { this->stream.next_layer().plan().capacity = 0; }

    /// The peer reads `step` bytes at a time until nothing comes.
    void drain(std::size_t step)
    {
        this->stream.next_layer().plan().capacity = step;
        std::size_t before = 0;
        do {
            before = this->wire().size();
            this->poll();
        } while (this->wire().size() != before);
    }

    std::vector<std::string> said()
    {
        std::vector<std::string> all;
        const auto run = this->written();
        for (const auto& h : run.happenings) {
            const std::string kind = h.what == event::type::message ? "message "
                                     : h.what == event::type::close ? "close "
                                     : h.op == opcode::ping         ? "ping "
                                     : h.op == opcode::pong         ? "pong "
                                                                    : "fault ";
            all.push_back(kind + text_of(h.payload));
        }
        if ((run.happenings.empty() ? 0 : run.happenings.back().settled) != this->wire().size())
            all.push_back("and a piece of a frame");
        return all;
    }
};

using strings = std::vector<std::string>;

template <class Stream>
void all_at_once(std::size_t step)
{
    duplex<Stream> f;
    f.block_writes();
    outcome read, write, ping, pong, close;
    const std::string long_message(1000, 'm');
    f.start_read(read);
    f.start_write(long_message, write);
    f.stream.async_ping(asio::buffer("1", 1), into(ping));
    f.stream.async_pong(asio::buffer("2", 1), into(pong));
    f.stream.async_close({close_code::normal, "3"}, into(close));
    f.poll();
    f.give(f.frames().add(opcode::text, "come"));
    f.poll();
    ASSERT_TRUE(read.ok(4)) << "a message that has come is held back: " << read;
    ASSERT_TRUE(write.pending() && ping.pending() && pong.pending() && close.pending());
    f.drain(step);
    ASSERT_TRUE(write.ok(1000) && ping.ok() && pong.ok() && close.pending());
    const strings expected{"message " + long_message, "ping 1", "pong 2", "close 3"};
    ASSERT_EQ(f.said(), expected);
    f.give(f.frames().close(1000));
    f.poll();
    ASSERT_TRUE(close.ok()) << close;
}

TEST(FullDuplex, every_kind_of_operation_runs_beside_the_others)
{
    for (const std::size_t step : {1u, 2u, 13u, 1000u, 5000u}) {
        all_at_once<server>(step);
        all_at_once<client>(step);
    }
}

template <class Stream>
void waits_its_turn(std::size_t step)
{
    duplex<Stream> f;
    f.block_writes();
    std::vector<int> order;
    const auto note = [&](int i) {
        return [&order, i](error_code, std::size_t = 0) { order.push_back(i); };
    };
    const std::function<void(error_code)> notes[] = {note(1), note(2), note(3), note(4)};
    outcome write;
    f.start_write("m", write);
    f.stream.async_ping(asio::buffer("1", 1), notes[0]);
    f.stream.async_ping(asio::buffer("2", 1), notes[1]);
    f.stream.async_pong(asio::buffer("3", 1), notes[2]);
    f.stream.async_ping(asio::buffer("4", 1), notes[3]);
    f.poll();
    ASSERT_TRUE(order.empty());
    f.drain(step);
    ASSERT_TRUE(write.ok(1));
    ASSERT_EQ(order, (std::vector<int>{1, 2, 3, 4}));
    ASSERT_EQ(f.said(), (strings{"message m", "ping 1", "ping 2", "pong 3", "ping 4"}));
}

TEST(FullDuplex, those_who_wait_for_the_lane_complete_in_their_order)
{
    for (const std::size_t step : {1u, 3u, 100u}) {
        waits_its_turn<server>(step);
        waits_its_turn<client>(step);
    }
}

template <class Stream>
void refuses_seconds()
{
    duplex<Stream> f;
    f.block_writes();
    outcome read, write, close, read2, some2, write2, some_write2, close2;
    std::string other;
    f.start_read(read);
    f.start_write("first", write);
    f.stream.async_read(asio::dynamic_buffer(other), into(read2));
    f.stream.async_read_some(asio::buffer(other), into(some2));
    f.stream.async_write(message_kind::text, asio::buffer("second", 6), into(write2));
    f.stream.async_write_some(false, message_kind::text, asio::buffer("s", 1), into(some_write2));
    f.stream.async_close({close_code::normal, "first"}, into(close));
    f.stream.async_close({close_code::going_away, "second"}, into(close2));
    ASSERT_TRUE(read2.pending() && write2.pending() && close2.pending());
    f.poll();
    ASSERT_TRUE(read2.is(error::operation_in_progress, 0));
    ASSERT_TRUE(some2.is(error::operation_in_progress, 0));
    ASSERT_TRUE(write2.is(error::operation_in_progress, 0));
    ASSERT_TRUE(some_write2.is(error::operation_in_progress, 0));
    ASSERT_TRUE(close2.is(error::operation_in_progress));
    error_code ec;
    ASSERT_EQ(f.stream.read(asio::dynamic_buffer(other), ec), 0u);
    ASSERT_EQ(ec, error::operation_in_progress);
    ASSERT_EQ(f.stream.write(message_kind::text, asio::buffer("x", 1), ec), 0u);
    ASSERT_EQ(ec, error::operation_in_progress);
    f.stream.close({}, ec);
    ASSERT_EQ(ec, error::operation_in_progress);
    f.drain(100);
    f.give(f.frames().add(opcode::text, "come").close(1000));
    f.poll();
    ASSERT_TRUE(read.ok(4) && write.ok(5) && close.ok()) << read << write << close;
    ASSERT_EQ(f.said(), (strings{"message first", "close first"}));
}

TEST(FullDuplex, a_second_operation_of_a_kind_is_refused_without_harm_to_the_first)
{
    refuses_seconds<server>();
    refuses_seconds<client>();
}

TEST(FullDuplex, a_synchronous_ping_that_would_have_to_wait_is_refused_and_withdrawn)
{
    duplex<server> f;
    f.block_writes();
    outcome write;
    f.start_write("m", write);
    error_code ec;
    f.stream.ping(asio::buffer("p", 1), ec);
    EXPECT_EQ(ec, error::operation_in_progress);
    f.drain(10);
    EXPECT_EQ(f.said(), strings{"message m"});
}

TEST(FullDuplex, a_synchronous_read_during_a_close_is_refused_without_harm)
{
    duplex<server> f;
    outcome close;
    f.stream.async_close({}, into(close));
    f.poll();
    error_code ec;
    f.stream.read(asio::dynamic_buffer(f.got), ec);
    EXPECT_EQ(ec, error::operation_in_progress);
    f.give(f.frames().close(1000));
    f.poll();
    EXPECT_TRUE(close.ok()) << close;
}

template <class Stream>
void answers_pings_while_stuck()
{
    duplex<Stream> f;
    f.stream.next_layer().plan().capacity = 10;
    outcome write, read;
    const std::string long_message(100, 'm');
    f.start_write(long_message, write);
    f.start_read(read);
    f.poll();
    f.give(f.frames().add(opcode::ping, "a").add(opcode::ping, "b"));
    f.poll();
    f.give(f.frames().add(opcode::text, "held back?"));
    f.poll();
    ASSERT_TRUE(read.ok(10)) << read;
    ASSERT_TRUE(write.pending());
    f.drain(10);
    ASSERT_TRUE(write.ok(100));
    ASSERT_EQ(f.said(), (strings{"message " + long_message, "pong a", "pong b"}));
}

TEST(FullDuplex, pings_that_come_while_a_write_is_stuck_are_answered_behind_its_frame)
{
    answers_pings_while_stuck<server>();
    answers_pings_while_stuck<client>();
}

TEST(FullDuplex, pings_are_answered_while_nothing_else_is_written)
{
    duplex<server> f;
    outcome read;
    f.start_read(read);
    f.poll();
    for (const char* p : {"a", "b", "c"}) {
        f.give(f.frames().add(opcode::ping, p));
        f.poll();
    }
    EXPECT_TRUE(read.pending());
    EXPECT_EQ(f.said(), (strings{"pong a", "pong b", "pong c"}));
}

TEST(FullDuplex, a_peer_that_pings_and_does_not_read_holds_back_no_message)
{
    duplex<server> f;
    f.block_writes();
    for (int i = 0; i != 100; ++i) {
        f.give(f.frames().add(opcode::ping, "flood").add(opcode::text, "x"));
        outcome read;
        f.start_read(read);
        f.poll();
        ASSERT_TRUE(read.ok(1)) << i;
    }
}

TEST(FullDuplex, a_flood_of_pings_costs_no_more_than_the_backlog)
{
    duplex<client> f;
    f.block_writes();
    outcome read;
    f.start_read(read);
    f.poll();
    for (int i = 0; i != 1000; ++i) {
        f.give(f.frames().add(opcode::ping, std::to_string(i)));
        f.poll();
    }
    f.drain(1000);
    const auto all = f.said();
    ASSERT_GE(all.size(), 2u);
    EXPECT_LE(all.size(), budget::limits().control_backlog + 1u);
    EXPECT_EQ(all.back(), "pong 999") << "the newest is answered";
}

TEST(FullDuplex, pings_leave_between_the_fragments_of_a_message)
{
    duplex<server> f;
    f.stream.auto_fragment(10);
    f.stream.next_layer().plan().capacity = 5;
    outcome write, ping;
    const std::string long_message(100, 'm');
    f.start_write(long_message, write);
    f.poll();
    f.stream.async_ping(asio::buffer("now", 3), into(ping));
    f.poll();
    f.drain(5);
    EXPECT_TRUE(write.ok(100) && ping.ok());
    EXPECT_EQ(f.said(), (strings{"ping now", "message " + long_message}));
    const auto frames = f.written().frames;
    ASSERT_EQ(frames.size(), 11u);
    EXPECT_EQ(frames[1].op, opcode::ping) << "behind the frame that was under way";
}

TEST(FullDuplex, too_many_pings_are_refused_and_harm_nothing)
{
    duplex<server> f;
    f.block_writes();
    std::vector<outcome> pings(40);
    for (auto& p : pings)
        f.stream.async_ping({}, into(p));
    f.poll();
    std::size_t refused = 0;
    for (const auto& p : pings)
        refused += p.is(error::operation_in_progress) ? 1 : 0;
    EXPECT_EQ(refused, pings.size() - budget::limits().control_backlog);
    f.drain(1000);
    for (const auto& p : pings)
        EXPECT_TRUE(p.ok() || p.is(error::operation_in_progress)) << p;
    EXPECT_EQ(f.said().size(), pings.size() - refused);
    outcome again;
    f.stream.async_ping({}, into(again));
    f.poll();
    EXPECT_TRUE(again.ok());
}

TEST(FullDuplex, a_ping_with_more_than_125_bytes_is_refused)
{
    duplex<client> f;
    const std::string most(125, 'p'), more(126, 'p');
    outcome ok, too_long;
    f.stream.async_ping(asio::buffer(more), into(too_long));
    f.stream.async_pong(asio::buffer(most), into(ok));
    f.poll();
    EXPECT_TRUE(too_long.is(error::control_payload_too_long));
    EXPECT_TRUE(ok.ok());
    EXPECT_EQ(f.said(), strings{"pong " + most});
}

TEST(FullDuplex, a_stale_error_code_is_cleared_on_entry)
{
    duplex<client> f;
    error_code ec = asio::error::connection_reset;
    f.stream.ping({}, ec);
    EXPECT_EQ(ec, error_code());
    ec = asio::error::eof;
    f.stream.write(message_kind::text, asio::buffer("m", 1), ec);
    EXPECT_EQ(ec, error_code());
    EXPECT_TRUE(f.stream.is_open());
    EXPECT_EQ(f.said(), (strings{"ping ", "message m"}));
}

TEST(FullDuplex, an_observer_sees_the_control_frames_of_reads_and_of_closing)
{
    duplex<server_stream<mock, timing::none, observer::callback>> f;
    strings seen;
    f.stream.observer().on_control = [&](opcode op, std::span<const std::byte> payload) {
        const std::string name = op == opcode::ping   ? "ping "
                                 : op == opcode::pong ? "pong "
                                                      : "close ";
        seen.push_back(name + text_of(payload));
    };
    outcome read, close;
    f.start_read(read);
    f.give(f.frames().add(opcode::ping, "1").add(opcode::pong, "2").add(opcode::text, "m"));
    f.poll();
    EXPECT_TRUE(read.ok(1));
    f.stream.async_close({}, into(close));
    f.give(f.frames().add(opcode::pong, "3").add(opcode::text, "discarded").close(1000, "bye"));
    f.poll();
    EXPECT_TRUE(close.ok());
    EXPECT_EQ(seen, (strings{"ping 1", "pong 2", "pong 3", "close bye"}));
}

TEST(FullDuplex, an_observer_may_have_no_function)
{
    duplex<server_stream<mock, timing::none, observer::callback>> f;
    outcome read;
    f.start_read(read);
    f.give(f.frames().add(opcode::ping, "1").add(opcode::text, "m"));
    f.poll();
    EXPECT_TRUE(read.ok(1));
    EXPECT_EQ(f.said(), strings{"pong 1"});
}

// The program answers, when and how it likes.
struct answers_itself : observer::callback
{
    static constexpr bool answers_pings = false;
};

TEST(FullDuplex, an_observer_may_answer_the_pings)
{
    duplex<server_stream<mock, timing::none, answers_itself>> f;
    std::string asked;
    f.stream.observer().on_control = [&](opcode, std::span<const std::byte> payload) {
        asked += text_of(payload);
    };
    outcome read, pong;
    f.start_read(read);
    f.give(f.frames().add(opcode::ping, "1").add(opcode::ping, "2").add(opcode::text, "m"));
    f.poll();
    EXPECT_TRUE(read.ok(1));
    EXPECT_EQ(asked, "12");
    EXPECT_TRUE(f.said().empty());
    f.stream.async_pong(asio::buffer(asked), into(pong));
    f.poll();
    EXPECT_TRUE(pong.ok());
    EXPECT_EQ(f.said(), strings{"pong 12"});
}

// Any order of operations and of the peer's doings, in any sizes.
template <class Stream>
void whatever_is_started(const std::vector<std::uint8_t>& script)
{
    duplex<Stream> f;
    f.block_writes();
    std::vector<outcome> outcomes(script.size());
    std::size_t messages = 0, pings = 0;
    const std::string payload(40, 'm');
    for (std::size_t i = 0; i != script.size(); ++i) {
        outcome& o = outcomes[i];
        o.calls = -1; // nothing was started
        const std::uint8_t step = script[i];
        if (step % 8 < 4)
            o = {};
        switch (step % 8) {
        case 0:
            f.start_read(o);
            break;
        case 1:
            f.start_write(payload, o);
            break;
        case 2:
            f.stream.async_ping(asio::buffer("p", 1), into(o));
            break;
        case 3:
            f.stream.auto_fragment(step / 8);
            f.stream.async_pong({}, into(o));
            break;
        case 4:
            f.give(
                f.frames()
                    .add(opcode::text, payload, step < 128)
                    .add(opcode::ping, "q")
                    .raw(step < 128 ? test::bytes() : f.frames().add(opcode::continuation).wire()));
            break;
        case 5:
            f.give(f.frames().add(opcode::ping, "r"));
            break;
        default:
            f.stream.next_layer().plan().capacity = step / 8;
            f.wire();
            break;
        }
        if (step & 64)
            f.poll();
    }
    f.give(f.frames().add(opcode::text, "last")); // for a read that waits
    f.drain(7);
    for (const auto& o : outcomes) {
        RC_ASSERT(o.calls == 1 || o.calls == -1);
        RC_ASSERT(!o.ec || o.ec == error::operation_in_progress);
    }
    for (std::size_t i = 0; i != script.size(); ++i)
        if (outcomes[i].calls == 1 && !outcomes[i].ec) {
            messages += script[i] % 8 == 1 ? 1 : 0;
            pings += script[i] % 8 == 2 ? 1 : 0;
        }
    std::size_t messages_seen = 0, pings_seen = 0;
    for (const auto& what : f.said()) {
        messages_seen += what == "message " + payload ? 1 : 0;
        pings_seen += what == "ping p" ? 1 : 0;
        RC_ASSERT(what == "message " + payload || what == "ping p" || what == "pong " ||
                  what == "pong q" || what == "pong r");
    }
    RC_ASSERT(messages_seen == messages);
    RC_ASSERT(pings_seen == pings);
}

RC_GTEST_PROP(FullDuplex, whatever_a_server_starts_the_wire_is_well_formed_and_all_complete,
              (const std::vector<std::uint8_t>& script))
{
    whatever_is_started<server>(script);
}

RC_GTEST_PROP(FullDuplex, whatever_a_client_starts_the_wire_is_well_formed_and_all_complete,
              (const std::vector<std::uint8_t>& script))
{
    whatever_is_started<client>(script);
}

} // namespace
