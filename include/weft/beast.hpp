// Accepting a connection whose request a server on Boost.Beast's HTTP has read (RFC 6455 §4.2). No
// other header includes Beast.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BEAST_HPP
#define WEFT_BEAST_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <weft/weft.hpp>

namespace weft {

/// The head of a request as Beast has parsed it. It passes through weft's own parser, so that the
/// same rules hold and the same errors are reported as for a request that weft reads. O(size).
template <class Fields>
handshake::request to_request(const boost::beast::http::request_header<Fields>& head,
                              handshake::limits allowed = {})
{
    const auto view = [](auto text) { return std::string_view(text.data(), text.size()); };
    std::string line(view(head.method_string()));
    line.append(1, ' ').append(view(head.target())).append(" HTTP/");
    line.append(std::to_string(head.version() / 10)).append(1, '.');
    line.append(std::to_string(head.version() % 10));
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    for (const auto& field : head)
        fields.emplace_back(view(field.name_string()), view(field.value()));
    return handshake::request::from_line(line, fields, allowed);
}

/// Accepts the connection of which `head` was the request, as `stream.accept(decide)` does.
/// A `boost::beast::http::request` is its own head. `early` is what is left in the buffer that it
/// was read with: those bytes belong to the stream now, and must stay valid until the operation
/// starts. The stream must be made of the socket that `head` came from.
template <class Stream, class Fields, decider Decide>
void accept(Stream& stream, const boost::beast::http::request_header<Fields>& head,
            boost::asio::const_buffer early, Decide decide, error_code& ec)
{
    stream.accept(to_request(head, stream.handshake_limits()), early, std::move(decide), ec);
}

template <class Stream, class Fields>
void accept(Stream& stream, const boost::beast::http::request_header<Fields>& head,
            boost::asio::const_buffer early, error_code& ec)
{
    accept(stream, head, early, detail::accept_all(), ec);
}

template <class Stream, class Fields, decider Decide = detail::accept_all>
void accept(Stream& stream, const boost::beast::http::request_header<Fields>& head,
            boost::asio::const_buffer early = {}, Decide decide = {})
{
    error_code ec;
    accept(stream, head, early, std::move(decide), ec);
    if (ec)
        boost::throw_exception(boost::system::system_error(ec));
}

template <
    class Stream, class Fields, decider Decide,
    boost::asio::completion_token_for<void(error_code)> Token = typename Stream::default_token>
auto async_accept(Stream& stream, const boost::beast::http::request_header<Fields>& head,
                  boost::asio::const_buffer early, Decide decide, Token&& token = Token())
{
    return stream.async_accept(to_request(head, stream.handshake_limits()), early,
                               std::move(decide), std::forward<Token>(token));
}

template <
    class Stream, class Fields,
    boost::asio::completion_token_for<void(error_code)> Token = typename Stream::default_token>
    requires(!decider<Token>)
auto async_accept(Stream& stream, const boost::beast::http::request_header<Fields>& head,
                  boost::asio::const_buffer early, Token&& token = Token())
{
    return async_accept(stream, head, early, detail::accept_all(), std::forward<Token>(token));
}

} // namespace weft

#endif
