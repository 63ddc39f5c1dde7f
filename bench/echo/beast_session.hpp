// Beast's session, as its own examples have it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BENCH_ECHO_BEAST_SESSION_HPP
#define WEFT_BENCH_ECHO_BEAST_SESSION_HPP

#include <cstddef>
#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include "listen.hpp"

namespace echo {

namespace beast = boost::beast;

/// `Set` is called with the stream before the handshake, to set its options.
template <class Socket, void (*Set)(beast::websocket::stream<Socket>&)>
class beast_session
{
public:
    explicit beast_session(Socket socket) : stream_(std::move(socket)) { Set(stream_); }

    void start()
    {
        stream_.async_accept([this](error_code ec) { ec ? delete this : read(); });
    }

private:
    void read()
    {
        message_.clear();
        stream_.async_read(message_,
                           [this](error_code ec, std::size_t) { ec ? delete this : write(); });
    }

    void write()
    {
        stream_.text(stream_.got_text());
        stream_.async_write(message_.data(),
                            [this](error_code ec, std::size_t) { ec ? delete this : read(); });
    }

    beast::websocket::stream<Socket> stream_;
    beast::flat_buffer message_;
};

} // namespace echo

#endif
