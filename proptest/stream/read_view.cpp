// Views of the stream's own memory: the same messages without a copy, valid for as long as it says.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using peer_of_server = open_with_peer<server>;
using peer_of_client = open_with_peer<client>;

std::string_view text_in(asio::const_buffer view)
{
    return {static_cast<const char*>(view.data()), view.size()};
}

/// What became of a view: its bytes are copied while the handler runs.
struct shown
{
    int calls = 0;
    error_code ec{};
    std::string bytes{};
    asio::const_buffer view{};

    auto handler()
    {
        return [this](error_code e, asio::const_buffer v) {
            ++calls;
            ec = e;
            bytes = text_in(v);
            view = v;
        };
    }
    bool ok(std::string_view expected) const { return calls == 1 && !ec && bytes == expected; }
    bool is(error_code expected) const
    {
        return calls == 1 && ec == expected && bytes.empty() && view.data() == nullptr;
    }
};

template <class Stream>
shown read_view(open_with_peer<Stream>& f)
{
    shown s;
    f.stream.async_read_view(s.handler());
    f.poll();
    return s;
}

template <class Stream>
std::string read_rest(open_with_peer<Stream>& f)
{
    std::string rest;
    outcome o;
    f.stream.async_read(asio::dynamic_buffer(rest), into(o));
    f.poll();
    EXPECT_TRUE(o.ok(rest.size())) << o;
    return rest;
}

const std::string text = "\xE0\xA6\xAC and more, \xF0\x9F\x98\x80 to the end";
const std::string large = std::string(20'000, 'L') + std::string(20'000, 'M');

// A text, a binary message in fragments with a ping between, one without a byte, and a large one.
template <class Peer>
test::bytes four_messages()
{
    return Peer::frames()
        .add(opcode::text, text)
        .add(opcode::binary, "frag", false)
        .add(opcode::ping, "now")
        .add(opcode::continuation, "", false)
        .add(opcode::continuation, std::string(300, 'm'))
        .add(opcode::text, "")
        .add(opcode::binary, large)
        .wire();
}

// The parts of a message; `mixed`: its first by a view and the rest by an ordinary read.
template <class Stream>
std::string message_by_views(open_with_peer<Stream>& f, bool mixed)
{
    std::string got;
    do {
        const shown part = read_view(f);
        EXPECT_EQ(part.calls, 1);
        EXPECT_FALSE(part.ec) << part.ec.message();
        EXPECT_TRUE(!part.bytes.empty() || f.stream.is_message_done()) << "a view of nothing";
        if (part.calls != 1 || part.ec)
            break;
        got += part.bytes;
        if (mixed && !f.stream.is_message_done())
            return got + read_rest(f);
    } while (!f.stream.is_message_done());
    return got;
}

template <class Peer>
void shows_four_messages(const test::bytes& wire, std::size_t chunk, bool mixed)
{
    Peer f;
    f.stream.next_layer().plan().read_sizes = {chunk};
    f.give(wire);
    ASSERT_EQ(message_by_views(f, mixed), text) << chunk;
    ASSERT_EQ(f.stream.received_kind(), message_kind::text);
    ASSERT_EQ(message_by_views(f, mixed), "frag" + std::string(300, 'm')) << chunk;
    ASSERT_EQ(f.stream.received_kind(), message_kind::binary);
    ASSERT_EQ(message_by_views(f, mixed), "") << chunk;
    ASSERT_EQ(message_by_views(f, mixed), large) << chunk;
    ASSERT_EQ(f.written().happenings.size(), 1u) << "the ping is answered, once";
}

TEST(ReadView, gives_the_same_messages_for_every_size_of_the_layers_reads)
{
    const auto from_client = four_messages<peer_of_server>();
    const auto from_server = four_messages<peer_of_client>();
    for (const std::size_t chunk : {1u, 2u, 3u, 5u, 13u, 64u, 139u, 300u, 5000u, 100000u})
        for (const bool mixed : {false, true}) {
            shows_four_messages<peer_of_server>(from_client, chunk, mixed);
            shows_four_messages<peer_of_client>(from_server, chunk, mixed);
            if (HasFatalFailure())
                return;
        }
}

TEST(ReadView, copies_nothing)
{
    peer_of_server f;
    f.give(f.frames().add(opcode::text, "one").add(opcode::binary, "two"));
    const shown one = read_view(f);
    const shown two = read_view(f);
    EXPECT_TRUE(one.ok("one"));
    EXPECT_TRUE(two.ok("two"));
    const auto gap =
        static_cast<const char*>(two.view.data()) - static_cast<const char*>(one.view.data());
    EXPECT_EQ(gap, 3 + 2 + 4) << "where it came, behind its header of two bytes and a key of four";
}

TEST(ReadView, is_valid_until_the_next_read_whatever_is_sent_and_pinged_meanwhile)
{
    peer_of_server f;
    f.give(f.frames().add(opcode::text, "one").add(opcode::binary, "two"));
    const shown one = read_view(f);
    outcome ping, write;
    f.stream.async_ping({}, into(ping));
    f.stream.async_write(message_kind::text, one.view, into(write));
    f.give(f.frames().add(opcode::ping));
    f.poll();
    EXPECT_TRUE(ping.ok() && write.ok(3));
    EXPECT_EQ(text_in(one.view), "one");
    ASSERT_EQ(f.written().happenings.size(), 2u);
    EXPECT_EQ(text_of(f.written().happenings[1].payload), "one") << "it may be sent as it is";
}

TEST(ReadView, that_is_cancelled_loses_nothing)
{
    const auto wire = peer_of_server::frames().add(opcode::text, "a message").wire();
    for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
        peer_of_server f;
        asio::cancellation_signal stop;
        shown first;
        f.stream.async_read_view(asio::bind_cancellation_slot(stop.slot(), first.handler()));
        f.poll();
        stop.emit(asio::cancellation_type::total);
        f.give(asio::buffer(as_buffer(wire), cut));
        f.poll();
        ASSERT_EQ(first.calls, 1);
        ASSERT_TRUE(!first.ec || first.is(asio::error::operation_aborted));
        f.give(as_buffer(wire) + cut);
        ASSERT_EQ(first.bytes + (f.stream.is_message_done() ? "" : read_rest(f)), "a message");
    }
}

TEST(ReadView, ends_as_a_read_does)
{
    peer_of_server wrong, closed, gone;
    wrong.give(wrong.frames().add(opcode::text, "right").add(opcode::continuation, "orphan"));
    EXPECT_TRUE(read_view(wrong).ok("right"));
    EXPECT_TRUE(read_view(wrong).is(error::unexpected_continuation));
    closed.give(closed.frames().close(1000));
    closed.peer.close();
    EXPECT_TRUE(read_view(closed).is(error::closed));
    gone.give(gone.frames().add(opcode::text, "begun", false));
    gone.peer.close();
    EXPECT_TRUE(read_view(gone).ok("begun"));
    EXPECT_TRUE(read_view(gone).is(error::connection_lost));
    with_peer<server> fresh;
    shown early;
    fresh.stream.async_read_view(early.handler());
    EXPECT_EQ(early.calls, 0) << "not inside its initiating function";
    fresh.poll();
    EXPECT_TRUE(early.is(error::not_open));
}

TEST(ReadView, beside_another_read_is_refused_and_harms_nothing)
{
    peer_of_server f;
    shown first, second;
    f.stream.async_read_view(first.handler());
    f.stream.async_read_view(second.handler());
    f.poll();
    EXPECT_TRUE(second.is(error::operation_in_progress));
    f.give(f.frames().add(opcode::text, "whole"));
    f.poll();
    EXPECT_TRUE(first.ok("whole"));
}

// A close that has been written takes the lane next, and discards: not before the handler has run.
TEST(ReadView, reaches_its_handler_before_a_close_goes_on)
{
    for (const bool begun_before : {false, true}) {
        peer_of_server f;
        f.give(f.frames().add(opcode::text, "one").add(opcode::text, "two").add(opcode::text, "x"));
        EXPECT_TRUE(read_view(f).ok("one"));
        outcome close;
        shown two;
        if (begun_before)
            f.stream.async_close({}, into(close));
        f.stream.async_read_view(two.handler());
        if (!begun_before)
            f.stream.async_close({}, into(close));
        EXPECT_EQ(two.calls, 0);
        f.poll();
        EXPECT_TRUE(two.ok("two")) << two.bytes;
        f.give(f.frames().close(1000));
        f.peer.close();
        f.poll();
        EXPECT_TRUE(close.ok()) << close;
    }
}

TEST(ReadView, of_a_stream_that_is_destroyed_before_its_handler_runs_shows_nothing)
{
    for (const bool has_come : {false, true}) {
        event_loop f;
        auto ends = test::connect_pair(f.io.get_executor());
        std::optional<server> stream(std::move(ends.first));
        stream->adopt();
        const auto wire =
            test::wire_writer(test::example_key).add(opcode::text, "1").add(opcode::text, "2");
        error_code ec;
        ends.second.write_some(as_buffer(wire.wire()), ec);
        shown one, two;
        if (has_come) {
            stream->async_read_view(one.handler());
            f.poll();
            EXPECT_TRUE(one.ok("1"));
        }
        stream->async_read_view(two.handler());
        stream.reset();
        f.poll();
        EXPECT_TRUE(two.is(asio::error::operation_aborted)) << two.ec.message();
    }
}

TEST(ReadView, has_synchronous_forms_and_takes_any_token)
{
    peer_of_server f;
    f.give(f.frames().add(opcode::text, "one").add(opcode::text, "two").add(opcode::text, "three"));
    error_code ec = asio::error::fault;
    EXPECT_EQ(text_in(f.stream.read_view(ec)), "one");
    EXPECT_FALSE(ec) << "an old error_code is cleared";
    EXPECT_EQ(text_in(f.stream.read_view()), "two");
    auto three = f.stream.async_read_view(asio::use_future);
    f.poll();
    EXPECT_EQ(text_in(three.get()), "three");
    EXPECT_EQ(f.stream.read_view(ec).size(), 0u);
    EXPECT_EQ(ec, asio::error::would_block);
    EXPECT_THROW(f.stream.read_view(), boost::system::system_error);
}

#ifndef NDEBUG
TEST(ReadView, that_is_kept_too_long_is_seen_to_be_void)
{
    peer_of_server f;
    f.give(f.frames().add(opcode::text, "one").add(opcode::binary, "two"));
    const shown one = read_view(f);
    const shown two = read_view(f);
    EXPECT_EQ(text_in(one.view), "\xDD\xDD\xDD");
    outcome close;
    f.stream.async_close({}, into(close));
    f.poll();
    EXPECT_EQ(text_in(two.view), "\xDD\xDD\xDD");
}

TEST(ReadViewDeathTest, no_read_or_close_begins_while_a_view_is_written)
{
    const auto begin = [](auto start) {
        peer_of_server f;
        f.give(f.frames().add(opcode::text, "one").add(opcode::binary, "two"));
        const shown one = read_view(f);
        f.stream.next_layer().plan().capacity = 1;
        outcome write;
        f.stream.async_write(message_kind::text, one.view, into(write));
        start(f.stream);
        f.poll();
    };
    const auto read = [](server& s) { s.async_read_view([](error_code, asio::const_buffer) {}); };
    EXPECT_DEATH(begin(read), "a view was written");
    const auto other_bytes = [](server& s) { s.async_ping({}, [](error_code) {}); };
    begin(other_bytes);
}
#endif

} // namespace
