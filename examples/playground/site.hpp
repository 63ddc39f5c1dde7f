// The HTTP port: it serves the page, and hands requests for a WebSocket over to weft.
// SPDX-License-Identifier: BSL-1.0
#ifndef PLAYGROUND_SITE_HPP
#define PLAYGROUND_SITE_HPP

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "visitor.hpp"

namespace playground {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Runs on one thread, its context's. Whatever a client does ends that client's connection only.
class site
{
public:
    static constexpr std::size_t connections_max = 400; ///< more wait in the system's queue

    site(asio::io_context& context, const tcp::endpoint& at);

    tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

    /// Takes connections until `stop`, which also asks everyone who is here to leave. The context
    /// runs out of work when they have, or have been given up.
    void start();
    void stop();

private:
    asio::awaitable<void> take_connections();
    asio::awaitable<void> welcome(tcp::socket socket);
    std::shared_ptr<journal> journal_of(std::string_view target);

    tcp::acceptor acceptor_;
    guest_list guests_;
    // By the session's name. A journal is kept by the connections that use it.
    std::map<std::string, std::weak_ptr<journal>> journals_;
};

} // namespace playground

#endif
