// The mock keeps the promises of its comments: the other tests of the stream rest on them.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <weft/test/mock_stream.hpp>

#include <stream/outcome.hpp>

namespace {

namespace asio = boost::asio;
using weft::error_code;
using weft::proptest::into;
using weft::proptest::outcome;
using mock = weft::test::basic_mock_stream<asio::io_context::executor_type>;

struct MockStream : testing::Test
{
    asio::io_context io{1};
    std::pair<mock, mock> ends = weft::test::connect_pair(io.get_executor());
    mock& a = ends.first;
    mock& b = ends.second;
    std::string room = std::string(64, '\0');

    void poll()
    {
        io.restart();
        io.poll();
    }

    std::size_t write(mock& to, std::string_view bytes, error_code& ec)
    {
        return to.write_some(asio::buffer(bytes), ec);
    }
    std::size_t write(mock& to, std::string_view bytes)
    {
        error_code ec;
        const std::size_t n = write(to, bytes, ec);
        EXPECT_FALSE(ec) << ec.message();
        return n;
    }
    std::string read(mock& from, error_code& ec)
    {
        return room.substr(0, from.read_some(asio::buffer(room), ec));
    }
    std::string read(mock& from)
    {
        error_code ec;
        std::string got = read(from, ec);
        EXPECT_FALSE(ec) << ec.message();
        return got;
    }
    void start_read(mock& from, outcome& o) { from.async_read_some(asio::buffer(room), into(o)); }
    void start_write(mock& to, std::string_view bytes, outcome& o)
    {
        to.async_write_some(asio::buffer(bytes), into(o));
    }
};

TEST_F(MockStream, what_one_end_writes_the_other_reads_in_both_directions)
{
    EXPECT_EQ(write(a, "hello"), 5u);
    EXPECT_EQ(write(b, "world!"), 6u);
    EXPECT_EQ(read(b), "hello");
    EXPECT_EQ(read(a), "world!");
}

TEST_F(MockStream, many_buffers_are_one_stretch)
{
    std::string one("ab"), none, two("cde");
    const std::vector<asio::const_buffer> from{asio::buffer(none), asio::buffer(one),
                                               asio::buffer(none), asio::buffer(two)};
    error_code ec;
    EXPECT_EQ(a.write_some(from, ec), 5u);
    std::string x(1, '.'), y(3, '.'), z(9, '.');
    const std::vector<asio::mutable_buffer> to{asio::buffer(x), asio::buffer(none), asio::buffer(y),
                                               asio::buffer(z)};
    EXPECT_EQ(b.read_some(to, ec), 5u);
    EXPECT_EQ(x + y + z.substr(0, 1), "abcde");
}

TEST_F(MockStream, the_sizes_of_the_plan_are_used_in_turn_and_over_again)
{
    a.plan().write_sizes = {1, 3};
    EXPECT_EQ(write(a, "abcdefgh"), 1u);
    EXPECT_EQ(write(a, "bcdefgh"), 3u);
    EXPECT_EQ(write(a, "efgh"), 1u);
    EXPECT_EQ(write(a, "fgh"), 3u);
    b.plan().read_sizes = {2, 5};
    EXPECT_EQ(read(b), "ab");
    EXPECT_EQ(read(b), "cdefg");
    EXPECT_EQ(read(b), "h");
}

TEST_F(MockStream, a_read_waits_for_bytes_and_completes_through_the_executor)
{
    outcome got;
    start_read(b, got);
    poll();
    EXPECT_TRUE(got.pending());
    write(a, "xyz");
    EXPECT_TRUE(got.pending()) << "a completion ran inside the other end's write";
    poll();
    EXPECT_TRUE(got.ok(3)) << got;
    EXPECT_EQ(room.substr(0, 3), "xyz");
}

TEST_F(MockStream, no_operation_completes_inside_its_initiating_function)
{
    outcome wrote, got;
    start_write(a, "q", wrote);
    EXPECT_TRUE(wrote.pending());
    start_read(b, got);
    EXPECT_TRUE(got.pending());
    poll();
    EXPECT_TRUE(wrote.ok(1) && got.ok(1));
}

TEST_F(MockStream, empty_buffers_complete_at_once_with_nothing)
{
    outcome wrote, got;
    start_write(a, "", wrote);
    b.async_read_some(asio::mutable_buffer(), into(got));
    poll();
    EXPECT_TRUE(wrote.ok(0) && got.ok(0));
}

TEST_F(MockStream, a_write_beyond_the_capacity_is_short_and_then_waits_for_the_reader)
{
    a.plan().capacity = 4;
    EXPECT_EQ(write(a, "abcdef"), 4u);
    outcome wrote;
    start_write(a, "efgh", wrote);
    poll();
    EXPECT_TRUE(wrote.pending());
    b.plan().read_sizes = {1};
    EXPECT_EQ(read(b), "a");
    poll();
    EXPECT_TRUE(wrote.ok(1)) << wrote;
    EXPECT_EQ(b.take(), "bcde");
}

TEST_F(MockStream, taking_the_bytes_lets_a_waiting_write_go_on)
{
    a.plan().capacity = 2;
    write(a, "ab");
    outcome wrote;
    start_write(a, "cdef", wrote);
    EXPECT_EQ(b.take(), "ab");
    poll();
    EXPECT_TRUE(wrote.ok(2));
    EXPECT_EQ(b.take(), "cd");
    EXPECT_EQ(b.take(), "");
}

TEST_F(MockStream, what_would_have_to_wait_fails_synchronously)
{
    error_code ec;
    EXPECT_EQ(read(b, ec), "");
    EXPECT_EQ(ec, asio::error::would_block);
    a.plan().capacity = 0;
    EXPECT_EQ(write(a, "x", ec), 0u);
    EXPECT_EQ(ec, asio::error::would_block);
}

TEST_F(MockStream, the_operation_fail_at_and_all_after_it_fail)
{
    const error_code errors[] = {asio::error::connection_reset, asio::error::eof,
                                 asio::error::broken_pipe};
    for (std::size_t n = 0; n != 8; ++n) {
        const auto pair = weft::test::connect_pair(io.get_executor());
        mock own = std::move(const_cast<mock&>(pair.first));
        mock peer = std::move(const_cast<mock&>(pair.second));
        own.plan().fail_at = n;
        own.plan().fail_with = errors[n % 3];
        write(peer, std::string(60, 'x'));
        peer.plan().write_sizes = {1};
        own.plan().read_sizes = {1};
        for (std::size_t i = 0; i != 8; ++i) {
            outcome o;
            error_code& ec = o.ec;
            switch (i % 4) {
            case 0:
                read(own, ec);
                break;
            case 1:
                write(own, "y", ec);
                break;
            case 2:
                start_read(own, o);
                break;
            case 3:
                start_write(own, "y", o);
                break;
            }
            poll();
            EXPECT_EQ(o.ec, i < n ? error_code() : errors[n % 3]) << n << " " << i;
            EXPECT_EQ(o.calls, i % 4 / 2);
        }
        EXPECT_EQ(own.operations(), 8u);
    }
}

TEST_F(MockStream, operations_are_counted_when_they_start)
{
    error_code ec;
    read(a, ec);
    write(a, "x", ec);
    write(a, "x", ec);
    outcome o;
    start_read(a, o);
    EXPECT_EQ(a.reads(), 2u);
    EXPECT_EQ(a.writes(), 2u);
    EXPECT_EQ(a.operations(), 4u);
    EXPECT_EQ(b.operations(), 0u);
    a.close();
    poll();
}

TEST_F(MockStream, after_a_shutdown_the_other_end_reads_what_is_on_its_way_then_the_end)
{
    write(a, "last");
    error_code ec;
    a.shutdown(asio::socket_base::shutdown_send, ec);
    EXPECT_EQ(write(a, "x", ec), 0u);
    EXPECT_EQ(ec, asio::error::broken_pipe);
    EXPECT_EQ(read(b), "last");
    EXPECT_EQ(read(b, ec), "");
    EXPECT_EQ(ec, asio::error::eof);
    EXPECT_EQ(write(b, "still"), 5u) << "the other direction is open";
    EXPECT_EQ(read(a), "still");
}

TEST_F(MockStream, a_shutdown_of_receiving_changes_nothing)
{
    error_code ec;
    a.shutdown(asio::socket_base::shutdown_receive, ec);
    EXPECT_EQ(write(a, "x"), 1u);
    EXPECT_EQ(read(b), "x");
}

TEST_F(MockStream, a_shutdown_ends_a_read_that_waits)
{
    outcome got;
    start_read(b, got);
    error_code ec;
    a.shutdown(asio::socket_base::shutdown_both, ec);
    poll();
    EXPECT_TRUE(got.is(asio::error::eof, 0));
}

TEST_F(MockStream, closing_aborts_what_is_pending_and_the_other_end_comes_to_the_end)
{
    a.plan().capacity = 3;
    write(a, "abc");
    outcome a_reads, a_writes;
    start_read(a, a_reads);
    start_write(a, "def", a_writes);
    a.close();
    EXPECT_TRUE(a_reads.pending() && a_writes.pending());
    poll();
    EXPECT_TRUE(a_reads.is(asio::error::operation_aborted, 0));
    EXPECT_TRUE(a_writes.is(asio::error::operation_aborted, 0));
    EXPECT_EQ(read(b), "abc");
    error_code ec;
    read(b, ec);
    EXPECT_EQ(ec, asio::error::eof);
    write(b, "x", ec);
    EXPECT_EQ(ec, asio::error::broken_pipe);
    read(a, ec);
    EXPECT_EQ(ec, asio::error::bad_descriptor);
    write(a, "x", ec);
    EXPECT_EQ(ec, asio::error::bad_descriptor);
}

TEST_F(MockStream, closing_frees_a_write_of_the_other_end_from_waiting)
{
    b.plan().capacity = 1;
    write(b, "x");
    outcome wrote;
    start_write(b, "y", wrote);
    a.close();
    poll();
    EXPECT_TRUE(wrote.is(asio::error::broken_pipe, 0)) << wrote;
}

TEST_F(MockStream, destroying_an_end_closes_it)
{
    outcome b_reads;
    start_read(b, b_reads);
    outcome gone_reads;
    {
        mock gone = std::move(a);
        start_read(gone, gone_reads);
    }
    poll();
    EXPECT_TRUE(b_reads.is(asio::error::eof));
    EXPECT_TRUE(gone_reads.is(asio::error::operation_aborted));
}

TEST_F(MockStream, moving_an_end_keeps_what_is_pending)
{
    outcome got;
    start_read(b, got);
    mock moved = std::move(b);
    write(a, "x");
    poll();
    EXPECT_TRUE(got.ok(1));
}

TEST_F(MockStream, assigning_to_an_end_closes_what_it_was)
{
    outcome got;
    start_read(b, got);
    a = std::move(weft::test::connect_pair(io.get_executor()).first);
    poll();
    EXPECT_TRUE(got.is(asio::error::eof)) << got;
}

TEST_F(MockStream, any_type_of_cancellation_aborts_what_waits_and_takes_no_bytes)
{
    for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        asio::cancellation_signal stop;
        outcome got;
        b.async_read_some(asio::buffer(room), asio::bind_cancellation_slot(stop.slot(), into(got)));
        stop.emit(asio::cancellation_type::none);
        poll();
        EXPECT_TRUE(got.pending());
        stop.emit(type);
        EXPECT_TRUE(got.pending());
        poll();
        EXPECT_TRUE(got.is(asio::error::operation_aborted, 0));
        write(a, "kept");
        EXPECT_EQ(read(b), "kept");

        a.plan().capacity = 0;
        outcome wrote;
        a.async_write_some(asio::buffer("never", 5),
                           asio::bind_cancellation_slot(stop.slot(), into(wrote)));
        stop.emit(type);
        poll();
        EXPECT_TRUE(wrote.is(asio::error::operation_aborted, 0));
        a.plan().capacity = weft::test::mock_plan::never;
        EXPECT_EQ(b.take(), "");
    }
}

TEST_F(MockStream, a_cancellation_after_the_operation_has_ended_does_nothing)
{
    asio::cancellation_signal stop;
    outcome got;
    b.async_read_some(asio::buffer(room), asio::bind_cancellation_slot(stop.slot(), into(got)));
    write(a, "x");
    stop.emit(asio::cancellation_type::all);
    poll();
    EXPECT_TRUE(got.ok(1)) << got;
}

TEST_F(MockStream, what_waits_keeps_the_event_loop_at_work)
{
    outcome got;
    start_read(b, got);
    io.restart();
    EXPECT_EQ(io.poll(), 0u);
    EXPECT_FALSE(io.stopped());
    write(a, "x");
    EXPECT_EQ(io.run(), 1u);
    EXPECT_TRUE(io.stopped());
}

using MockStreamDeathTest = MockStream;

TEST_F(MockStreamDeathTest, a_second_read_ends_the_program)
{
    outcome o;
    start_read(a, o);
    EXPECT_DEATH(start_read(a, o), "a read began while another was pending");
    a.close();
    poll();
}

TEST_F(MockStreamDeathTest, a_second_write_ends_the_program)
{
    a.plan().capacity = 0;
    outcome o;
    start_write(a, "x", o);
    EXPECT_DEATH(start_write(a, "x", o), "a write began while another was pending");
    a.close();
    poll();
}

} // namespace
