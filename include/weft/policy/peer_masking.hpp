// Slot `peer_masking`: whether a server refuses a client's unmasked frame (RFC 6455 §5.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_PEER_MASKING_HPP
#define WEFT_POLICY_PEER_MASKING_HPP

#include <type_traits>

#include <weft/policy/slot.hpp>

namespace weft {

namespace peer_masking {

struct slot : policy_slot
{};

/// "The server MUST close the connection upon receiving a frame that is not masked" (§5.1), and a
/// client upon one that is.
struct required
{
    using slot = peer_masking::slot;
    static constexpr bool is_required = true;
};

/// Takes frames as they come, masked or not: for trusted links whose client saves the masking. It
/// relaxes the sentence that `required` quotes.
struct tolerated
{
    using slot = peer_masking::slot;
    static constexpr bool is_required = false;
};

} // namespace peer_masking

/// `static constexpr bool is_required`.
template <class P>
concept peer_masking_policy = requires { typename std::bool_constant<P::is_required>; };

} // namespace weft

#endif
