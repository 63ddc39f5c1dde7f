// No WebSocket at all: every byte goes back as it came, the handshake's too. What Asio, the kernel
// and the measuring cost without a library.
// SPDX-License-Identifier: BSL-1.0

#include <array>
#include <cstddef>

#include <boost/asio/buffer.hpp>

#include "listen.hpp"

namespace {

class session
{
public:
    explicit session(echo::typed_socket socket) : socket_(std::move(socket)) {}

    void start() { read(); }

private:
    void read()
    {
        socket_.async_read_some(echo::asio::buffer(bytes_),
                                [this](echo::error_code ec, std::size_t n) {
                                    if (ec)
                                        delete this;
                                    else
                                        write(0, n);
                                });
    }

    void write(std::size_t begin, std::size_t end)
    {
        socket_.async_write_some(echo::asio::buffer(bytes_.data() + begin, end - begin),
                                 [this, begin, end](echo::error_code ec, std::size_t n) {
                                     if (ec)
                                         delete this;
                                     else if (begin + n != end)
                                         write(begin + n, end);
                                     else
                                         read();
                                 });
    }

    echo::typed_socket socket_;
    std::array<char, 65536> bytes_;
};

} // namespace

int main() { return echo::serve<session, echo::typed_socket>(); }
