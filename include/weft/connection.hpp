// The protocol core without Asio: policies in, a connection out. See examples/5_no_network.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_CONNECTION_HPP
#define WEFT_CONNECTION_HPP

#include <weft/policy/compose.hpp>
#include <weft/protocol/connection.hpp>
#include <weft/protocol/span_source.hpp>

namespace weft {

/// An open WebSocket connection over any transport at all: the caller moves the bytes.
template <class... Ps>
    requires composable<Ps...>
using basic_connection = connection<compose<Ps...>>;

} // namespace weft

#endif
