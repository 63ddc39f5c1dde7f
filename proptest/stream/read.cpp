// Reading into any kind of buffer, in any pieces: nothing is lost, nothing is invented.
#include <gtest/gtest.h>

#include <array>
#include <list>
#include <string>
#include <vector>

#include <boost/beast/core/flat_buffer.hpp>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using peer_of_server = open_with_peer<server>;
using peer_of_client = open_with_peer<client>;

const std::string text = "\xE0\xA6\xAC and more, \xF0\x9F\x98\x80 to the end";

// Two messages, the second in fragments with a ping between, and a third without a byte.
template <class Peer>
test::bytes three_messages()
{
    return Peer::frames()
        .add(opcode::text, text)
        .add(opcode::binary, "frag", false)
        .add(opcode::ping, "now")
        .add(opcode::continuation, "", false)
        .add(opcode::continuation, std::string(300, 'm'))
        .add(opcode::text, "")
        .wire();
}

template <class Stream>
outcome read(open_with_peer<Stream>& f, std::string& to, std::size_t max = std::string::npos)
{
    outcome o;
    f.stream.async_read(asio::dynamic_buffer(to, max), into(o));
    f.poll();
    return o;
}

template <class Stream>
outcome read_some(open_with_peer<Stream>& f, asio::mutable_buffer to)
{
    outcome o;
    f.stream.async_read_some(to, into(o));
    f.poll();
    return o;
}

template <class Peer>
void reads_three_messages(std::size_t chunk, const test::bytes& wire)
{
    Peer f;
    f.stream.next_layer().plan().read_sizes = {chunk};
    f.give(wire);
    std::string one, two, three;
    ASSERT_TRUE(read(f, one).ok(text.size())) << chunk;
    ASSERT_EQ(f.stream.received_kind(), message_kind::text);
    ASSERT_TRUE(read(f, two).ok(304)) << chunk;
    ASSERT_EQ(f.stream.received_kind(), message_kind::binary);
    ASSERT_TRUE(read(f, three).ok(0)) << chunk;
    ASSERT_EQ(f.stream.received_kind(), message_kind::text);
    ASSERT_TRUE(f.stream.is_message_done());
    ASSERT_EQ(one, text);
    ASSERT_EQ(two, "frag" + std::string(300, 'm'));
    ASSERT_EQ(three, "");
    const auto written = f.written();
    ASSERT_EQ(written.happenings.size(), 1u);
    ASSERT_EQ(written.happenings[0].op, opcode::pong);
    ASSERT_EQ(text_of(written.happenings[0].payload), "now");
}

TEST(Read, gives_the_same_messages_for_every_size_of_the_layers_reads)
{
    const auto from_client = three_messages<peer_of_server>();
    const auto from_server = three_messages<peer_of_client>();
    for (std::size_t chunk = 1; chunk <= from_client.size(); ++chunk) {
        reads_three_messages<peer_of_server>(chunk, from_client);
        reads_three_messages<peer_of_client>(chunk, from_server);
        if (HasFatalFailure())
            return;
    }
}

TEST(Read, appends_to_what_the_buffer_holds)
{
    peer_of_server f;
    f.give(f.frames().add(opcode::text, "more"));
    std::string held = "before ";
    EXPECT_TRUE(read(f, held).ok(4));
    EXPECT_EQ(held, "before more");

    f.give(f.frames().add(opcode::text, " again"));
    boost::beast::flat_buffer v1;
    outcome o;
    f.stream.async_read(v1, into(o));
    f.poll();
    EXPECT_TRUE(o.ok(6));
    f.give(f.frames().add(opcode::text, "!"));
    o = {};
    f.stream.async_read(v1, into(o));
    f.poll();
    EXPECT_TRUE(o.ok(1));
    EXPECT_EQ(std::string(static_cast<const char*>(v1.data().data()), v1.size()), " again!");
}

TEST(Read, takes_a_vector_and_a_flat_buffer_like_a_string)
{
    const auto wire = three_messages<peer_of_client>();
    for (std::size_t chunk : {1u, 2u, 3u, 50u, 400u}) {
        peer_of_client v1, v2;
        for (auto* f : {&v1, &v2}) {
            f->stream.next_layer().plan().read_sizes = {chunk};
            f->give(wire);
        }
        std::vector<char> vector;
        boost::beast::flat_buffer flat;
        for (std::size_t expected : {text.size(), std::size_t{304}, std::size_t{0}}) {
            outcome a, b;
            v2.stream.async_read(asio::dynamic_buffer(vector), into(a));
            v1.stream.async_read(flat, into(b));
            v1.poll();
            v2.poll();
            EXPECT_TRUE(a.ok(expected)) << a;
            EXPECT_TRUE(b.ok(expected)) << b;
        }
        const std::string all = text + "frag" + std::string(300, 'm');
        EXPECT_EQ(std::string(vector.begin(), vector.end()), all);
        EXPECT_EQ(std::string(static_cast<const char*>(flat.data().data()), flat.size()), all);
    }
}

TEST(Read, a_buffer_that_is_full_takes_what_fits_and_another_takes_the_rest)
{
    const std::string message = "0123456789";
    for (std::size_t max = 1; max <= message.size(); ++max)
        for (std::size_t chunk = 1; chunk <= 16; ++chunk) {
            peer_of_server f;
            f.stream.next_layer().plan().read_sizes = {chunk};
            f.give(f.frames().add(opcode::text, message).add(opcode::text, "next"));
            std::string first, rest, next;
            const outcome o = read(f, first, max);
            ASSERT_EQ(first, message.substr(0, max));
            if (max == message.size()) {
                ASSERT_TRUE(o.ok(max)) << o;
            } else {
                ASSERT_TRUE(o.is(error::buffer_too_small, max)) << o;
                ASSERT_FALSE(f.stream.is_message_done());
                ASSERT_TRUE(read(f, rest).ok(message.size() - max));
            }
            ASSERT_TRUE(f.stream.is_message_done());
            ASSERT_EQ(first + rest, message);
            ASSERT_TRUE(read(f, next).ok(4));
            ASSERT_EQ(next, "next");
        }
}

TEST(Read, into_a_buffer_without_room_takes_nothing_and_harms_nothing)
{
    peer_of_server f;
    f.give(f.frames().add(opcode::text, "whole"));
    std::string none, all;
    EXPECT_TRUE(read(f, none, 0).is(error::buffer_too_small, 0));
    const outcome nothing = read_some(f, asio::mutable_buffer());
    EXPECT_TRUE(nothing.ok(0)) << nothing;
    EXPECT_TRUE(read(f, all).ok(5));
    EXPECT_EQ(all, "whole");
}

// The shapes of memory that read_some is given, as sizes of its buffers.
const std::vector<std::vector<std::size_t>> shapes = {
    {1}, {2, 1}, {0, 3, 0, 2}, {400}, std::vector<std::size_t>(64, 1), {64}, {0, 0, 0, 0, 0, 0, 0,
                                                                              0, 0, 0, 0, 0, 0, 0,
                                                                              0, 0, 0, 0, 0, 0, 5}};

TEST(ReadSome, gives_the_same_message_whatever_the_shape_of_its_buffers)
{
    const std::string message(333, 'x');
    const auto wire = test::wire_writer()
                          .add(opcode::text, text, false)
                          .add(opcode::ping)
                          .add(opcode::continuation, message)
                          .wire();
    for (const auto& shape : shapes)
        for (const std::size_t chunk : {1u, 2u, 7u, 100u, 1000u}) {
            peer_of_client f;
            f.stream.next_layer().plan().read_sizes = {chunk};
            f.give(wire);
            std::string got;
            do {
                std::list<std::string> rooms;
                std::vector<asio::mutable_buffer> buffers;
                std::size_t size = 0;
                for (const std::size_t n : shape) {
                    rooms.emplace_back(n, '.');
                    buffers.push_back(asio::buffer(rooms.back()));
                    size += n;
                }
                outcome o;
                f.stream.async_read_some(buffers, into(o));
                f.poll();
                ASSERT_TRUE(o.calls == 1 && !o.ec && o.bytes != 0 && o.bytes <= size) << o;
                std::string all;
                for (const auto& r : rooms)
                    all += r;
                ASSERT_EQ(all.substr(o.bytes), std::string(size - o.bytes, '.'));
                got += all.substr(0, o.bytes);
            } while (!f.stream.is_message_done());
            ASSERT_EQ(got, text + message);
        }
}

TEST(ReadSome, says_where_a_message_ends_and_reads_no_further)
{
    peer_of_server f;
    f.give(f.frames().add(opcode::text, "ab").add(opcode::binary, "cd"));
    std::string room(10, '.');
    EXPECT_TRUE(read_some(f, asio::buffer(room, 1)).ok(1));
    EXPECT_FALSE(f.stream.is_message_done());
    EXPECT_TRUE(read_some(f, asio::buffer(room)).ok(1));
    EXPECT_TRUE(f.stream.is_message_done());
    EXPECT_EQ(f.stream.received_kind(), message_kind::text);
    EXPECT_TRUE(read_some(f, asio::buffer(room)).ok(2));
    EXPECT_TRUE(f.stream.is_message_done());
    EXPECT_EQ(f.stream.received_kind(), message_kind::binary);
    EXPECT_EQ(room.substr(0, 2), "cd");
}

TEST(ReadSome, completes_with_nothing_only_at_the_end_of_a_message)
{
    peer_of_server f;
    f.give(f.frames().add(opcode::text, ""));
    std::string room(10, '.');
    EXPECT_TRUE(read_some(f, asio::buffer(room)).ok(0));
    EXPECT_TRUE(f.stream.is_message_done());

    f.give(f.frames().add(opcode::text, "ab", false).add(opcode::continuation, "", false));
    EXPECT_TRUE(read_some(f, asio::buffer(room)).ok(2));
    EXPECT_FALSE(f.stream.is_message_done());
    outcome waits;
    f.stream.async_read_some(asio::buffer(room), into(waits));
    f.poll();
    EXPECT_TRUE(waits.pending()) << "an empty fragment is nothing to anyone";
    f.give(f.frames().add(opcode::continuation, ""));
    f.poll();
    EXPECT_TRUE(waits.ok(0));
    EXPECT_TRUE(f.stream.is_message_done());
}

TEST(ReadSome, may_be_followed_by_a_read_of_the_rest)
{
    peer_of_client f;
    f.give(f.frames().add(opcode::text, "begin and end"));
    std::string room(5, '.'), rest;
    EXPECT_TRUE(read_some(f, asio::buffer(room)).ok(5));
    EXPECT_TRUE(read(f, rest).ok(8));
    EXPECT_EQ(room + rest, "begin and end");
}

TEST(Read, its_synchronous_forms_do_the_same)
{
    peer_of_server f;
    f.give(three_messages<peer_of_server>());
    error_code ec = asio::error::fault;
    std::string got;
    EXPECT_EQ(f.stream.read(asio::dynamic_buffer(got), ec), text.size());
    EXPECT_FALSE(ec) << "an old error_code is cleared";
    boost::beast::flat_buffer v1;
    EXPECT_EQ(f.stream.read(v1), 304u);
    ec = asio::error::fault;
    std::array<char, 4> room;
    EXPECT_EQ(f.stream.read_some(asio::buffer(room), ec), 0u);
    EXPECT_FALSE(ec);
    EXPECT_EQ(f.written().happenings.size(), 1u) << "the ping was answered";
    EXPECT_EQ(f.stream.read(asio::dynamic_buffer(got), ec), 0u);
    EXPECT_EQ(ec, asio::error::would_block);
    EXPECT_THROW(f.stream.read_some(asio::buffer(room)), boost::system::system_error);
}

TEST(Read, what_a_peer_does_wrong_is_the_error_after_what_was_right)
{
    peer_of_server f;
    f.give(f.frames().add(opcode::text, "right").add(opcode::continuation, "orphan"));
    std::string got;
    EXPECT_TRUE(read(f, got).ok(5));
    EXPECT_TRUE(read(f, got).is(error::unexpected_continuation, 0));
    EXPECT_TRUE(read(f, got).is(error::unexpected_continuation, 0)) << "and stays so";
    EXPECT_FALSE(f.stream.is_open());
    const auto written = f.written();
    ASSERT_EQ(written.happenings.size(), 1u);
    EXPECT_EQ(written.happenings[0].what, event::type::close);
    EXPECT_EQ(written.happenings[0].code, close_code::protocol_error);
}

TEST(Read, of_a_stream_that_is_not_open_is_refused)
{
    with_peer<server> f;
    outcome o;
    std::string got;
    f.stream.async_read(asio::dynamic_buffer(got), into(o));
    EXPECT_TRUE(o.pending());
    f.poll();
    EXPECT_TRUE(o.is(error::not_open, 0));
    f.stream.adopt();
    EXPECT_TRUE(f.stream.is_open());
}

} // namespace
