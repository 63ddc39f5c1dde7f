// Slot `role`: who opens the connection and masks its frames (RFC 6455 §4, §5.1). No default.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_ROLE_HPP
#define WEFT_POLICY_ROLE_HPP

#include <type_traits>

#include <weft/policy/slot.hpp>

namespace weft {

namespace role {

struct slot : policy_slot
{};

/// Opens the connection, masks what it sends, refuses masked frames.
struct client
{
    using slot = role::slot;
    static constexpr bool is_client = true;
};

/// Accepts the connection, sends unmasked frames, refuses unmasked ones.
struct server
{
    using slot = role::slot;
    static constexpr bool is_client = false;
};

} // namespace role

/// `static constexpr bool is_client`.
template <class P>
concept role_policy = requires { typename std::bool_constant<P::is_client>; };

} // namespace weft

#endif
