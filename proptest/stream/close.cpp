// The end of a connection, from either side, at any time, and what every operation says after it.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

template <class Stream>
struct closing : open_with_peer<Stream>
{
    std::string got;

    void start_read(outcome& o) { this->stream.async_read(asio::dynamic_buffer(got), into(o)); }
    void start_write(std::string_view m, outcome& o)
    {
        this->stream.async_write(message_kind::text, asio::buffer(m), into(o));
    }
    void start_close(const close_reason& reason, outcome& o)
    {
        this->stream.async_close(reason, into(o));
    }
    outcome read()
    {
        outcome o;
        start_read(o);
        this->poll();
        return o;
    }

    // The only thing on the wire is a close frame with this code and reason, and then the end.
    void expect_written_close(close_code code, std::string_view reason = {})
    {
        const auto run = this->written();
        ASSERT_EQ(run.happenings.size(), 1u) << test::print(run.happenings);
        ASSERT_EQ(run.happenings[0].what, event::type::close);
        ASSERT_EQ(run.happenings[0].code, code);
        ASSERT_EQ(text_of(run.happenings[0].payload), reason);
        ASSERT_EQ(run.happenings[0].settled, this->wire().size());
    }

    bool transport_ended()
    {
        error_code ec;
        char c;
        this->wire();
        this->peer.read_some(asio::buffer(&c, 1), ec);
        return ec == asio::error::eof;
    }

    // Whatever is begun after the end is told the same.
    void expect_end(error_code cause)
    {
        outcome read, some, write, ping, close;
        start_read(read);
        this->stream.async_read_some(asio::buffer(got), into(some));
        start_write("x", write);
        this->stream.async_ping({}, into(ping));
        start_close({}, close);
        this->poll();
        ASSERT_TRUE(read.is(cause, 0)) << read;
        ASSERT_TRUE(some.is(cause, 0)) << some;
        ASSERT_TRUE(write.is(cause, 0)) << write;
        ASSERT_TRUE(ping.is(cause)) << ping;
        ASSERT_TRUE(close.is(cause)) << close;
        error_code ec;
        this->stream.close({}, ec);
        ASSERT_EQ(ec, cause);
        ASSERT_FALSE(this->stream.is_open());
    }
};

template <class Stream>
void closes_first()
{
    closing<Stream> f;
    outcome close;
    f.start_close({close_code::going_away, "leaving"}, close);
    EXPECT_FALSE(f.stream.is_open());
    f.poll();
    ASSERT_TRUE(close.pending());
    f.expect_written_close(close_code::going_away, "leaving");
    f.give(f.frames().add(opcode::text, "discarded").close(1001, "echo"));
    f.poll();
    ASSERT_TRUE(close.ok()) << close;
    ASSERT_EQ(f.stream.peer_close().code, close_code::going_away);
    ASSERT_EQ(f.stream.peer_close().reason, "echo");
    ASSERT_TRUE(f.transport_ended());
    f.expect_end(error::closed);
}

TEST(Close, from_our_side_sends_code_and_reason_and_waits_for_the_answer)
{
    closes_first<server>();
    closes_first<client>();
}

template <class Stream>
void answers_a_close(unsigned code, std::string_view reason)
{
    closing<Stream> f;
    outcome read;
    f.start_read(read);
    f.poll();
    f.give(f.frames().close(code, reason));
    f.poll();
    ASSERT_TRUE(read.is(error::closed, 0)) << read;
    f.expect_written_close(static_cast<close_code>(code));
    ASSERT_EQ(static_cast<unsigned>(f.stream.peer_close().code), code);
    ASSERT_EQ(f.stream.peer_close().reason, reason);
    ASSERT_TRUE(f.transport_ended());
    f.expect_end(error::closed);
}

TEST(Close, from_the_peers_side_is_answered_with_its_code_inside_a_read)
{
    for (const unsigned code : {1000u, 1001u, 1008u, 1014u, 3000u, 4999u})
        for (const std::string_view reason : {std::string_view(), std::string_view("because")}) {
            answers_a_close<server>(code, reason);
            answers_a_close<client>(code, reason);
        }
}

template <class Stream>
void answers_a_close_without_a_body()
{
    closing<Stream> f;
    f.give(f.frames().add(opcode::close));
    ASSERT_TRUE(f.read().is(error::closed, 0));
    f.expect_written_close(close_code::no_status);
    ASSERT_EQ(f.stream.peer_close().code, close_code::no_status);
}

TEST(Close, without_a_body_is_answered_without_one)
{
    answers_a_close_without_a_body<server>();
    answers_a_close_without_a_body<client>();
}

TEST(Close, without_a_code_sends_no_body)
{
    closing<client> f;
    outcome close;
    f.start_close({close_code::no_status, {}}, close);
    f.poll();
    f.expect_written_close(close_code::no_status);
    f.give(f.frames().add(opcode::close));
    f.poll();
    EXPECT_TRUE(close.ok());
}

TEST(Close, may_be_sent_alone_and_what_the_peer_still_says_is_read)
{
    open_with_peer<server> f;
    outcome sent, read, last;
    std::string got;
    f.stream.async_send_close({close_code::going_away, "later"}, into(sent));
    f.poll();
    EXPECT_TRUE(sent.ok());
    EXPECT_FALSE(f.stream.is_open());
    f.give(f.frames().add(opcode::text, "wait").close(1001));
    f.stream.async_read(asio::dynamic_buffer(got), into(read));
    f.poll();
    EXPECT_TRUE(read.ok(4));
    error_code ec;
    f.stream.send_close({}, ec);
    EXPECT_EQ(ec, error::not_open) << "a close was sent";
    f.stream.async_read(asio::dynamic_buffer(got), into(last));
    f.poll();
    EXPECT_EQ(f.written().happenings.size(), 1u);
    f.peer.close();
    f.poll();
    EXPECT_TRUE(last.is(error::closed)) << last;
}

TEST(Close, that_was_sent_alone_can_be_waited_for_by_a_close)
{
    open_with_peer<server> f;
    outcome close;
    f.stream.send_close({close_code::normal, {}});
    f.stream.async_close({}, into(close));
    f.poll();
    EXPECT_TRUE(close.pending());
    f.give(f.frames().add(opcode::text, "discarded").close(1000));
    f.poll();
    EXPECT_EQ(f.written().happenings.size(), 1u);
    f.peer.close();
    f.poll();
    EXPECT_TRUE(close.ok()) << close;
}

TEST(Close, by_force_completes_what_is_pending_and_what_follows)
{
    open_with_peer<server> f;
    f.stream.next_layer().plan().capacity = 0;
    outcome read, write, ping, late;
    std::string got;
    f.stream.async_read(asio::dynamic_buffer(got), into(read));
    f.stream.async_write(message_kind::text, asio::buffer("hello", 5), into(write));
    f.stream.async_ping({}, into(ping));
    f.poll();
    f.stream.force_close();
    f.stream.force_close();
    EXPECT_FALSE(f.stream.is_open());
    f.poll();
    for (const outcome* o : {&read, &write, &ping})
        EXPECT_TRUE(o->is(asio::error::operation_aborted)) << *o;
    f.stream.async_read(asio::dynamic_buffer(got), into(late));
    f.poll();
    EXPECT_TRUE(late.is(asio::error::operation_aborted)) << late;
}

TEST(Close, of_both_sides_at_once_converges)
{
    for (const std::size_t chunk : {1u, 3u, 100u}) {
        open_ends f;
        f.c.next_layer().plan().write_sizes = {chunk};
        f.s.next_layer().plan().write_sizes = {chunk};
        outcome c, s;
        f.c.async_close({close_code::normal, "from the client"}, into(c));
        f.s.async_close({close_code::going_away, "from the server"}, into(s));
        f.poll();
        EXPECT_TRUE(c.ok() && s.ok()) << c << s;
        EXPECT_EQ(f.c.peer_close().reason, "from the server");
        EXPECT_EQ(f.s.peer_close().reason, "from the client");
    }
}

TEST(Close, completes_a_read_that_is_active_and_itself)
{
    closing<server> f;
    outcome read, close;
    f.start_read(read);
    f.start_close({}, close);
    f.poll();
    f.give(f.frames().add(opcode::text, "last"));
    f.poll();
    EXPECT_TRUE(read.ok(4)) << "a read that is active goes on";
    EXPECT_TRUE(close.pending());
    read = {};
    f.start_read(read);
    f.give(f.frames().close(1000));
    f.poll();
    EXPECT_TRUE(read.is(error::closed, 0)) << read;
    EXPECT_TRUE(close.ok()) << close;
}

TEST(Close, goes_behind_a_write_that_is_stuck)
{
    for (const std::size_t step : {1u, 5u, 1000u}) {
        closing<client> f;
        f.stream.next_layer().plan().capacity = 3;
        const std::string message(200, 'm');
        outcome write, close, late;
        f.start_write(message, write);
        f.poll();
        f.start_close({close_code::normal, "after it"}, close);
        f.poll();
        f.stream.next_layer().plan().capacity = step;
        while (f.stream.next_layer().plan().capacity != 0 && write.pending()) {
            f.wire();
            f.poll();
        }
        for (int i = 0; i != 50; ++i) {
            f.wire();
            f.poll();
        }
        EXPECT_TRUE(write.ok(200)) << write;
        f.start_write("late", late);
        f.poll();
        EXPECT_TRUE(late.is(error::not_open, 0));
        const auto run = f.written();
        ASSERT_EQ(run.happenings.size(), 2u);
        EXPECT_EQ(text_of(run.happenings[0].payload), message);
        EXPECT_EQ(text_of(run.happenings[1].payload), "after it");
        f.give(f.frames().close(1000));
        f.poll();
        EXPECT_TRUE(close.ok());
    }
}

TEST(Close, stops_a_fragmented_message_at_the_next_frame)
{
    closing<server> f;
    f.stream.auto_fragment(10);
    f.stream.next_layer().plan().capacity = 5;
    outcome write, close;
    const std::string message(100, 'm');
    f.start_write(message, write);
    f.poll();
    f.start_close({}, close);
    for (int i = 0; i != 50; ++i) {
        f.wire();
        f.poll();
    }
    EXPECT_TRUE(write.is(error::not_open, 10)) << write;
    f.give(f.frames().close(1000));
    f.poll();
    EXPECT_TRUE(close.ok());
    const auto run = f.written();
    ASSERT_EQ(run.happenings.size(), 1u) << test::print(run.happenings);
    EXPECT_EQ(run.happenings[0].what, event::type::close);
    EXPECT_EQ(run.happenings[0].settled, f.wire().size());
}

TEST(Close, that_the_peer_begins_lets_a_write_that_is_under_way_end_its_frame)
{
    closing<server> f;
    f.stream.next_layer().plan().capacity = 5;
    const std::string message(50, 'm');
    outcome write, read;
    f.start_write(message, write);
    f.start_read(read);
    f.poll();
    f.give(f.frames().close(1000));
    f.poll();
    for (int i = 0; i != 50; ++i) {
        f.wire();
        f.poll();
    }
    EXPECT_TRUE(write.ok(50)) << write;
    EXPECT_TRUE(read.is(error::closed)) << read;
    const auto run = f.written();
    ASSERT_EQ(run.happenings.size(), 2u);
    EXPECT_EQ(run.happenings[1].code, close_code::normal);
}

TEST(Close, that_may_not_be_sent_is_refused_with_nothing_sent)
{
    closing<server> f;
    const std::string long_reason(124, 'r');
    const std::vector<std::pair<close_reason, error>> refused = {
        {{close_code::abnormal, {}}, error::bad_close_code},
        {{close_code::tls_handshake, {}}, error::bad_close_code},
        {{static_cast<close_code>(0), {}}, error::bad_close_code},
        {{static_cast<close_code>(999), {}}, error::bad_close_code},
        {{static_cast<close_code>(1004), {}}, error::bad_close_code},
        {{static_cast<close_code>(2999), {}}, error::bad_close_code},
        {{static_cast<close_code>(5000), {}}, error::bad_close_code},
        {{close_code::no_status, "a reason without a code"}, error::bad_close_code},
        {{close_code::normal, long_reason}, error::bad_close_reason},
        {{close_code::normal, "\xFF"}, error::bad_close_reason},
        {{close_code::normal, "cut \xE2\x82"}, error::bad_close_reason}};
    for (const auto& [reason, why] : refused) {
        outcome close;
        f.start_close(reason, close);
        EXPECT_TRUE(close.pending());
        f.poll();
        EXPECT_TRUE(close.is(why)) << close;
        EXPECT_TRUE(f.stream.is_open());
    }
    EXPECT_EQ(f.stream.next_layer().operations(), 0u);
    outcome close;
    f.start_close({close_code::normal, std::string_view(long_reason).substr(1)}, close);
    f.poll();
    f.expect_written_close(close_code::normal, std::string_view(long_reason).substr(1));
    f.give(f.frames().close(1000));
    f.poll();
    EXPECT_TRUE(close.ok());
}

TEST(Close, whose_reason_is_gone_after_the_call_sends_it_all_the_same)
{
    closing<server> f;
    outcome close;
    {
        std::string reason = "a reason that is long enough to live on the heap";
        f.start_close({close_code::normal, reason}, close);
        reason.assign(reason.size(), '!');
    }
    f.poll();
    f.expect_written_close(close_code::normal, "a reason that is long enough to live on the heap");
    f.give(f.frames().close(1000));
    f.poll();
}

template <class Stream>
void loses_the_connection(std::string_view what, const test::bytes& before)
{
    SCOPED_TRACE(what);
    closing<Stream> f;
    outcome read;
    f.start_read(read);
    f.give(before);
    f.poll();
    error_code ec;
    f.peer.shutdown(asio::socket_base::shutdown_send, ec);
    f.poll();
    ASSERT_TRUE(read.is(error::connection_lost)) << read;
    ASSERT_EQ(f.stream.peer_close().code, close_code::abnormal);
    ASSERT_EQ(f.wire(), "") << "1006 is never on the wire";
    f.expect_end(error::connection_lost);
}

TEST(Close, is_not_what_the_end_of_the_transport_is)
{
    const auto frame = closing<server>::frames().add(opcode::text, "message").wire();
    for (std::size_t n = 0; n != frame.size(); ++n)
        loses_the_connection<server>(
            "inside a frame", {frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(n)});
    loses_the_connection<client>("between fragments",
                                 closing<client>::frames().add(opcode::text, "m", false).wire());
}

TEST(Close, while_the_transport_ends_is_a_loss)
{
    closing<client> f;
    outcome close;
    f.start_close({}, close);
    f.poll();
    f.peer.close();
    f.poll();
    EXPECT_TRUE(close.is(error::connection_lost)) << close;
    f.expect_end(error::connection_lost);
}

TEST(Close, synchronous_runs_to_the_end)
{
    closing<server> f;
    f.give(f.frames().add(opcode::text, "discarded").close(1000));
    error_code ec = asio::error::fault;
    f.stream.close({close_code::normal, "bye"}, ec);
    EXPECT_FALSE(ec) << ec.message();
    f.expect_written_close(close_code::normal, "bye");
    EXPECT_TRUE(f.transport_ended());
    EXPECT_THROW(f.stream.close(), boost::system::system_error);
}

struct wrong
{
    test::bytes wire;
    error fault;
};

template <class Stream>
void tells_the_peer(const wrong& w)
{
    SCOPED_TRACE(describe(w.fault).sentence);
    for (const bool by_close : {false, true}) {
        closing<Stream> f;
        outcome o;
        if (by_close) {
            f.start_close({close_code::normal, "mine"}, o);
            f.poll();
            f.expect_written_close(close_code::normal, "mine");
        } else {
            f.start_read(o);
        }
        f.give(w.wire);
        f.poll();
        ASSERT_TRUE(o.is(w.fault)) << o;
        ASSERT_EQ(o.ec, condition::protocol_violation);
        if (!by_close)
            f.expect_written_close(describe(w.fault).close);
        ASSERT_TRUE(f.transport_ended());
        f.expect_end(w.fault);
    }
}

TEST(Close, after_a_fault_of_the_peer_is_one_frame_with_the_rules_code)
{
    const auto frames = [] { return closing<server>::frames(); };
    const auto key = test::example_key;
    const wrong all[] = {
        {frames().add(test::frame{.reserved_bits = 0x40}).wire(), error::reserved_bits},
        {frames().add(test::frame{.op = static_cast<opcode>(3)}).wire(), error::reserved_opcode},
        {frames().add(opcode::ping, "x", false).wire(), error::fragmented_control},
        {frames().add(opcode::ping, std::string(126, 'x')).wire(), error::control_too_long},
        {frames().add(test::frame{.form = test::length_form::bits_16}).wire(),
         error::length_not_minimal},
        {frames().add(test::frame{.form = test::length_form::bits_64, .length = 1ULL << 63}).wire(),
         error::length_top_bit},
        {test::wire_writer().add(opcode::text, "x").wire(), error::unmasked_frame},
        {frames().add(opcode::continuation).wire(), error::unexpected_continuation},
        {frames().add(opcode::text, "x", false).add(opcode::text, "y").wire(),
         error::unfinished_message},
        {frames().add(opcode::text, "\xFF").wire(), error::invalid_utf8},
        {frames().add(opcode::close, "1").wire(), error::close_body_of_one_byte},
        {frames().close(1005).wire(), error::invalid_close_code},
        {frames().close(1000, "\xFF").wire(), error::invalid_close_reason}};
    for (const wrong& w : all)
        tells_the_peer<server>(w);
    tells_the_peer<client>(
        {test::wire_writer(key).add(opcode::text, "x").wire(), error::masked_frame});
}

} // namespace
