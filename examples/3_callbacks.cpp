// The echo server of 1_echo_server with plain callbacks: no coroutine, no exception.
// `3_callbacks [port]`
// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <weft/weft.hpp>

namespace asio = boost::asio;
using asio::ip::tcp;
using weft::error_code;

// Each callback holds the session; when none is pending any more, it is gone with its socket.
class session : public std::enable_shared_from_this<session>
{
public:
    explicit session(tcp::socket socket) : ws_(std::move(socket)) {}

    void start()
    {
        ws_.async_accept([self = shared_from_this()](error_code error) {
            if (!error)
                self->read();
        });
    }

private:
    void read()
    {
        message_.clear();
        ws_.async_read(asio::dynamic_buffer(message_),
                       [self = shared_from_this()](error_code error, std::size_t) {
                           if (!error)
                               self->write();
                           else if (error != weft::error::closed)
                               std::cerr << error.message() << '\n';
                       });
    }

    void write()
    {
        ws_.async_write(ws_.received_kind(), asio::buffer(message_),
                        [self = shared_from_this()](error_code error, std::size_t) {
                            if (!error)
                                self->read();
                        });
    }

    weft::server_stream<tcp::socket> ws_;
    std::string message_;
};

void listen(tcp::acceptor& acceptor)
{
    acceptor.async_accept([&acceptor](error_code error, tcp::socket socket) {
        if (!error)
            std::make_shared<session>(std::move(socket))->start();
        listen(acceptor);
    });
}

int main(int argc, char** argv)
{
    const auto port = static_cast<asio::ip::port_type>(argc > 1 ? std::atoi(argv[1]) : 8080);
    asio::io_context context(1);
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
    std::cout << "ws://" << acceptor.local_endpoint() << "/" << std::endl;
    listen(acceptor);
    context.run();
}
