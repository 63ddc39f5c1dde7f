// Echo server on Boost.Beast. It prints `listening <port>`, and `FAIL …` when a client closes
// badly. SPDX-License-Identifier: BSL-1.0

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;

namespace {

using stream = websocket::stream<tcp::socket>;

asio::awaitable<void> send_fragmented(stream& ws)
{
    ws.text(true);
    co_await ws.async_write_some(false, asio::buffer("frag", 4), asio::use_awaitable);
    co_await ws.async_write_some(false, asio::buffer("mented \xe2", 8),
                                 asio::use_awaitable); // the cut lies within ✓
    co_await ws.async_write_some(true, asio::buffer("\x9c\x93 message", 10), asio::use_awaitable);
}

asio::awaitable<void> close_and_check(stream& ws)
{
    co_await ws.async_close({static_cast<websocket::close_code>(4001), "bye"}, asio::use_awaitable);
    if (ws.reason().code != 4001)
        std::printf("FAIL close-me: sent 4001, the client answered %u\n",
                    static_cast<unsigned>(ws.reason().code));
}

asio::awaitable<void> echo(stream& ws)
{
    // The pong comes while the loop below reads; the client asks for nothing else until `ponged`
    // has come, so that this is the only write.
    ws.control_callback([&ws](websocket::frame_type kind, beast::string_view payload) {
        if (kind == websocket::frame_type::pong && payload == "are you there?") {
            ws.text(true);
            ws.async_write(asio::buffer("ponged", 6), [](beast::error_code, std::size_t) {});
        }
    });
    for (beast::flat_buffer buffer;; buffer.clear()) {
        co_await ws.async_read(buffer, asio::use_awaitable);
        const auto bytes =
            std::string_view{static_cast<const char*>(buffer.data().data()), buffer.size()};
        const auto text = ws.got_text() ? bytes : std::string_view{};
        if (text == "close-me")
            co_return co_await close_and_check(ws);
        if (text == "ping-me")
            co_await ws.async_ping("are you there?", asio::use_awaitable);
        else if (text == "frag-me")
            co_await send_fragmented(ws);
        else {
            ws.text(ws.got_text());
            co_await ws.async_write(buffer.data(), asio::use_awaitable);
        }
    }
}

asio::awaitable<void> serve(tcp::socket socket)
try {
    stream ws{std::move(socket)};
    ws.read_message_max(32 << 20);
    ws.auto_fragment(false);
    co_await ws.async_accept(asio::use_awaitable);
    co_await echo(ws);
} catch (const boost::system::system_error& error) {
    if (error.code() != websocket::error::closed)
        std::printf("FAIL connection: %s\n", error.code().message().c_str());
}

asio::awaitable<void> listen(tcp::acceptor acceptor)
{
    for (;;)
        co_spawn(acceptor.get_executor(),
                 serve(co_await acceptor.async_accept(asio::use_awaitable)), asio::detached);
}

} // namespace

int main(int argc, char** argv)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const auto port = argc == 3 && std::string_view{argv[1]} == "--port" ? std::atoi(argv[2]) : 0;
    asio::io_context context{1};
    tcp::acceptor acceptor{context,
                           {asio::ip::address_v4::loopback(), static_cast<unsigned short>(port)}};
    std::printf("listening %u\n", acceptor.local_endpoint().port());
    co_spawn(context, listen(std::move(acceptor)), asio::detached);
    context.run();
}
