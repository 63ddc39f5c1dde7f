// The conversation (conversation.txt) held by weft. Usage: weft_client ws://127.0.0.1:PORT/
// SPDX-License-Identifier: BSL-1.0

#include "asio_client.hpp"

#include <weft/weft.hpp>

#include <cstddef>
#include <span>

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;
using conversation::message;

namespace {

using stream = weft::client_stream<
    tcp::socket, weft::observer::callback,
    weft::budget::limited<weft::budget::limits{.frame_bytes = 32u << 20,
                                               .message_bytes = 32u << 20}>,
    weft::timing::steady<weft::timing::limits{.handshake_ms = 5'000, .idle_ms = 10'000}>>;

weft::message_kind kind(bool binary)
{
    return binary ? weft::message_kind::binary : weft::message_kind::text;
}

struct connection
{
    stream ws;
    conversation::pong_bell pongs{ws.get_executor()};

    explicit connection(tcp::socket socket) : ws(std::move(socket))
    {
        ws.observer().on_control = [this](weft::opcode op, std::span<const std::byte> payload) {
            if (op == weft::opcode::pong)
                pongs.ring({reinterpret_cast<const char*>(payload.data()), payload.size()});
        };
    }

    bool is_open() const { return ws.is_open(); }

    asio::awaitable<void> handshake(const std::string& host)
    {
        co_await ws.async_handshake(host, "/", use_awaitable);
    }

    asio::awaitable<message> read()
    {
        std::string bytes;
        auto buffer = asio::dynamic_buffer(bytes);
        co_await ws.async_read(buffer, use_awaitable);
        co_return message{ws.received_kind() == weft::message_kind::binary, std::move(bytes)};
    }

    asio::awaitable<void> write(const message& m)
    {
        co_await ws.async_write(kind(m.binary), asio::buffer(m.bytes), use_awaitable);
    }

    asio::awaitable<void> write_some(bool fin, bool binary, const std::string& bytes)
    {
        co_await ws.async_write_some(fin, kind(binary), asio::buffer(bytes), use_awaitable);
    }

    asio::awaitable<void> ping(const std::string& payload)
    {
        co_await ws.async_ping(asio::buffer(payload), use_awaitable);
    }

    asio::awaitable<void> close(unsigned code, std::string_view reason)
    {
        const weft::close_reason given{static_cast<weft::close_code>(code), reason};
        co_await ws.async_close(given, use_awaitable);
    }

    conversation::close_frame received_close() const
    {
        const auto got = ws.peer_close();
        return {static_cast<unsigned>(got.code), std::string(got.reason)};
    }
};

} // namespace

int main(int argc, char** argv)
{
    return argc == 2 ? conversation::asio_client<connection>::run(conversation::url{argv[1]}) : 2;
}
