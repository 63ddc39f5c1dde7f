// The playground tries itself: a client visits every path and says what it saw.
// SPDX-License-Identifier: BSL-1.0
#ifndef PLAYGROUND_CHECK_HPP
#define PLAYGROUND_CHECK_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace playground {

/// Prints a line for each step; the number of steps that failed.
boost::asio::awaitable<int> check(boost::asio::ip::tcp::endpoint site);

} // namespace playground

#endif
