// A deployment: a path, the composition that serves it, and a word about what it is for.
// SPDX-License-Identifier: BSL-1.0
#ifndef PLAYGROUND_DEPLOYMENT_HPP
#define PLAYGROUND_DEPLOYMENT_HPP

#include <array>
#include <cstddef>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace playground {

struct visitor;

/// Serves a connection that asks for a WebSocket, from the handshake to the end.
using route = boost::asio::awaitable<void> (*)(visitor);

struct deployment
{
    std::string_view path;
    std::string_view purpose;
    std::string_view policies;
    std::size_t message_bytes; ///< the longest message that it takes
    bool checks_text;          ///< whether it refuses text that is not UTF-8
    route serve;
};

// Each is in the file of its name in deployments/. A new one needs such a file and a line here.
extern const deployment strict;
extern const deployment fixed;
extern const deployment deferred;
extern const deployment unchecked;
extern const deployment bytewise;

inline constexpr std::array all_deployments{&strict, &fixed, &deferred, &unchecked, &bytewise};

} // namespace playground

#endif
