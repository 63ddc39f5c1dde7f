// Slot `writing`: what becomes of a write while another one is active, and when it leaves.
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

/// One write at a time; another one fails with `error::operation_in_progress`. The caller queues,
/// who knows what may wait, and for how long. Nothing waits in the stream; a server copies nothing.
struct exclusive
{
    using slot = writing::slot;
    static constexpr std::size_t waiting_bytes = 0;
    static constexpr bool corks = false;
};

/// Any number of writes, which leave in the order of their calls, all that wait in one write of the
/// layer below, control frames before them. A write that finds others active is copied; it
/// completes when its message has left. Up to `Bytes`, headers included, may wait: a write beyond
/// that fails with `error::write_queue_full`, and nothing of it is sent.
/// Cancelling a write takes its message back unless something of it has left: then it goes on. A
/// part (`write_some`) that waits is not taken back, because others continue it.
template <std::size_t Bytes = 65536>
    requires(Bytes > 0)
struct queued
{
    using slot = writing::slot;
    static constexpr std::size_t waiting_bytes = Bytes;
    static constexpr bool corks = false;
};

/// One write at a time, which is copied and completes at once, as long as no more than `Bytes`
/// wait, headers included; what was gathered leaves in one write of the layer below when the
/// handlers that run have returned: the answers to all the messages that one read has brought, if
/// each handler reads the next. A message that finds no room waits until those before it have left,
/// and leaves from the caller's memory. When something can't be sent, later operations say so.
template <std::size_t Bytes = 16384>
    requires(Bytes > 0)
struct corked
{
    using slot = writing::slot;
    static constexpr std::size_t waiting_bytes = Bytes;
    static constexpr bool corks = true;
};

} // namespace writing

/// `static constexpr std::size_t waiting_bytes`: how much may wait, 0 for one write at a time;
/// `static constexpr bool corks`: it waits until the handlers that run have returned.
template <class P>
concept writing_policy = requires {
    { P::waiting_bytes } -> std::convertible_to<std::size_t>;
    { P::corks } -> std::convertible_to<bool>;
    requires P::waiting_bytes != 0 || !P::corks;
};

} // namespace weft

#endif
