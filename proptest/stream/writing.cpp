// What becomes of writes while others are active, by the policies that let them wait.
#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using keys = key_source::fixed<0x37fa213d>;
template <class Role>
using queues = basic_ws_stream<mock, Role, timing::none, keys, writing::queued<100>>;
template <class Role>
using corks = basic_ws_stream<mock, Role, timing::none, keys, writing::corked<100>>;

template <class Stream>
struct writers : open_with_peer<Stream>
{
    std::deque<std::string> messages;
    std::deque<outcome> done;

    outcome& write(std::string message, message_kind kind = message_kind::text)
    {
        const auto& kept = messages.emplace_back(std::move(message));
        outcome& o = done.emplace_back();
        this->stream.async_write(kind, asio::buffer(kept), into(o));
        return o;
    }

    void block() { this->stream.next_layer().plan().capacity = 0; }
    void unblock()
    {
        this->stream.next_layer().plan().capacity = test::mock_plan::never;
        (void)this->wire();
        this->poll();
    }

    std::vector<std::string> said()
    {
        std::vector<std::string> all;
        for (const auto& h : this->written().happenings)
            all.push_back((h.what == event::type::message ? ""
                           : h.what == event::type::close ? "close "
                           : h.op == opcode::ping         ? "ping "
                                                          : "? ") +
                          text_of(h.payload));
        return all;
    }
};

using strings = std::vector<std::string>;

template <class Role>
void all_leave_in_order_and_in_one_write()
{
    writers<queues<Role>> f;
    auto& layer = f.stream.next_layer();
    f.block();
    const auto& first = f.write("first");
    f.poll();
    for (const char* m : {"a", "b", "", "c"})
        f.write(m);
    f.poll();
    for (const outcome& o : f.done)
        EXPECT_TRUE(o.pending());
    const std::size_t before = layer.operations();
    f.unblock();
    EXPECT_EQ(layer.operations() - before, 1u) << "all that waited";
    EXPECT_EQ(f.said(), (strings{"first", "a", "b", "", "c"}));
    EXPECT_TRUE(first.ok(5));
    for (std::size_t i = 0; i != f.done.size(); ++i)
        EXPECT_TRUE(f.done[i].ok(f.messages[i].size())) << f.done[i];
}

TEST(Queued, writes_leave_in_order_and_in_one_write)
{
    all_leave_in_order_and_in_one_write<role::server>();
    all_leave_in_order_and_in_one_write<role::client>();
}

template <class Stream>
void fragments_what_waits()
{
    writers<Stream> f;
    f.stream.auto_fragment(3);
    f.block();
    f.write("first");
    f.poll();
    f.write("12345678");
    f.write("");
    f.unblock();
    for (std::size_t i = 0; i != f.done.size(); ++i)
        EXPECT_TRUE(f.done[i].ok(f.messages[i].size())) << f.done[i];
    EXPECT_EQ(f.said(), (strings{"first", "12345678", ""}));
    std::vector<std::uint64_t> sizes;
    for (const auto& frame : f.written().frames)
        sizes.push_back(frame.size);
    EXPECT_EQ(sizes, (std::vector<std::uint64_t>{3, 2, 3, 3, 2, 0}));
}

TEST(Queued, messages_that_wait_are_fragmented_too)
{
    fragments_what_waits<queues<role::server>>();
    fragments_what_waits<queues<role::client>>();
}

TEST(Queued, a_write_beyond_the_limit_fails_and_harms_nothing)
{
    writers<queues<role::server>> f;
    f.block();
    f.write("first");
    f.write(std::string(40, 'x'));
    auto& too_much = f.write(std::string(45, 'y'));
    auto& fits = f.write(std::string(10, 'z'));
    f.poll();
    EXPECT_TRUE(too_much.is(error::write_queue_full, 0)) << too_much;
    EXPECT_EQ(too_much.ec, condition::misuse);
    f.unblock();
    EXPECT_TRUE(fits.ok(10));
    EXPECT_EQ(f.said(), (strings{"first", std::string(40, 'x'), std::string(10, 'z')}));
    auto& large = f.write(std::string(100'000, 'l'));
    f.poll();
    EXPECT_TRUE(large.ok(100'000)) << "nothing is under way";
}

TEST(Queued, control_frames_leave_first_and_a_close_last)
{
    writers<queues<role::server>> f;
    f.block();
    f.write("first");
    f.write("second");
    outcome ping, close, late;
    f.stream.async_ping(asio::buffer("p", 1), into(ping));
    f.stream.async_send_close({}, into(close));
    f.stream.async_write(message_kind::text, asio::buffer("late", 4), into(late));
    f.poll();
    EXPECT_TRUE(late.is(error::not_open, 0)) << late;
    f.unblock();
    EXPECT_EQ(f.said(), (strings{"first", "ping p", "second", "close "}));
    EXPECT_TRUE(ping.ok() && close.ok() && f.done[1].ok(6));
}

TEST(Queued, cancelling_takes_back_what_waits_and_cuts_nothing)
{
    writers<queues<role::client>> f;
    asio::cancellation_signal signals[3];
    f.block();
    f.write("first");
    f.poll();
    const std::string texts[] = {"a", "b", "c"};
    outcome done[3];
    for (std::size_t i = 0; i != 3; ++i)
        f.stream.async_write(message_kind::text, asio::buffer(texts[i]),
                             asio::bind_cancellation_slot(signals[i].slot(), into(done[i])));
    signals[1].emit(asio::cancellation_type::terminal);
    f.poll();
    EXPECT_TRUE(done[1].is(asio::error::operation_aborted, 0)) << done[1];
    // Five bytes of the batch leave: the first of the two has begun.
    f.stream.next_layer().plan().capacity = 11 + 5;
    (void)f.wire();
    f.poll();
    signals[0].emit(asio::cancellation_type::terminal);
    signals[2].emit(asio::cancellation_type::total);
    f.poll();
    EXPECT_TRUE(done[0].pending());
    f.unblock();
    EXPECT_TRUE(done[0].ok(1)) << "it was too late";
    EXPECT_TRUE(f.stream.is_open());
    EXPECT_EQ(f.said().front(), "first");
    EXPECT_EQ(f.said().size(), done[2].ok() ? 3u : 2u);
}

TEST(Queued, parts_of_a_message_follow_each_other)
{
    writers<queues<role::client>> f;
    f.block();
    f.write("first");
    outcome a, b, c;
    const std::string one = "\xE2\x82", two = "\xAC", wrong = "\xFF";
    f.stream.async_write_some(false, message_kind::text, asio::buffer(one), into(a));
    f.stream.async_write_some(false, message_kind::text, asio::buffer(wrong), into(b));
    f.stream.async_write(message_kind::binary, asio::buffer(two), into(c));
    f.poll();
    EXPECT_TRUE(b.is(error::text_not_utf8)) << b;
    f.unblock();
    EXPECT_EQ(f.said(), (strings{"first", "\xE2\x82\xAC"}));
    EXPECT_TRUE(a.ok(2) && c.ok(1)) << a << c;
}

TEST(Queued, what_waits_is_told_the_failure)
{
    writers<queues<role::server>> f;
    f.block();
    for (const char* m : {"a", "b", "c"})
        f.write(m);
    f.poll();
    f.stream.next_layer().plan().fail_at = 0;
    f.unblock();
    for (const outcome& o : f.done)
        EXPECT_TRUE(o.is(asio::error::connection_reset) || o.ok()) << o;
    EXPECT_TRUE(f.done.back().is(asio::error::connection_reset, 0)) << f.done.back();
}

// An echo that reads as soon as it has written.
template <class Stream>
struct echo
{
    explicit echo(Stream& s) : stream(s) { read(); }

    void read()
    {
        message.clear();
        stream.async_read(buffer.emplace(asio::dynamic_buffer(message)),
                          [this](error_code ec, std::size_t) {
                              if (!ec)
                                  write();
                          });
    }
    void write()
    {
        stream.async_write(message_kind::text, asio::buffer(message),
                           [this](error_code ec, std::size_t) {
                               if (!ec)
                                   read();
                           });
    }

    Stream& stream;
    std::string message;
    std::optional<asio::dynamic_string_buffer<char, std::char_traits<char>, std::allocator<char>>>
        buffer;
};

template <class Role>
void answers_of_one_read_leave_in_one_write()
{
    writers<corks<Role>> f;
    echo<corks<Role>> e(f.stream);
    f.poll();
    auto frames = f.frames();
    for (const char* m : {"1", "2", "3", "4", "5", "6", "7", "8"})
        frames.add(opcode::text, m);
    frames.add(opcode::ping, "p");
    const std::size_t before = f.stream.next_layer().operations();
    f.give(frames);
    f.poll();
    auto said = f.said();
    std::erase(said, "? p"); // the pong, which any write takes along
    EXPECT_EQ(said, (strings{"1", "2", "3", "4", "5", "6", "7", "8"}));
    EXPECT_LE(f.stream.next_layer().operations() - before, 3u) << "a read, a write, and a pong's";
}

TEST(Corked, the_answers_to_what_one_read_has_brought_leave_in_one_write)
{
    answers_of_one_read_leave_in_one_write<role::server>();
    answers_of_one_read_leave_in_one_write<role::client>();
}

TEST(Corked, messages_are_fragmented_too)
{
    fragments_what_waits<corks<role::server>>();
    fragments_what_waits<corks<role::client>>();
}

TEST(Corked, a_write_from_anywhere_leaves_by_itself)
{
    writers<corks<role::server>> f;
    auto& o = f.write("hello");
    EXPECT_TRUE(o.pending()) << "not inside its initiating function";
    f.poll();
    EXPECT_TRUE(o.ok(5));
    EXPECT_EQ(f.said(), strings{"hello"});
    error_code ec;
    EXPECT_EQ(f.stream.write(message_kind::text, asio::buffer("sync", 4), ec), 4u);
    EXPECT_EQ(f.said(), (strings{"hello", "sync"}));
}

TEST(Corked, a_message_without_room_waits_and_leaves_in_its_turn)
{
    writers<corks<role::client>> f;
    f.block();
    auto& small = f.write("small");
    f.poll();
    EXPECT_TRUE(small.ok(5)) << "it was copied";
    auto& large = f.write(std::string(1000, 'l'));
    f.poll();
    auto& third = f.write("third");
    f.poll();
    EXPECT_TRUE(large.pending());
    EXPECT_TRUE(third.is(error::operation_in_progress));
    f.unblock();
    EXPECT_TRUE(large.ok(1000));
    EXPECT_EQ(f.said(), (strings{"small", std::string(1000, 'l')}));
}

TEST(Corked, a_message_that_is_larger_than_all_that_may_wait_leaves_at_once)
{
    writers<corks<role::server>> f;
    const outcome& done = f.write(std::string(101, 'm'));
    f.poll();
    EXPECT_TRUE(done.ok(101)) << done;
    EXPECT_EQ(f.said(), strings{std::string(101, 'm')});
}

TEST(Corked, holds_back_a_writer_whose_peer_takes_nothing)
{
    writers<corks<role::server>> f;
    f.block();
    int accepted = 0;
    while (accepted != 100 && f.write("twenty bytes of text").pending()) {
        f.poll();
        accepted += f.done.back().ok() ? 1 : 0;
        if (f.done.back().pending())
            break;
    }
    EXPECT_LE(accepted, 4) << "as many as fit";
    f.unblock();
    EXPECT_EQ(f.said().size(), static_cast<std::size_t>(accepted) + 1);
}

TEST(Corked, a_close_leaves_behind_what_was_written_before)
{
    writers<corks<role::server>> f;
    f.block();
    f.write("before");
    outcome close;
    f.stream.async_close({}, into(close));
    auto& after = f.write("after");
    f.poll();
    EXPECT_TRUE(after.is(error::not_open)) << after;
    f.give(f.frames().close(1000));
    f.unblock();
    EXPECT_TRUE(close.ok()) << close;
    EXPECT_EQ(f.said(), (strings{"before", "close "}));
}

TEST(Corked, later_operations_are_told_that_it_could_not_be_sent)
{
    writers<corks<role::server>> f;
    f.stream.next_layer().plan().fail_at = 0;
    auto& lost = f.write("lost");
    f.poll();
    EXPECT_TRUE(lost.ok(4));
    auto& next = f.write("next");
    f.poll();
    EXPECT_TRUE(next.is(asio::error::connection_reset, 0)) << next;
    EXPECT_FALSE(f.stream.is_open());
}

} // namespace
