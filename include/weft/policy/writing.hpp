// Slot `writing`: what becomes of a write while another one is active.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_WRITING_HPP
#define WEFT_POLICY_WRITING_HPP

#include <concepts>
#include <cstddef>

#include <weft/policy/slot.hpp>

namespace weft {

namespace writing {

struct slot : policy_slot
{};

/// It fails with `error::operation_in_progress`: the caller queues, who knows what may wait, and
/// for how long. Nothing is copied by a server.
struct exclusive
{
    using slot = writing::slot;
    static constexpr std::size_t waiting_bytes = 0;
};

} // namespace writing

} // namespace weft

#endif
