// Slot `budget`: everything that a peer can cost us (RFC 6455 §10.4).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_BUDGET_HPP
#define WEFT_POLICY_BUDGET_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <weft/policy/slot.hpp>

namespace weft {

namespace budget {

struct slot : policy_slot
{};

/// Each limit is the largest value that is still accepted. They are compared with what remains,
/// never added to, and before anything is allocated.
struct limits
{
    std::uint64_t frame_bytes = 16u << 20;   ///< payload of a data frame
    std::uint64_t message_bytes = 16u << 20; ///< payload of a message, over all its frames
    std::uint32_t fragments = 1u << 16;      ///< frames of a message
    std::uint16_t control_backlog = 16;      ///< control frames that wait to be sent, at least 2;
                                             ///< beyond it the oldest pong is dropped,
                                             ///< never the latest (§5.5.3); a change counts
                                             ///< when none waits
    std::size_t handshake_bytes = 16384;     ///< head of the peer's request or response
    std::size_t handshake_fields = 100;      ///< header fields in it
    std::size_t drain_bytes = 1u << 20;      ///< bytes read and discarded while closing
};

/// Limits fixed at compile time: `budget::limited<budget::limits{.message_bytes = 65536}>`.
template <limits L = limits{}>
struct limited
{
    using slot = budget::slot;
    static constexpr budget::limits limits() noexcept { return L; }
};

} // namespace budget

/// `budget::limits limits() noexcept`, static or not; asked often, so it should be cheap.
template <class P>
concept budget_policy = requires(const P budget) {
    { budget.limits() } noexcept -> std::same_as<budget::limits>;
};

} // namespace weft

#endif
