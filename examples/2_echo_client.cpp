// The first client: it sends the words of its command line and shows what comes back.
// `2_echo_client host port [message…]`, against any echo server.
// SPDX-License-Identifier: BSL-1.0
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <weft/weft.hpp>

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;

// The same as `basic_ws_stream<tcp::socket, weft::role::client>`; further policies may follow.
using stream = weft::client_stream<tcp::socket>;

asio::awaitable<void> talk(std::string host, std::string port, std::vector<std::string> messages)
{
    stream ws(co_await asio::this_coro::executor);
    tcp::resolver resolver(ws.get_executor());
    const auto addresses = co_await resolver.async_resolve(host, port, use_awaitable);
    co_await asio::async_connect(ws.next_layer(), addresses, use_awaitable);
    co_await ws.async_handshake(host + ":" + port, "/", use_awaitable);

    for (const std::string& message : messages) {
        co_await ws.async_write(weft::message_kind::text, asio::buffer(message), use_awaitable);
        std::string answer;
        co_await ws.async_read(asio::dynamic_buffer(answer), use_awaitable);
        std::cout << answer << '\n';
    }
    co_await ws.async_close({weft::close_code::normal, "that was all"}, use_awaitable);
    std::cout << "closed: " << static_cast<int>(ws.peer_close().code) << '\n';
}

int main(int argc, char** argv)
try {
    if (argc < 3) {
        std::cerr << "2_echo_client host port [message…]\n";
        return 2;
    }
    asio::io_context context(1);
    asio::co_spawn(context, talk(argv[1], argv[2], {argv + 3, argv + argc}),
                   [](std::exception_ptr failure) {
                       if (failure)
                           std::rethrow_exception(failure);
                   });
    context.run();
} catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
}
