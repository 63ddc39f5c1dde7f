// The stream that users compose: WebSocket over any Asio stream (RFC 6455).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_BASIC_WS_STREAM_HPP
#define WEFT_STREAM_BASIC_WS_STREAM_HPP

#include <weft/policy/compose.hpp>
#include <weft/stream/stream_core.hpp>

namespace weft {

/// A WebSocket stream over `NextLayer`, an Asio stream, composed of policies in any order:
///
///     using stream = weft::basic_ws_stream<asio::ip::tcp::socket, weft::role::server,
///                                          weft::buffer::flat<65536>>;
///
/// Each slot but the role has a default. What it can do is in `stream_core`, which is the same type
/// for every order of the same policies.
template <class NextLayer, class... Ps>
    requires composable<Ps...>
class basic_ws_stream : public detail::stream_core<NextLayer, compose<Ps...>>
{
    using core = detail::stream_core<NextLayer, compose<Ps...>>;

public:
    using core::core;

    /// The same composition over the layer that `Executor` makes of this one.
    template <class Executor>
    struct rebind_executor
    {
        using other =
            basic_ws_stream<typename NextLayer::template rebind_executor<Executor>::other, Ps...>;
    };
};

template <class NextLayer, class... Ps>
using client_stream = basic_ws_stream<NextLayer, role::client, Ps...>;

template <class NextLayer, class... Ps>
using server_stream = basic_ws_stream<NextLayer, role::server, Ps...>;

} // namespace weft

#endif
