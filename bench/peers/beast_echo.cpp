// What examples/1_echo_server.cpp does, with Beast: for compile_time.sh.
// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <iostream>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

asio::awaitable<void> echo(tcp::socket socket)
{
    beast::websocket::stream<tcp::socket> ws(std::move(socket));
    co_await ws.async_accept(asio::use_awaitable);
    for (beast::flat_buffer message;; message.clear()) {
        co_await ws.async_read(message, asio::use_awaitable);
        ws.text(ws.got_text());
        co_await ws.async_write(message.data(), asio::use_awaitable);
    }
}

asio::awaitable<void> listen(tcp::acceptor acceptor)
{
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
        if (!error)
            asio::co_spawn(acceptor.get_executor(), echo(std::move(socket)), asio::detached);
    }
}

int main(int argc, char** argv)
{
    const auto port = static_cast<asio::ip::port_type>(argc > 1 ? std::atoi(argv[1]) : 8080);
    asio::io_context context(1);
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
    std::cout << "ws://" << acceptor.local_endpoint() << "/" << std::endl;
    asio::co_spawn(context, listen(std::move(acceptor)), asio::detached);
    context.run();
}
