// What makes a type a policy: it names the slot that it fills.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_SLOT_HPP
#define WEFT_POLICY_SLOT_HPP

#include <concepts>

namespace weft {

/// The base of the slot tags `role::slot`, `masking::slot`, ….
struct policy_slot
{};

/// A type that declares which of weft's slots it fills: `using slot = weft::masking::slot;`.
/// Whether it fills it well is asked by the slot's own concept.
template <class P>
concept policy = requires { typename P::slot; } && std::derived_from<typename P::slot, policy_slot>;

} // namespace weft

#endif
