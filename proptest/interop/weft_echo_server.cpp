// Echo server on weft. It prints `listening <port>`, and `FAIL …` when a client closes badly.
// SPDX-License-Identifier: BSL-1.0

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <weft/weft.hpp>

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

using stream = weft::basic_ws_stream<tcp::socket, weft::role::server, weft::observer::callback,
                                     weft::budget::limited<weft::budget::limits{
                                         .frame_bytes = 32u << 20, .message_bytes = 32u << 20}>>;

constexpr auto text = weft::message_kind::text;

asio::awaitable<void> send_fragmented(stream& ws)
{
    co_await ws.async_write_some(false, text, asio::buffer("frag", 4), use_awaitable);
    // The cut lies within ✓.
    co_await ws.async_write_some(false, text, asio::buffer("mented \xe2", 8), use_awaitable);
    co_await ws.async_write_some(true, text, asio::buffer("\x9c\x93 message", 10), use_awaitable);
}

asio::awaitable<void> close_and_check(stream& ws)
{
    co_await ws.async_close({weft::close_code{4001}, "bye"}, use_awaitable);
    const auto answered = static_cast<unsigned>(ws.peer_close().code);
    if (answered != 4001)
        std::printf("FAIL close-me: sent 4001, the client answered %u\n", answered);
}

asio::awaitable<void> echo(stream& ws)
{
    // The pong comes while the loop below reads; the client asks for nothing else until `ponged`
    // has come, so that this is the only write.
    ws.observer().on_control = [&ws](weft::opcode op, std::span<const std::byte> payload) {
        const auto* const bytes = reinterpret_cast<const char*>(payload.data());
        if (op == weft::opcode::pong && std::string_view{bytes, payload.size()} == "are you there?")
            ws.async_write(text, asio::buffer("ponged", 6), asio::detached);
    };
    for (std::string message;; message.clear()) {
        auto buffer = asio::dynamic_buffer(message);
        co_await ws.async_read(buffer, use_awaitable);
        const auto said = ws.received_kind() == text ? std::string_view{message} : "";
        if (said == "close-me")
            co_return co_await close_and_check(ws);
        if (said == "ping-me")
            co_await ws.async_ping(asio::buffer("are you there?", 14), use_awaitable);
        else if (said == "frag-me")
            co_await send_fragmented(ws);
        else
            co_await ws.async_write(ws.received_kind(), asio::buffer(message), use_awaitable);
    }
}

asio::awaitable<void> serve(tcp::socket socket)
try {
    stream ws{std::move(socket)};
    co_await ws.async_accept(use_awaitable);
    co_await echo(ws);
} catch (const boost::system::system_error& error) {
    if (error.code() != weft::error::closed)
        std::printf("FAIL connection: %s\n", error.code().message().c_str());
}

asio::awaitable<void> listen(tcp::acceptor acceptor)
{
    for (;;) {
        auto socket = co_await acceptor.async_accept(use_awaitable);
        co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
    }
}

} // namespace

int main(int argc, char** argv)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const bool given = argc == 3 && std::string_view{argv[1]} == "--port";
    const auto port = static_cast<unsigned short>(given ? std::atoi(argv[2]) : 0);
    asio::io_context context{1};
    tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), port}};
    std::printf("listening %u\n", acceptor.local_endpoint().port());
    co_spawn(context, listen(std::move(acceptor)), asio::detached);
    context.run();
}
