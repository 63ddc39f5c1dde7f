// The first server: it sends every message back. `1_echo_server [port]`
// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <weft/weft.hpp>

namespace asio = boost::asio;
using asio::ip::tcp;

// One deployment: its policies stand in any order, and every slot but the role has a default.
// clang-format off
using stream = weft::basic_ws_stream<
    tcp::socket,
    weft::role::server,
    weft::masking::simd,
    weft::utf8::strict,
    weft::buffer::flat<8192>>;
// clang-format on

asio::awaitable<void> echo(tcp::socket socket)
{
    stream ws(std::move(socket));
    co_await ws.async_accept(asio::use_awaitable);
    for (std::string message;; message.clear()) {
        co_await ws.async_read(asio::dynamic_buffer(message), asio::use_awaitable);
        co_await ws.async_write(ws.received_kind(), asio::buffer(message), asio::use_awaitable);
    }
}

// A connection ends with an exception, `weft::error::closed` if all went well: `detached` drops it.
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
