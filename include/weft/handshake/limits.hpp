// What a peer may cost us before the connection is open (RFC 6455 §10.4).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_LIMITS_HPP
#define WEFT_HANDSHAKE_LIMITS_HPP

#include <cstddef>

namespace weft::handshake {

/// What a peer may spend on its head (RFC 6455 §10.4).
struct limits
{
    std::size_t bytes = 8192; ///< start line, fields and the empty line; more than 4 GiB is 4 GiB
    std::size_t fields = 100;
};

} // namespace weft::handshake

#endif
