// What a stream allocates: in proportion to what has come, whatever was announced, and nothing at
// all for a message once it is warm.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <allocations.hpp>
#include <stream/fixture.hpp>

// Asio keeps its operations in memory from here, which counts like that of `new`.
extern "C" void* aligned_alloc(std::size_t align, std::size_t size) noexcept
{
    ++weft::proptest::allocations().count;
    void* p = nullptr;
    return posix_memalign(&p, std::max(align, sizeof(void*)), size) == 0 ? p : nullptr;
}

namespace {

using namespace weft;
using namespace weft::proptest;

using generous =
    budget::limited<budget::limits{.frame_bytes = 1ULL << 40, .message_bytes = 1ULL << 40}>;
using generous_server = server_stream<mock, timing::none, generous>;

const test::bytes one_gigabyte_announced =
    open_with_peer<generous_server>::frames().add(test::frame{.length = 1ULL << 30}).wire();

template <class Buffer>
void is_frugal(Buffer&& buffer)
{
    ASSERT_EQ(one_gigabyte_announced.size(), 14u);
    open_with_peer<generous_server> f;
    f.give(one_gigabyte_announced);
    outcome o;
    allocations() = {};
    f.stream.async_read(buffer, into(o));
    f.poll();
    ASSERT_TRUE(o.pending());
    ASSERT_LE(allocations().largest, 8192u) << "for 14 bytes of the peer's";
    std::size_t received = 0;
    for (const std::size_t more : {100u, 1000u, 10000u, 100000u}) {
        test::bytes payload(more);
        f.give(payload);
        received += more;
        allocations() = {};
        f.poll();
        ASSERT_LE(allocations().largest, 32 * received + 8192) << "for " << received << " bytes";
    }
}

TEST(Memory, is_asked_for_in_proportion_to_what_has_come_whatever_a_header_announces)
{
    std::string v2;
    is_frugal(asio::dynamic_buffer(v2));
    boost::beast::flat_buffer v1;
    is_frugal(v1);
}

using local =
    asio::basic_stream_socket<asio::local::stream_protocol, asio::io_context::executor_type>;

// Echoes for ever. The one handler serves both kinds of operations.
template <class Stream>
struct echoing
{
    Stream& stream;
    std::string& message;
    bool reading;

    void start() const
    {
        if (reading)
            stream.async_read(asio::dynamic_buffer(message), *this);
        else
            stream.async_write(stream.received_kind(), asio::buffer(message), *this);
    }

    void operator()(error_code ec, std::size_t) const
    {
        if (ec)
            return;
        if (!reading)
            message.clear();
        echoing{stream, message, !reading}.start();
    }
};

// What 100 messages cost, each perhaps with a ping before it.
template <class Stream>
std::size_t allocations_of_echoes(std::size_t size, opcode op, bool with_ping = false)
{
    asio::io_context io{1};
    local own(io.get_executor()), peer(io.get_executor());
    asio::local::connect_pair(own, peer);
    Stream stream(std::move(own));
    stream.adopt();
    std::string message;
    echoing<Stream>{stream, message, true}.start();

    const bool is_client = Stream::policies::role::is_client;
    test::wire_writer frames =
        is_client ? test::wire_writer() : test::wire_writer(test::example_key);
    if (with_ping)
        frames.add(opcode::ping, "ping");
    const auto wire = frames.add(op, std::string(size, 'x')).wire();
    std::string reply(size + 200, '\0');
    std::size_t before = 0;
    for (int i = 0; i != 200; ++i) {
        if (i == 100)
            before = allocations().count;
        asio::write(peer, as_buffer(wire));
        std::size_t got = 0;
        const std::size_t pong = with_ping ? 2 + (is_client ? 4 : 0) + 4 : 0;
        const std::size_t head = (size < 126 ? 2u : size < 65536 ? 4u : 10u) + (is_client ? 4 : 0);
        while (got != pong + head + size) {
            io.restart();
            io.poll();
            error_code ec;
            if (peer.available(ec) != 0)
                got += peer.read_some(asio::buffer(reply), ec);
        }
    }
    const std::size_t count = allocations().count - before;
    stream.next_layer().close();
    io.restart();
    io.run();
    return count;
}

using server_on_the_heap = server_stream<local>;
using server_inside = server_stream<local, buffer::fixed<>>;

TEST(Memory, is_not_asked_for_by_a_message_of_a_warm_stream)
{
    for (const std::size_t size : {0u, 10u, 1000u, 100000u}) {
        EXPECT_EQ(allocations_of_echoes<server_on_the_heap>(size, opcode::text), 0u) << size;
        EXPECT_EQ(allocations_of_echoes<server_inside>(size, opcode::binary), 0u) << size;
        EXPECT_EQ(allocations_of_echoes<client_stream<local>>(size, opcode::text), 0u) << size;
    }
}

// Asio keeps the memory of two operations for the next ones; a pong that leaves beside a read and a
// write is the third. And an idle connection whose buffer is on the heap owns no queue.
TEST(Memory, is_asked_for_once_by_a_pong_that_leaves_beside_others_and_once_for_its_queue)
{
    EXPECT_LE(allocations_of_echoes<server_inside>(10, opcode::text, true), 100u);
    EXPECT_LE(allocations_of_echoes<server_on_the_heap>(10, opcode::text, true), 200u);
}

} // namespace
