// The masking key (RFC 6455 §5.3), as the four bytes that stand on the wire.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_WIRE_MASKING_KEY_HPP
#define WEFT_WIRE_MASKING_KEY_HPP

#include <array>
#include <cstddef>

namespace weft {

/// Four bytes in wire order. Payload byte `i` is combined with `key[i % 4]`, whatever the byte
/// order of the machine: a key is never an integer.
using masking_key = std::array<std::byte, 4>;

} // namespace weft

#endif
