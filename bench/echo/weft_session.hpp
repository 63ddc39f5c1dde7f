// weft's session, as examples/3_callbacks.cpp has it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BENCH_ECHO_WEFT_SESSION_HPP
#define WEFT_BENCH_ECHO_WEFT_SESSION_HPP

#include <cstddef>
#include <string>
#include <utility>

#include <weft/weft.hpp>

#include "listen.hpp"

namespace echo {

template <class... Policies>
class weft_session
{
public:
    explicit weft_session(typed_socket socket) : stream_(std::move(socket)) {}

    void start()
    {
        stream_.async_accept([this](error_code ec) { ec ? delete this : read(); });
    }

private:
    void read()
    {
        message_.clear();
        stream_.async_read(asio::dynamic_buffer(message_),
                           [this](error_code ec, std::size_t) { ec ? delete this : write(); });
    }

    void write()
    {
        stream_.async_write(stream_.received_kind(), asio::buffer(message_),
                            [this](error_code ec, std::size_t) { ec ? delete this : read(); });
    }

    weft::server_stream<typed_socket, Policies...> stream_;
    std::string message_;
};

} // namespace echo

#endif
