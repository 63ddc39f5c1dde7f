// Slot `timing`: the time limits of a connection, and whose clock measures them.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_TIMING_HPP
#define WEFT_POLICY_TIMING_HPP

#include <concepts>
#include <cstdint>

#include <weft/policy/slot.hpp>

namespace weft {

namespace timing {

struct slot : policy_slot
{};

/// Milliseconds; 0 means no limit.
struct limits
{
    std::uint32_t handshake_ms = 30'000; ///< from the start of the opening handshake to its end
    std::uint32_t idle_ms = 0;           ///< while a read, a write or a close waits, without a byte
                                         ///< from the peer or to it; noticed within 1.5 times
    std::uint32_t close_ms = 5'000;      ///< from the start of closing to the transport's end
    std::uint32_t keep_alive_ms = 0;     ///< while one waits, without a byte from the peer: then it
                                         ///< is sent a ping, with a payload of our own (§5.5.2)
    std::uint32_t pong_ms = 0;           ///< from that ping to its pong; needs keep_alive_ms
    bool data_is_pong = false;           ///< any byte of the peer's serves as that pong
};

/// Limits measured by `std::chrono::steady_clock` through a timer of the layer's executor. They act
/// on asynchronous operations: `timing::steady<timing::limits{.idle_ms = 60'000}>`.
template <limits L = limits{}>
struct steady
{
    using slot = timing::slot;
    static constexpr timing::limits limits() noexcept { return L; }
};

/// No time limits, no timer: a peer that stalls is waited for as long as the caller likes.
struct none
{
    using slot = timing::slot;
    static constexpr timing::limits limits() noexcept { return {.handshake_ms = 0, .close_ms = 0}; }
};

} // namespace timing

/// `timing::limits limits() noexcept`, static or not. A policy may bring a timer of its own as
/// `template <class Executor> class timer`, constructed from an executor, with
/// `void expires_after(std::chrono::milliseconds)`, `async_wait(handler)` and `cancel()` as those
/// of `asio::steady_timer`, which is used else.
template <class P>
concept timing_policy = requires(const P timing) {
    { timing.limits() } noexcept -> std::same_as<timing::limits>;
};

} // namespace weft

#endif
