// weft with everything that makes it cheaper for this traffic: answers are gathered, no time is
// limited, messages go to memory that is there already, and Asio, which is told that there is one
// thread only, locks nothing.
// SPDX-License-Identifier: BSL-1.0

#include <array>
#include <cstddef>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <weft/weft.hpp>

#include "listen.hpp"

namespace {

class session
{
public:
    explicit session(echo::typed_socket socket) : stream_(std::move(socket)) {}

    void start()
    {
        stream_.async_accept([this](echo::error_code ec) { ec ? delete this : read(0); });
    }

private:
    void read(std::size_t held)
    {
        stream_.async_read_some(echo::asio::buffer(message_) + held,
                                [this, held](echo::error_code ec, std::size_t n) {
                                    if (ec || (n == 0 && !stream_.is_message_done()))
                                        delete this; // an error, or a message too long
                                    else if (stream_.is_message_done())
                                        write(held + n);
                                    else
                                        read(held + n);
                                });
    }

    void write(std::size_t size)
    {
        stream_.async_write(
            stream_.received_kind(), echo::asio::buffer(message_, size),
            [this](echo::error_code ec, std::size_t) { ec ? delete this : read(0); });
    }

    weft::server_stream<echo::typed_socket, weft::writing::corked<65536>, weft::buffer::flat<65536>,
                        weft::timing::none>
        stream_;
    std::array<char, 65536> message_;
};

} // namespace

int main() { return echo::serve<session, echo::typed_socket>(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE); }
