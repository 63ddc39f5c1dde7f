// What a connection costs that waits for its peer: bytes of the heap and resident bytes, before and
// after a message. idle flat|fixed|borrowed [CONNECTIONS [MESSAGE]]
#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include <weft/test/wire_writer.hpp>
#include <weft/weft.hpp>

namespace {

namespace asio = boost::asio;
using socket_type =
    asio::basic_stream_socket<asio::local::stream_protocol, asio::io_context::executor_type>;

std::size_t resident_bytes()
{
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> pages;
    return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::size_t heap_bytes() { return mallinfo2().uordblks; }

/// What has been asked of the system since it was made.
struct growth
{
    std::size_t heap = heap_bytes();
    std::size_t resident = resident_bytes();

    void print(const char* when, std::size_t connections) const
    {
        const auto each = [&](std::size_t now, std::size_t before) {
            return (static_cast<double>(now) - static_cast<double>(before)) /
                   static_cast<double>(connections);
        };
        std::printf("%-28s %8.0f %10.0f\n", when, each(heap_bytes(), heap),
                    each(resident_bytes(), resident));
    }
};

/// Reads messages into memory that nobody keeps, as a server does that is done with them.
template <class Stream>
class connection
{
public:
    explicit connection(socket_type socket) : stream_(std::move(socket)) {}

    void start()
    {
        stream_.async_accept([this](auto ec) {
            if (!ec)
                read();
        });
    }

    std::size_t messages = 0;

private:
    void read()
    {
        stream_.async_read_view([this](auto ec, asio::const_buffer) {
            if (ec)
                return;
            messages += stream_.is_message_done() ? 1 : 0;
            read();
        });
    }

    Stream stream_;
};

template <class Buffer>
int run(std::size_t count, std::size_t size)
{
    using stream = weft::server_stream<socket_type, Buffer>;
    asio::io_context io(1);
    const std::string message(size, 'm');
    const auto wire =
        weft::test::wire_writer(weft::test::example_key).add(weft::opcode::binary, message).wire();
    const std::string_view request = "GET / HTTP/1.1\r\nHost: example\r\nUpgrade: websocket\r\n"
                                     "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    std::deque<connection<stream>> connections;
    std::deque<socket_type> own, peers;
    std::printf("%-28s %8s %10s\n", "bytes per connection", "heap", "resident");
    const growth all;
    for (std::size_t i = 0; i != count; ++i)
        asio::local::connect_pair(own.emplace_back(io), peers.emplace_back(io));
    all.print("its socket", 2 * count);

    const growth streams;
    for (std::size_t i = 0; i != count; ++i) {
        auto& peer = peers[i];
        connections.emplace_back(std::move(own[i])).start();
        asio::write(peer, asio::buffer(request));
        io.poll();
        char response[512];
        peer.read_some(asio::buffer(response));
    }
    io.poll();
    streams.print("waiting for its peer", count);
    for (auto& peer : peers) {
        for (asio::const_buffer left(wire.data(), wire.size()); left.size() != 0; io.poll())
            left += peer.write_some(asio::buffer(left, 65536));
    }
    io.poll();
    for (const auto& c : connections)
        if (c.messages != 1)
            return std::fputs("a message was not read\n", stderr), 1;
    streams.print("after a message", count);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const std::string_view buffer = argc > 1 ? argv[1] : "";
    const std::size_t count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10'000;
    const std::size_t size = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 16384;
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (buffer == "flat")
        return run<weft::buffer::flat<>>(count, size);
    if (buffer == "fixed")
        return run<weft::buffer::fixed<>>(count, size);
    if (buffer == "borrowed")
        return run<weft::buffer::borrowed<>>(count, size);
    std::fputs("idle flat|fixed|borrowed [CONNECTIONS [MESSAGE]]\n", stderr);
    return 1;
}
