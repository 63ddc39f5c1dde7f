// Destroying a stream, or its event loop, with anything pending: each operation completes once, or
// never, and nothing is leaked.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

template <class Stream>
struct doomed : event_loop
{
    std::pair<mock, mock> ends = test::connect_pair(io.get_executor());
    std::optional<Stream> stream{std::in_place, std::move(ends.first)};
    mock& peer = ends.second;
    std::string got;
    const std::string message = std::string(50, 'm');
    outcome read, write, ping, pong, close;

    doomed() { stream->adopt(); }

    // Bit by bit, which operations are pending.
    void start(unsigned set)
    {
        if (set & 1)
            stream->async_read(asio::dynamic_buffer(got), into(read));
        if (set & 2)
            stream->async_write(message_kind::text, asio::buffer(message), into(write));
        if (set & 4)
            stream->async_ping(asio::buffer("1", 1), into(ping));
        if (set & 8)
            stream->async_pong(asio::buffer("2", 1), into(pong));
        if (set & 16)
            stream->async_close({}, into(close));
    }

    bool aborted(unsigned set, const outcome& o, unsigned bit) const
    {
        return set & bit ? o.is(asio::error::operation_aborted) : o.calls == 0;
    }
};

template <class Stream>
void completes_all(unsigned set, std::size_t capacity, int handlers_before)
{
    doomed<Stream> f;
    f.stream->next_layer().plan().capacity = capacity;
    f.start(set);
    f.io.restart();
    for (int i = 0; i != handlers_before; ++i)
        f.io.poll_one();
    f.stream.reset();
    f.io.restart();
    f.io.run(); // returns: nothing is left that could keep it
    const bool all = f.aborted(set, f.read, 1) && f.aborted(set, f.write, 2) &&
                     f.aborted(set, f.ping, 4) && f.aborted(set, f.pong, 8) &&
                     f.aborted(set, f.close, 16);
    EXPECT_TRUE(all) << "set " << set << ", capacity " << capacity << "\n  read " << f.read
                     << "\n  write " << f.write << "\n  ping " << f.ping << "\n  pong " << f.pong
                     << "\n  close " << f.close;
}

TEST(Destruction, completes_every_set_of_pending_operations_with_operation_aborted)
{
    for (unsigned set = 0; set != 32; ++set)
        for (const std::size_t capacity : {0u, 1u}) {
            completes_all<server>(set, capacity, 100);
            completes_all<client>(set, capacity, 100);
        }
}

TEST(Destruction, completes_each_operation_once_at_whatever_step_it_comes)
{
    for (unsigned set = 1; set != 32; ++set)
        for (int steps = 0; steps != 8; ++steps) {
            doomed<client> f;
            f.stream->next_layer().plan().write_sizes = {3};
            f.start(set);
            const std::string wire = "\x81\x02ok\x89\x00";
            error_code ec;
            f.peer.write_some(asio::buffer(wire), ec);
            f.io.restart();
            for (int i = 0; i != steps; ++i)
                f.io.poll_one();
            f.stream.reset();
            f.io.restart();
            f.io.run();
            const outcome* all[] = {&f.read, &f.write, &f.ping, &f.pong, &f.close};
            for (unsigned i = 0; i != 5; ++i)
                EXPECT_EQ(all[i]->calls, set >> i & 1 ? 1 : 0) << "set " << set << " op " << i;
        }
}

TEST(Destruction, by_a_handler_completes_the_other_operations)
{
    for (int which = 0; which != 3; ++which) {
        doomed<server> f;
        outcome own;
        const auto destroy = [&](error_code ec, std::size_t n = 0) {
            into{own}(ec, n);
            f.stream.reset();
        };
        if (which != 0)
            f.start(1);
        f.start(16);
        if (which == 0)
            f.stream->async_read(asio::dynamic_buffer(f.got), destroy);
        else if (which == 1)
            f.stream->async_write(message_kind::text, asio::buffer(f.message), destroy);
        else
            f.stream->async_ping({}, [&](error_code ec) { destroy(ec); });
        f.start(4);
        const auto wire = test::wire_writer(test::example_key).add(opcode::text, "x").wire();
        error_code ec;
        f.peer.write_some(as_buffer(wire), ec);
        f.io.run();
        EXPECT_EQ(own.calls, 1);
        EXPECT_FALSE(f.stream);
        EXPECT_TRUE(f.close.is(asio::error::operation_aborted)) << f.close;
        EXPECT_EQ(f.ping.calls, 1);
        EXPECT_EQ(f.read.calls, which == 0 ? 0 : 1);
    }
}

TEST(Destruction, of_a_stream_whose_handler_fails_and_owns_it)
{
    event_loop loop;
    auto ends = test::connect_pair(loop.io.get_executor());
    auto stream = std::make_shared<server>(std::move(ends.first));
    std::weak_ptr<server> watched = stream;
    auto text = std::make_shared<std::string>();
    server& s = *stream;
    s.adopt();
    s.async_read(asio::dynamic_buffer(*text),
                 [stream = std::move(stream), text](error_code, std::size_t) {});
    EXPECT_FALSE(watched.expired());
    ends.second.close();
    loop.io.run();
    EXPECT_TRUE(watched.expired());
}

TEST(Handlers, may_start_the_next_operation)
{
    open_ends f;
    int left = 50;
    std::string got;
    std::size_t read = 0;
    std::function<void(error_code, std::size_t)> next_read = [&](error_code ec, std::size_t n) {
        ASSERT_FALSE(ec);
        read += n;
        if (read != 150)
            f.s.async_read(asio::dynamic_buffer(got), next_read);
    };
    std::function<void(error_code, std::size_t)> next_write = [&](error_code ec, std::size_t) {
        ASSERT_FALSE(ec);
        if (--left != 0)
            f.c.async_write(message_kind::text, asio::buffer("abc", 3), next_write);
    };
    f.s.async_read(asio::dynamic_buffer(got), next_read);
    f.c.async_write(message_kind::text, asio::buffer("abc", 3), next_write);
    f.poll();
    EXPECT_EQ(got.size(), 150u);
}

TEST(Handlers, may_move_the_stream_while_others_are_pending)
{
    doomed<server> f;
    f.start(1 + 16);
    f.poll();
    server moved = std::move(*f.stream);
    f.stream.reset();
    f.poll();
    EXPECT_TRUE(f.read.pending() && f.close.pending());
    const auto wire =
        test::wire_writer(test::example_key).add(opcode::text, "x").close(1000).wire();
    error_code ec;
    f.peer.write_some(as_buffer(wire), ec);
    f.poll();
    EXPECT_TRUE(f.read.ok(1) && f.close.ok()) << f.read << f.close;
    EXPECT_FALSE(moved.is_open());
}

TEST(Assignment, of_a_new_stream_ends_the_old_one_and_is_fresh)
{
    open_with_peer<server> f;
    std::string got;
    outcome read;
    f.stream.async_read(asio::dynamic_buffer(got), into(read));
    f.give(test::bytes{std::byte{0xFF}}); // a fault
    f.poll();
    EXPECT_EQ(read.ec, error::reserved_bits);
    auto ends = test::connect_pair(f.io.get_executor());
    f.stream = server(std::move(ends.first));
    EXPECT_FALSE(f.stream.is_open());
    f.stream.adopt();
    EXPECT_TRUE(f.stream.is_open());
    read = {};
    f.stream.async_read(asio::dynamic_buffer(got), into(read));
    const auto wire = f.frames().add(opcode::text, "new").wire();
    error_code ec;
    ends.second.write_some(as_buffer(wire), ec);
    f.poll();
    EXPECT_TRUE(read.ok(3)) << read;
}

// A real layer: the event loop owns what is pending on it, and drops it when it goes.
using local =
    asio::basic_stream_socket<asio::local::stream_protocol, asio::io_context::executor_type>;
using local_server = server_stream<local, timing::none>;

struct session
{
    explicit session(local s) : stream(std::move(s)) { stream.adopt(); }

    local_server stream;
    std::string got;
    const std::string big = std::string(4'000'000, 'b');
};

TEST(Destruction, of_the_event_loop_frees_everything_that_was_pending)
{
    for (unsigned set = 1; set != 32; ++set) {
        std::weak_ptr<session> watched;
        int calls = 0;
        {
            asio::io_context io{1};
            local a(io.get_executor()), b(io.get_executor());
            asio::local::connect_pair(a, b);
            auto s = std::make_shared<session>(std::move(a));
            watched = s;
            const auto done = [s, &calls](error_code, std::size_t = 0) { ++calls; };
            const auto done_simple = [s, &calls](error_code) { ++calls; };
            if (set & 1)
                s->stream.async_read(asio::dynamic_buffer(s->got), done);
            if (set & 2) // waits for the peer to read
                s->stream.async_write(message_kind::binary, asio::buffer(s->big), done);
            if (set & 4)
                s->stream.async_ping({}, done_simple);
            if (set & 8)
                s->stream.async_pong({}, done_simple);
            if (set & 16)
                s->stream.async_close({}, done_simple);
            s.reset();
            for (int i = 0; i != 5; ++i)
                io.poll_one();
        }
        EXPECT_TRUE(watched.expired()) << "set " << set;
    }
}

TEST(Reset, ends_what_is_pending_and_makes_a_fresh_stream)
{
    open_with_peer<server> f;
    std::string got;
    outcome read, again;
    f.give(f.frames().add(opcode::text, "\xE2", false));
    f.stream.async_read(asio::dynamic_buffer(got), into(read));
    f.poll();
    auto other = test::connect_pair(f.io.get_executor());
    f.stream.reset(std::move(other.first));
    f.poll();
    EXPECT_TRUE(read.is(asio::error::operation_aborted)) << read;
    EXPECT_FALSE(f.stream.is_open());

    f.stream.adopt();
    const auto wire = f.frames().add(opcode::text, "x").wire();
    error_code ec;
    other.second.write_some(as_buffer(wire), ec);
    got.clear();
    f.stream.async_read(asio::dynamic_buffer(got), into(again));
    f.poll();
    EXPECT_TRUE(again.ok(1)) << "neither the message nor the code point that was cut is left";
    EXPECT_EQ(got, "x");
}

} // namespace
