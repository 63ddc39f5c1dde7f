// What examples/1_echo_server.cpp does, without WebSocket: for compile_time.sh.
// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cstdlib>
#include <iostream>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace asio = boost::asio;
using asio::ip::tcp;

asio::awaitable<void> echo(tcp::socket socket)
{
    for (std::array<char, 8192> some;;) {
        const std::size_t n =
            co_await socket.async_read_some(asio::buffer(some), asio::use_awaitable);
        co_await asio::async_write(socket, asio::buffer(some, n), asio::use_awaitable);
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
    std::cout << acceptor.local_endpoint() << std::endl;
    asio::co_spawn(context, listen(std::move(acceptor)), asio::detached);
    context.run();
}
