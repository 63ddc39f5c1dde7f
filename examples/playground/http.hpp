// One HTTP connection: requests are answered until it ends, or asks for a WebSocket.
// SPDX-License-Identifier: BSL-1.0
#ifndef PLAYGROUND_HTTP_HPP
#define PLAYGROUND_HTTP_HPP

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <weft/handshake/request.hpp>

#include "deployment.hpp"
#include "visitor.hpp"

namespace playground {

/// A request for a WebSocket at a path that there is, and all that came with it.
struct upgrade
{
    boost::asio::ip::tcp::socket socket;
    weft::handshake::request request;
    std::string early;
    route serve;
};

/// Serves the page and the list of deployments; nothing is left to do if there is no upgrade.
boost::asio::awaitable<std::optional<upgrade>> serve_http(boost::asio::ip::tcp::socket socket,
                                                          guest_list& guests);

/// The part of a request's target before the question mark.
constexpr std::string_view path_of(std::string_view target)
{
    return target.substr(0, target.find('?'));
}

} // namespace playground

#endif
