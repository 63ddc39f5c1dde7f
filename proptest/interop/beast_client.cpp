// The conversation (conversation.txt) held by Boost.Beast. Usage: beast_client ws://127.0.0.1:PORT/
// SPDX-License-Identifier: BSL-1.0

#include "asio_client.hpp"

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::use_awaitable;
using asio::ip::tcp;
using conversation::message;

namespace {

struct connection
{
    websocket::stream<tcp::socket> ws;
    conversation::pong_bell pongs{ws.get_executor()};

    explicit connection(tcp::socket socket) : ws(std::move(socket))
    {
        ws.read_message_max(32 << 20);
        ws.auto_fragment(false);
        ws.set_option({std::chrono::seconds(5), std::chrono::seconds(10), false});
        ws.control_callback([this](websocket::frame_type kind, beast::string_view payload) {
            if (kind == websocket::frame_type::pong)
                pongs.ring(payload);
        });
    }

    bool is_open() const { return ws.is_open(); }

    asio::awaitable<void> handshake(const std::string& host)
    {
        co_await ws.async_handshake(host, "/", use_awaitable);
    }

    asio::awaitable<message> read()
    {
        beast::flat_buffer buffer;
        co_await ws.async_read(buffer, use_awaitable);
        co_return message{ws.got_binary(), beast::buffers_to_string(buffer.data())};
    }

    asio::awaitable<void> write(const message& m)
    {
        ws.binary(m.binary);
        co_await ws.async_write(asio::buffer(m.bytes), use_awaitable);
    }

    asio::awaitable<void> write_some(bool fin, bool binary, const std::string& bytes)
    {
        ws.binary(binary);
        co_await ws.async_write_some(fin, asio::buffer(bytes), use_awaitable);
    }

    asio::awaitable<void> ping(const std::string& payload)
    {
        co_await ws.async_ping({payload.data(), payload.size()}, use_awaitable);
    }

    asio::awaitable<void> close(unsigned code, std::string_view reason)
    {
        const auto given = static_cast<websocket::close_code>(code);
        co_await ws.async_close({given, {reason.data(), reason.size()}}, use_awaitable);
    }

    conversation::close_frame received_close() const
    {
        const auto& got = ws.reason();
        return {got.code, {got.reason.data(), got.reason.size()}};
    }
};

} // namespace

int main(int argc, char** argv)
{
    return argc == 2 ? conversation::asio_client<connection>::run(conversation::url{argv[1]}) : 2;
}
