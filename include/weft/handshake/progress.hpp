// The answer of an incremental parser to a piece of its message.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_PROGRESS_HPP
#define WEFT_HANDSHAKE_PROGRESS_HPP

#include <cstddef>

#include <weft/wire/error.hpp>

namespace weft::handshake {

/// What a piece did. After a fault `consumed` counts the bytes before the one that settled it; if
/// that is `handshake_too_big`, the bytes that fitted.
struct [[nodiscard]] progress
{
    std::size_t consumed = 0;
    bool done = false;
    error fault = error::none;

    friend constexpr bool operator==(const progress&, const progress&) = default;
};

} // namespace weft::handshake

#endif
