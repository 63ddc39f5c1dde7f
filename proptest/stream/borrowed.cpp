// Buffers that idle connections don't own: a connection that waits for its peer has borrowed none,
// whatever it has received before, and nothing else can be told from a buffer of its own.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/append.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using socket_type =
    asio::basic_stream_socket<asio::local::stream_protocol, asio::io_context::executor_type>;
using borrowing_server = server_stream<socket_type, buffer::borrowed<>, timing::none>;
using borrowing_client =
    client_stream<socket_type, buffer::borrowed<>, timing::none, key_source::fixed<0x37fa213d>>;

static_assert(detail::tells_readable<socket_type>);
static_assert(detail::tells_readable<asio::ip::tcp::socket>);
static_assert(!detail::tells_readable<mock>);
static_assert(borrowing_buffer_policy<buffer::borrowed<>>);
static_assert(!borrowing_buffer_policy<buffer::flat<>>);

/// A stream over a socket whose other end is the test's.
template <class Stream>
struct over_socket : event_loop
{
    using role = typename Stream::policies::role;

    socket_type own{io.get_executor()};
    socket_type peer{io.get_executor()};
    std::optional<Stream> stream;
    std::string got;

    over_socket()
    {
        asio::local::connect_pair(own, peer);
        peer.non_blocking(true);
        stream.emplace(std::move(own));
        stream->adopt();
    }

    std::size_t lent() { return detail::pool_of<8192>(io.get_executor()).lent(); }

    static test::wire_writer frames()
    {
        return role::is_client ? test::wire_writer() : test::wire_writer(test::example_key);
    }

    // As much as the socket takes at a time, and what that leads to.
    void give(asio::const_buffer wire)
    {
        while (wire.size() != 0) {
            error_code ec;
            wire += peer.write_some(wire, ec);
            ASSERT_TRUE(!ec || ec == asio::error::would_block) << ec.message();
            poll();
        }
    }
    void give(const test::wire_writer& w) { give(as_buffer(w.wire())); }

    std::string take(std::size_t n)
    {
        std::string all(n, '\0');
        for (std::size_t got_so_far = 0; got_so_far != n;) {
            error_code ec;
            got_so_far += peer.read_some(asio::buffer(all) + got_so_far, ec);
            if (ec && ec != asio::error::would_block) {
                ADD_FAILURE() << ec.message();
                break;
            }
            poll();
        }
        return all;
    }

    void start_read(outcome& o)
    {
        got.clear();
        stream->async_read(asio::dynamic_buffer(got), into(o));
        poll();
    }
};

using server_over_socket = over_socket<borrowing_server>;
using client_over_socket = over_socket<borrowing_client>;

std::size_t frame_size(std::size_t payload, bool masked)
{
    return (payload < 126 ? 2u : payload < 65536 ? 4u : 10u) + (masked ? 4 : 0) + payload;
}

// ---- A connection that waits owns nothing.

template <class Peer>
void owns_nothing_after(std::size_t size)
{
    Peer f;
    for (int i = 0; i != 3; ++i) {
        outcome read, write;
        f.start_read(read);
        ASSERT_TRUE(read.pending());
        ASSERT_EQ(f.lent(), 0u) << "a read waits";
        const std::string message(size, static_cast<char>('a' + i));
        f.give(f.frames().add(opcode::ping, "p").add(opcode::binary, message));
        ASSERT_TRUE(read.ok(size)) << read << " of " << size;
        ASSERT_EQ(f.got, message);
        ASSERT_EQ(f.lent(), 0u) << "after a message of " << size;
        f.stream->async_write(message_kind::binary, asio::buffer(f.got), into(write));
        const bool masked = Peer::role::is_client;
        f.take(frame_size(1, masked) + frame_size(size, masked));
        ASSERT_TRUE(write.ok(size)) << write;
        ASSERT_EQ(f.lent(), 0u) << "after the same was sent";
    }
}

TEST(BorrowedBuffer, is_not_owned_after_messages_of_any_size)
{
    for (const std::size_t size :
         {0u, 1u, 2u, 125u, 126u, 8184u, 8185u, 8186u, 8192u, 16384u, 65535u, 65536u, 1u << 20}) {
        owns_nothing_after<server_over_socket>(size);
        owns_nothing_after<client_over_socket>(size);
        if (HasFatalFailure())
            return;
    }
}

TEST(BorrowedBuffer, is_owned_while_part_of_a_frame_waits_in_it)
{
    const auto wire = server_over_socket::frames().add(opcode::text, "a message").wire();
    for (std::size_t cut = 1; cut != wire.size(); ++cut) {
        server_over_socket f;
        outcome read;
        f.start_read(read);
        f.give(asio::buffer(as_buffer(wire), cut));
        ASSERT_TRUE(read.pending());
        // Behind the header, what comes is the caller's.
        ASSERT_EQ(f.lent(), cut < 6 ? 1u : 0u) << cut;
        f.give(as_buffer(wire) + cut);
        ASSERT_TRUE(read.ok(9));
        ASSERT_EQ(f.got, "a message");
        ASSERT_EQ(f.lent(), 0u) << cut;
    }
}

TEST(BorrowedBuffer, is_not_owned_while_the_rest_of_a_large_message_goes_to_the_caller)
{
    server_over_socket f;
    outcome read;
    f.start_read(read);
    const auto wire = f.frames().add(opcode::binary, std::string(1 << 20, 'x')).wire();
    f.give(asio::buffer(as_buffer(wire), 500'000));
    EXPECT_TRUE(read.pending());
    EXPECT_EQ(f.lent(), 0u);
    f.give(as_buffer(wire) + 500'000);
    EXPECT_TRUE(read.ok(1 << 20));
    EXPECT_EQ(f.lent(), 0u);
}

TEST(BorrowedBuffer, is_owned_as_long_as_a_message_waits_for_its_reader)
{
    server_over_socket f;
    outcome one, two;
    f.start_read(one);
    f.give(f.frames().add(opcode::text, "one").add(opcode::text, "two"));
    EXPECT_TRUE(one.ok(3));
    EXPECT_EQ(f.lent(), 1u);
    f.start_read(two);
    EXPECT_TRUE(two.ok(3));
    EXPECT_EQ(f.got, "two");
    EXPECT_EQ(f.lent(), 0u);
}

TEST(BorrowedBuffer, is_owned_as_long_as_a_view_of_it_is_valid)
{
    server_over_socket f;
    std::string shown;
    const auto show = [&](error_code ec, asio::const_buffer view) {
        EXPECT_TRUE(!ec) << ec.message();
        shown.assign(static_cast<const char*>(view.data()), view.size());
    };
    f.stream->async_read_view(show);
    f.poll();
    EXPECT_EQ(f.lent(), 0u);
    f.give(f.frames().add(opcode::text, "one"));
    EXPECT_EQ(shown, "one");
    EXPECT_EQ(f.lent(), 1u);
    f.stream->async_read_view(show);
    f.poll();
    EXPECT_EQ(f.lent(), 0u);
    f.give(f.frames().add(opcode::text, "two"));
    EXPECT_EQ(shown, "two");
}

TEST(BorrowedBuffer, of_a_client_is_owned_while_what_it_sends_is_on_its_way)
{
    client_over_socket f;
    const std::string message(1 << 20, 'x');
    outcome write;
    f.stream->async_write(message_kind::binary, asio::buffer(message), into(write));
    f.poll();
    EXPECT_TRUE(write.pending());
    EXPECT_EQ(f.lent(), 1u);
    f.take(frame_size(message.size(), true));
    EXPECT_TRUE(write.ok(message.size()));
    EXPECT_EQ(f.lent(), 0u);
}

// ---- How a wait for bytes ends.

TEST(BorrowedBuffer, a_wait_that_is_cancelled_loses_nothing)
{
    for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total})
        for (const bool has_come : {false, true}) {
            server_over_socket f;
            asio::cancellation_signal stop;
            outcome first, second;
            f.stream->async_read(asio::dynamic_buffer(f.got),
                                 asio::bind_cancellation_slot(stop.slot(), into(first)));
            f.poll();
            const auto wire = f.frames().add(opcode::text, "a message").wire();
            if (has_come)
                asio::write(f.peer, as_buffer(wire));
            stop.emit(type);
            f.poll();
            ASSERT_TRUE(first.is(asio::error::operation_aborted, 0)) << first;
            ASSERT_TRUE(f.stream->is_open());
            ASSERT_EQ(f.lent(), 0u);
            if (!has_come)
                f.give(as_buffer(wire));
            f.start_read(second);
            ASSERT_TRUE(second.ok(9)) << second;
        }
}

TEST(BorrowedBuffer, a_wait_ends_with_the_connection)
{
    server_over_socket gone, closed, wrong;
    outcome read;
    gone.start_read(read);
    gone.peer.close();
    gone.poll();
    EXPECT_TRUE(read.is(error::connection_lost)) << read;
    EXPECT_EQ(gone.lent(), 0u);

    read = {};
    closed.start_read(read);
    closed.give(closed.frames().close(1000));
    EXPECT_TRUE(read.is(error::closed)) << read;
    EXPECT_EQ(closed.lent(), 0u);

    read = {};
    wrong.start_read(read);
    wrong.give(wrong.frames().add(opcode::continuation, "orphan"));
    EXPECT_TRUE(read.is(error::unexpected_continuation)) << read;
    EXPECT_EQ(wrong.lent(), 0u);
}

TEST(BorrowedBuffer, a_wait_goes_on_beside_writes_and_a_close)
{
    server_over_socket f;
    outcome read, ping, write, close;
    f.start_read(read);
    f.stream->async_write(message_kind::text, asio::buffer("hi", 2), into(write));
    f.stream->async_ping({}, into(ping));
    f.stream->async_close({}, into(close));
    f.poll();
    EXPECT_TRUE(write.ok(2) && ping.ok());
    EXPECT_TRUE(read.pending() && close.pending());
    EXPECT_EQ(f.lent(), 0u);
    f.give(f.frames().close(1000));
    EXPECT_TRUE(read.is(error::closed)) << read;
    EXPECT_TRUE(close.ok()) << close;
    EXPECT_EQ(f.lent(), 0u);
}

TEST(BorrowedBuffer, a_wait_ends_with_its_stream)
{
    for (const bool destroy : {false, true}) {
        server_over_socket f;
        outcome read;
        f.start_read(read);
        if (destroy)
            f.stream.reset();
        else
            f.stream->force_close();
        f.poll();
        EXPECT_TRUE(read.is(asio::error::operation_aborted)) << read;
        EXPECT_EQ(f.lent(), 0u);
    }
}

TEST(BorrowedBuffer, a_wait_is_bounded_by_the_time_limits)
{
    using limited = timing::steady<timing::limits{.idle_ms = 20}>;
    over_socket<server_stream<socket_type, buffer::borrowed<>, limited>> f;
    outcome read;
    f.start_read(read);
    f.io.restart();
    f.io.run();
    EXPECT_TRUE(read.is(error::timeout)) << read;
}

TEST(BorrowedBuffer, comes_back_when_the_context_ends_before_the_operations)
{
    auto io = std::make_unique<asio::io_context>(1);
    socket_type own(io->get_executor()), peer(io->get_executor());
    asio::local::connect_pair(own, peer);
    auto stream = std::make_unique<borrowing_server>(std::move(own));
    stream->adopt();
    std::string got;
    stream->async_read(asio::dynamic_buffer(got),
                       [stream = std::move(stream)](error_code, std::size_t) {
                           ADD_FAILURE() << "nobody runs it";
                       });
    const auto wire = test::wire_writer(test::example_key).add(opcode::text, "half").wire();
    asio::write(peer, asio::buffer(as_buffer(wire), 3));
    io->poll();
    EXPECT_EQ(detail::pool_of<8192>(io->get_executor()).lent(), 1u);
    peer.close();
    io.reset(); // a leak or a use after free is the sanitizers' to find
}

// ---- Whatever the layer.

TEST(BorrowedBuffer, is_owned_by_a_pending_read_of_a_layer_that_can_not_tell)
{
    open_with_peer<server_stream<mock, buffer::borrowed<>, timing::none>> f;
    const auto& pool = detail::pool_of<8192>(f.io.get_executor());
    outcome read;
    std::string got;
    EXPECT_EQ(pool.lent(), 0u);
    f.stream.async_read(asio::dynamic_buffer(got), into(read));
    f.poll();
    EXPECT_EQ(pool.lent(), 1u);
    f.give(f.frames().add(opcode::text, "hi"));
    f.poll();
    EXPECT_TRUE(read.ok(2));
    EXPECT_EQ(pool.lent(), 0u);
}

TEST(BorrowedBuffer, goes_back_when_a_pending_read_of_such_a_layer_is_cancelled)
{
    for (const bool closes : {false, true}) {
        open_with_peer<server_stream<mock, buffer::borrowed<>, timing::none>> f;
        const auto& pool = detail::pool_of<8192>(f.io.get_executor());
        asio::cancellation_signal stop;
        outcome o;
        std::string got;
        auto handler = asio::bind_cancellation_slot(stop.slot(), into(o));
        if (closes)
            f.stream.async_close({}, handler);
        else
            f.stream.async_read(asio::dynamic_buffer(got), handler);
        f.poll();
        EXPECT_EQ(pool.lent(), 1u);
        stop.emit(asio::cancellation_type::total);
        f.poll();
        EXPECT_TRUE(o.is(asio::error::operation_aborted)) << o;
        EXPECT_EQ(pool.lent(), 0u);
    }
}

// Room that a layer has been given is the lane's owner's, whoever else ends meanwhile.
TEST(BorrowedBuffer, stays_with_who_reads_while_others_who_wait_are_cancelled)
{
    open_with_peer<server_stream<mock, buffer::borrowed<>, timing::none>> f;
    const auto& pool = detail::pool_of<8192>(f.io.get_executor());
    asio::cancellation_signal stop;
    outcome close, read;
    std::string got;
    f.stream.async_close({}, into(close));
    f.poll();
    EXPECT_EQ(pool.lent(), 1u);
    f.stream.async_read(asio::dynamic_buffer(got),
                        asio::bind_cancellation_slot(stop.slot(), into(read)));
    stop.emit(asio::cancellation_type::total);
    f.poll();
    EXPECT_TRUE(read.is(asio::error::operation_aborted)) << read;
    EXPECT_EQ(pool.lent(), 1u);
    f.give(f.frames().close(1000));
    f.poll();
    EXPECT_TRUE(close.ok()) << close;
    EXPECT_EQ(pool.lent(), 0u);
}

/// A layer that tells too early that it can be read, as the system's may.
struct hasty : mock
{
    static constexpr auto wait_read = asio::socket_base::wait_read;

    using mock::mock;
    explicit hasty(mock m) : mock(std::move(m)) {}

    template <class Token>
    auto async_wait(asio::socket_base::wait_type, Token&& token)
    {
        return asio::async_initiate<Token, void(error_code)>(
            [ex = get_executor()](auto handler) {
                asio::post(ex, asio::append(std::move(handler), error_code()));
            },
            token);
    }
};

TEST(BorrowedBuffer, a_layer_that_tells_too_early_has_all_the_same_to_deliver)
{
    event_loop f;
    auto ends = test::connect_pair(f.io.get_executor());
    server_stream<hasty, buffer::borrowed<>, timing::none> stream(hasty(std::move(ends.first)));
    stream.adopt();
    asio::cancellation_signal stop;
    outcome cancelled, read;
    std::string got;
    stream.async_read(asio::dynamic_buffer(got),
                      asio::bind_cancellation_slot(stop.slot(), into(cancelled)));
    stop.emit(asio::cancellation_type::total); // between the wait and the read
    f.poll();
    EXPECT_TRUE(cancelled.is(asio::error::operation_aborted)) << cancelled;
    stream.async_read(asio::dynamic_buffer(got), into(read));
    f.poll();
    EXPECT_TRUE(read.pending());
    error_code ec;
    ends.second.write_some(
        as_buffer(test::wire_writer(test::example_key).add(opcode::text, "hi").wire()), ec);
    f.poll();
    EXPECT_TRUE(read.ok(2)) << read;
}

TEST(BorrowedBuffer, is_used_by_handshakes_and_by_synchronous_operations)
{
    using any_socket = asio::local::stream_protocol::socket;
    using on_strand = asio::basic_stream_socket<asio::local::stream_protocol,
                                                asio::strand<asio::io_context::executor_type>>;
    asio::io_context io;
    any_socket c(io);
    on_strand s(asio::make_strand(io.get_executor()));
    asio::local::connect_pair(c, s);
    client_stream<any_socket, buffer::borrowed<>> client(std::move(c));
    server_stream<on_strand, buffer::borrowed<>> server(std::move(s));
    const auto& pool = detail::pool_of<8192>(io.get_executor());
    outcome accept, handshake;
    server.async_accept(into(accept));
    client.async_handshake("example", "/", into(handshake));
    while (accept.pending() || handshake.pending())
        io.run_one();
    EXPECT_TRUE(accept.ok() && handshake.ok());
    EXPECT_EQ(pool.lent(), 0u);
    client.write(message_kind::text, asio::buffer("hi", 2));
    std::string got;
    EXPECT_EQ(server.read(asio::dynamic_buffer(got)), 2u);
    EXPECT_EQ(got, "hi");
    EXPECT_EQ(pool.lent(), 0u);
}

TEST(BorrowedBuffer, is_used_by_a_synchronous_read_that_waits_for_the_transports_end)
{
    over_socket<server_stream<socket_type, buffer::borrowed<>>> f;
    outcome sent;
    f.stream->async_send_close({}, into(sent));
    f.poll();
    ASSERT_TRUE(sent.ok()) << "and the close limit counts";
    f.give(f.frames().close(1000));
    f.peer.close();
    error_code ec;
    f.stream->read(asio::dynamic_buffer(f.got), ec);
    EXPECT_EQ(ec, error::closed);
    EXPECT_EQ(f.lent(), 0u);
}

// ---- When there is no memory.

/// The heap gives it nothing.
struct starved : buffer::flat<>
{
    static inline bool starving = false;

    std::span<std::byte> prepare(std::size_t room)
    {
        if (starving)
            throw std::bad_alloc();
        return buffer::flat<>::prepare(room);
    }
};

TEST(NoMemory, for_a_read_ends_the_stream_and_is_told_to_who_runs_it)
{
    using stream = server_stream<mock, starved, timing::none>;
    for (const bool at_once : {false, true}) {
        open_with_peer<stream> f;
        outcome read, ping, close;
        std::string got;
        starved::starving = at_once;
        const auto start = [&] { f.stream.async_read(asio::dynamic_buffer(got), into(read)); };
        if (at_once) {
            EXPECT_THROW(start(), std::bad_alloc);
        } else {
            start();
            f.stream.async_close({}, into(close));
            f.poll();
            f.give(f.frames().add(opcode::text, "a part", false));
            starved::starving = true;
            EXPECT_THROW(f.poll(), std::bad_alloc);
        }
        starved::starving = false;
        f.poll();
        EXPECT_TRUE(read.pending()) << "it was thrown instead";
        EXPECT_FALSE(f.stream.is_open());
        EXPECT_TRUE(at_once || close.is(asio::error::operation_aborted))
            << "nobody waits for the lane";
        f.stream.async_ping({}, into(ping));
        f.poll();
        EXPECT_TRUE(ping.is(asio::error::operation_aborted)) << ping;
    }
}

TEST(NoMemory, for_a_synchronous_read_is_thrown_and_ends_the_stream)
{
    open_with_peer<server_stream<mock, starved, timing::none>> f;
    std::string got;
    error_code ec;
    starved::starving = true;
    EXPECT_THROW(f.stream.read(asio::dynamic_buffer(got), ec), std::bad_alloc);
    starved::starving = false;
    f.stream.read(asio::dynamic_buffer(got), ec);
    EXPECT_EQ(ec, asio::error::operation_aborted);
}

} // namespace
