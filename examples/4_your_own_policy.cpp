// Policies of your own: a masking that counts what passes through it, and a budget whose values are
// known only at run time. Client and server talk over loopback until the server has had enough.
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <weft/weft.hpp>

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;

// A policy says which slot it fills and has what the slot's concept asks for, here
// `weft::masking_policy`. It may stand on one of weft's own.
struct counting_mask
{
    using slot = weft::masking::slot;

    static inline std::uint64_t bytes_masked = 0; // this program has one thread

    static void apply(std::span<std::byte> bytes, weft::masking_key key, std::size_t phase) noexcept
    {
        weft::masking::word::apply(bytes, key, phase);
        bytes_masked += bytes.size();
    }
};

// A policy may have values. Every stream carries its own, given to its constructor.
struct customers_budget
{
    using slot = weft::budget::slot;

    std::uint64_t message_bytes;

    weft::budget::limits limits() const noexcept { return {.message_bytes = message_bytes}; }
};

using server_stream = weft::server_stream<tcp::socket, customers_budget>;
using client_stream = weft::client_stream<tcp::socket, counting_mask>;

asio::awaitable<void> echo(tcp::socket socket, customers_budget budget)
{
    server_stream ws(std::move(socket), budget);
    co_await ws.async_accept(use_awaitable);
    for (std::string message;; message.clear()) {
        co_await ws.async_read(asio::dynamic_buffer(message), use_awaitable);
        co_await ws.async_write(ws.received_kind(), asio::buffer(message), use_awaitable);
    }
}

// Doubles its message until the server closes the connection.
asio::awaitable<void> grow(tcp::socket socket)
{
    client_stream ws(std::move(socket));
    co_await ws.async_handshake("localhost", "/", use_awaitable);
    try {
        for (std::string message = "grow";; message += message) {
            co_await ws.async_write(weft::message_kind::text, asio::buffer(message), use_awaitable);
            std::string answer;
            co_await ws.async_read(asio::dynamic_buffer(answer), use_awaitable);
            std::cout << answer.size() << " bytes came back\n";
        }
    } catch (const boost::system::system_error& end) {
        if (end.code() != weft::error::closed)
            throw;
    }
    std::cout << "the server closed with " << static_cast<int>(ws.peer_close().code) << '\n';
    std::cout << counting_mask::bytes_masked << " bytes were masked\n";
    if (ws.peer_close().code != weft::close_code::message_too_big)
        throw std::runtime_error("that is not why it should have closed");
}

int main(int argc, char** argv)
try {
    const int given = argc > 1 ? std::atoi(argv[1]) : 1000;
    const customers_budget budget{static_cast<std::uint64_t>(std::max(given, 0))};

    asio::io_context context(1);
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    tcp::socket near(context);
    near.connect(acceptor.local_endpoint());
    asio::co_spawn(context, echo(acceptor.accept(), budget), asio::detached);
    asio::co_spawn(context, grow(std::move(near)), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
    context.run();
} catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
}
