// Cancelling: each type does to each operation what its documentation says, and no more.
#include <gtest/gtest.h>

#include <string>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using asio::cancellation_type;

constexpr cancellation_type all_types[] = {cancellation_type::terminal, cancellation_type::partial,
                                           cancellation_type::total};

const std::string message = "first and second half";

template <class Stream>
struct cancelled : open_with_peer<Stream>
{
    asio::cancellation_signal stop;
    std::string got;

    auto stoppable(outcome& o) { return asio::bind_cancellation_slot(stop.slot(), into(o)); }

    void start_read(outcome& o)
    {
        this->stream.async_read(asio::dynamic_buffer(got), stoppable(o));
    }
    void start_write(outcome& o)
    {
        this->stream.async_write(message_kind::text, asio::buffer(message), stoppable(o));
    }
    // Nothing more of this stream's goes through, as if the peer read no more.
    void block_writes() { this->stream.next_layer().plan().capacity = 0; }
    void unblock_writes()
    {
        this->stream.next_layer().plan().capacity = test::mock_plan::never;
        this->wire(); // a write that waits tries again when the peer takes something
        this->poll();
    }
    outcome write_again()
    {
        outcome o;
        this->stream.async_write(message_kind::text, asio::buffer("again", 5), into(o));
        this->poll();
        return o;
    }
    std::string all_written() { return test::print(this->written().happenings); }
};

TEST(CancelledRead, that_was_idle_has_lost_nothing)
{
    for (const auto type : all_types) {
        cancelled<server> f;
        outcome first, second;
        f.start_read(first);
        f.poll();
        f.stop.emit(type);
        EXPECT_TRUE(first.pending());
        f.poll();
        EXPECT_TRUE(first.is(asio::error::operation_aborted, 0)) << first;
        EXPECT_TRUE(f.stream.is_open());
        f.give(f.frames().add(opcode::text, message));
        f.start_read(second);
        f.poll();
        EXPECT_TRUE(second.ok(message.size())) << second;
        EXPECT_EQ(f.got, message);
    }
}

template <class Stream>
void loses_nothing_when_cancelled_after(std::size_t cut, std::size_t chunk, cancellation_type type)
{
    cancelled<Stream> f;
    f.stream.next_layer().plan().read_sizes = {chunk};
    const auto wire = f.frames()
                          .add(opcode::text, message.substr(0, 5), false)
                          .add(opcode::ping, "p")
                          .add(opcode::continuation, message.substr(5))
                          .wire();
    const auto all = as_buffer(wire);
    f.give(asio::buffer(all, cut));
    outcome first, second;
    f.start_read(first);
    f.poll();
    ASSERT_TRUE(first.pending());
    f.stop.emit(type);
    f.poll();
    ASSERT_TRUE(first.is(asio::error::operation_aborted)) << first;
    ASSERT_EQ(f.got, message.substr(0, first.bytes));
    f.give(all + cut);
    f.start_read(second);
    f.poll();
    ASSERT_TRUE(second.ok(message.size() - first.bytes)) << second;
    ASSERT_EQ(f.got, message);
    ASSERT_EQ(f.written().happenings.size(), 1u);
}

TEST(CancelledRead, within_a_message_goes_on_where_it_stopped)
{
    const std::size_t size = cancelled<client>::frames()
                                 .add(opcode::text, message, false)
                                 .add(opcode::ping, "p")
                                 .add(opcode::continuation)
                                 .wire()
                                 .size();
    for (const auto type : all_types)
        for (std::size_t chunk : {1u, 4u, 100u})
            for (std::size_t cut = 0; cut < size; ++cut) {
                loses_nothing_when_cancelled_after<server>(cut, chunk, type);
                loses_nothing_when_cancelled_after<client>(cut, chunk, type);
                if (testing::Test::HasFatalFailure())
                    FAIL() << "cut " << cut << ", chunks of " << chunk;
            }
}

TEST(CancelledRead, is_cancelled_also_between_two_reads_of_the_layer)
{
    for (const auto type : all_types) {
        cancelled<server> f;
        outcome o;
        f.start_read(o);
        f.poll();
        const auto wire = f.frames().add(opcode::text, message).wire();
        f.give(asio::buffer(as_buffer(wire), 3)); // the layer's read has completed, and is queued
        f.stop.emit(type);
        f.poll();
        EXPECT_TRUE(o.is(asio::error::operation_aborted, 0)) << o;
        f.give(as_buffer(wire) + 3);
        outcome second;
        f.start_read(second);
        f.poll();
        EXPECT_TRUE(second.ok(message.size())) << second;
    }
}

TEST(CancelledRead, that_has_its_message_completes_with_it)
{
    cancelled<server> f;
    outcome o;
    f.start_read(o);
    f.poll();
    f.give(f.frames().add(opcode::text, message));
    f.stop.emit(cancellation_type::total);
    f.poll();
    EXPECT_TRUE(o.ok(message.size()));
}

TEST(CancelledWrite, that_waited_for_its_turn_has_sent_nothing)
{
    for (const auto type : all_types) {
        cancelled<server> f;
        f.block_writes();
        outcome ping, write;
        f.stream.async_ping(asio::buffer("p", 1), into(ping));
        f.start_write(write);
        f.poll();
        EXPECT_TRUE(ping.pending() && write.pending());
        f.stop.emit(type);
        f.poll();
        EXPECT_TRUE(write.is(asio::error::operation_aborted, 0)) << write;
        EXPECT_TRUE(ping.pending() && f.stream.is_open());
        f.unblock_writes();
        EXPECT_TRUE(ping.ok());
        EXPECT_TRUE(f.write_again().ok(5));
        const auto run = f.written();
        ASSERT_EQ(run.happenings.size(), 2u);
        EXPECT_EQ(text_of(run.happenings[1].payload), "again");
    }
}

TEST(CancelledWrite, is_cancelled_also_when_its_turn_has_just_come)
{
    cancelled<server> f;
    f.block_writes();
    outcome ping, write;
    f.stream.async_ping({}, into(ping));
    f.start_write(write);
    f.poll();
    f.stream.next_layer().plan().capacity = 2;
    f.peer.take();
    // One handler: the ping's, which passes the lane on.
    f.io.restart();
    f.io.poll_one();
    f.stop.emit(cancellation_type::total);
    f.poll();
    EXPECT_TRUE(write.is(asio::error::operation_aborted, 0)) << write;
    f.unblock_writes();
    EXPECT_TRUE(f.write_again().ok(5));
}

template <class Stream>
void is_unharmed_before_the_first_byte(cancellation_type type)
{
    cancelled<Stream> f;
    f.block_writes();
    outcome write;
    f.start_write(write);
    f.poll();
    f.stop.emit(type);
    f.poll();
    // The layer may have begun to send it: only `terminal` stops that.
    const bool sent = type != cancellation_type::terminal;
    EXPECT_TRUE(sent ? write.pending() : write.is(asio::error::operation_aborted, 0)) << write;
    EXPECT_TRUE(f.stream.is_open());
    f.unblock_writes();
    EXPECT_EQ(write.ok(message.size()), sent);
    EXPECT_TRUE(f.write_again().ok(5));
    const auto run = f.written();
    ASSERT_EQ(run.happenings.size(), sent ? 2u : 1u) << f.all_written();
    EXPECT_EQ(text_of(run.happenings.back().payload), "again");
    EXPECT_EQ(run.happenings.back().settled, f.wire().size());
}

TEST(CancelledWrite, of_which_nothing_has_left_harms_nothing)
{
    for (const auto type : all_types) {
        is_unharmed_before_the_first_byte<server>(type);
        is_unharmed_before_the_first_byte<client>(type);
    }
}

template <class Stream>
void is_cut_after(std::size_t left)
{
    cancelled<Stream> f;
    f.stream.next_layer().plan().capacity = left;
    outcome write;
    f.start_write(write);
    f.poll();
    f.stop.emit(cancellation_type::terminal);
    f.poll();
    const std::size_t head = Stream::policies::role::is_client ? 6 : 2;
    ASSERT_TRUE(write.is(error::write_cut, left - std::min(left, head))) << write;
    ASSERT_FALSE(f.stream.is_open());
    f.unblock_writes();
    ASSERT_TRUE(f.write_again().is(error::write_cut, 0));
    ASSERT_EQ(f.wire().size(), left) << "nothing follows a frame that was cut";
}

TEST(CancelledWrite, within_a_frame_ends_the_stream_and_says_so)
{
    for (std::size_t left = 1; left < message.size() + 2; ++left) {
        is_cut_after<server>(left);
        is_cut_after<client>(left);
    }
}

TEST(CancelledWrite, between_two_frames_of_one_message_ends_the_stream_as_well)
{
    cancelled<server> f;
    f.stream.auto_fragment(5);
    f.stream.next_layer().plan().capacity = 7; // the first frame
    outcome write;
    f.start_write(write);
    f.poll();
    f.stop.emit(cancellation_type::terminal);
    f.poll();
    EXPECT_TRUE(write.is(error::write_cut, 5)) << write;
    EXPECT_FALSE(f.stream.is_open());
}

TEST(CancelledPing, that_waited_is_withdrawn)
{
    for (const auto type : all_types) {
        cancelled<client> f;
        f.block_writes();
        outcome write, ping, second;
        f.stream.async_write(message_kind::text, asio::buffer(message), into(write));
        f.stream.async_ping(asio::buffer("no", 2), f.stoppable(ping));
        f.stream.async_pong(asio::buffer("yes", 3), into(second));
        f.poll();
        f.stop.emit(type);
        f.poll();
        EXPECT_TRUE(ping.is(asio::error::operation_aborted)) << ping;
        f.unblock_writes();
        EXPECT_TRUE(write.ok(message.size()));
        EXPECT_TRUE(second.ok());
        const auto run = f.written();
        ASSERT_EQ(run.happenings.size(), 2u) << f.all_written();
        EXPECT_EQ(text_of(run.happenings[1].payload), "yes");
    }
}

TEST(CancelledPing, of_which_nothing_has_left_is_withdrawn)
{
    cancelled<client> f;
    f.block_writes();
    outcome ping;
    f.stream.async_ping(asio::buffer("no", 2), f.stoppable(ping));
    f.poll();
    f.stop.emit(cancellation_type::terminal);
    f.poll();
    EXPECT_TRUE(ping.is(asio::error::operation_aborted)) << ping;
    EXPECT_TRUE(f.stream.is_open());
    f.unblock_writes();
    EXPECT_TRUE(f.write_again().ok(5));
    EXPECT_EQ(f.written().happenings.size(), 1u) << f.all_written();
}

TEST(CancelledPing, within_its_frame_ends_the_stream)
{
    cancelled<server> f;
    f.stream.next_layer().plan().capacity = 1;
    outcome ping;
    f.stream.async_ping(asio::buffer("no", 2), f.stoppable(ping));
    f.poll();
    f.stop.emit(cancellation_type::terminal);
    f.poll();
    EXPECT_TRUE(ping.is(error::write_cut)) << ping;
    EXPECT_FALSE(f.stream.is_open());
}

TEST(CancelledClose, that_waits_for_the_peer_can_be_taken_up_again)
{
    for (const auto type : all_types) {
        cancelled<client> f;
        outcome close, again;
        f.stream.async_close({close_code::going_away, "bye"}, f.stoppable(close));
        f.poll();
        f.stop.emit(type);
        f.poll();
        EXPECT_TRUE(close.is(asio::error::operation_aborted)) << close;
        EXPECT_FALSE(f.stream.is_open());
        EXPECT_TRUE(f.write_again().is(error::not_open, 0));
        f.stream.async_close({}, into(again));
        f.poll();
        EXPECT_TRUE(again.pending());
        f.give(f.frames().close(1001));
        f.poll();
        EXPECT_TRUE(again.ok()) << again;
        const auto run = f.written();
        ASSERT_EQ(run.happenings.size(), 1u);
        EXPECT_EQ(run.happenings[0].code, close_code::going_away);
    }
}

// What a read would get behind it could be the end of a message whose beginning is lost.
TEST(CancelledClose, that_has_discarded_something_leaves_nothing_to_read)
{
    for (const bool discards : {true, false}) {
        cancelled<client> f;
        outcome close, read, again;
        if (discards)
            f.give(f.frames().add(opcode::text, "half ", false));
        f.stream.async_close({}, f.stoppable(close));
        f.poll();
        f.stop.emit(cancellation_type::terminal);
        f.poll();
        EXPECT_TRUE(close.is(asio::error::operation_aborted)) << close;
        f.give(f.frames().add(discards ? opcode::continuation : opcode::text, "rest"));
        f.stream.async_read(asio::dynamic_buffer(f.got), into(read));
        f.poll();
        EXPECT_TRUE(discards ? read.is(error::not_open) : read.ok(4)) << read;
        EXPECT_EQ(f.got, discards ? "" : "rest");
        f.stream.async_close({}, into(again));
        f.give(f.frames().close(1000));
        f.poll();
        EXPECT_TRUE(again.ok()) << again;
    }
}

TEST(CancelledClose, that_waits_for_its_turn_leaves_its_frame_to_whoever_writes)
{
    for (const auto type : all_types) {
        cancelled<server> f;
        f.block_writes();
        outcome write, close;
        f.stream.async_write(message_kind::text, asio::buffer(message), into(write));
        f.stream.async_close({close_code::normal, "x"}, f.stoppable(close));
        f.poll();
        f.stop.emit(type);
        f.poll();
        EXPECT_TRUE(close.is(asio::error::operation_aborted)) << close;
        f.unblock_writes();
        EXPECT_TRUE(write.ok(message.size())) << write;
        const auto run = f.written();
        ASSERT_EQ(run.happenings.size(), 2u) << f.all_written();
        EXPECT_EQ(run.happenings[1].what, event::type::close);
    }
}

} // namespace
