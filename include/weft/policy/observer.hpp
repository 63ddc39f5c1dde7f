// Slot `observer`: who is told of the peer's control frames, and whether pings are answered for
// him. SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_OBSERVER_HPP
#define WEFT_POLICY_OBSERVER_HPP

#include <concepts>
#include <cstddef>
#include <functional>
#include <span>

#include <weft/policy/slot.hpp>
#include <weft/wire/opcode.hpp>

namespace weft {

namespace observer {

struct slot : policy_slot
{};

/// Nobody; costs nothing.
struct none
{
    using slot = observer::slot;
};

/// A function that may be set at any time: `stream.observer().on_control = …`. It must not throw.
struct callback
{
    using slot = observer::slot;

    void control(opcode op, std::span<const std::byte> payload) const noexcept
    {
        if (on_control)
            on_control(op, payload);
    }

    std::function<void(opcode, std::span<const std::byte>)> on_control;
};

} // namespace observer

/// `void control(opcode, std::span<const std::byte> payload) noexcept`: called for each ping and
/// pong, and for the close frame, with its reason, that a read or a close operation comes upon,
/// inside it. It may start operations, but must not destroy the stream. The payload is valid during
/// the call.
/// Optional: `static constexpr bool answers_pings = false`: weft sends no pongs by itself, and the
/// program does: "Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in response,
/// unless it already received a Close frame" (RFC 6455 §5.5.2).
template <class P>
concept observer_policy = std::default_initializable<P> &&
                          (std::same_as<P, observer::none> ||
                           requires(P observer, opcode op, std::span<const std::byte> payload) {
                               { observer.control(op, payload) } noexcept;
                           });

namespace detail {

template <class Observer>
inline constexpr bool answers_pings = true;

template <class Observer>
    requires requires { Observer::answers_pings; }
inline constexpr bool answers_pings<Observer> = Observer::answers_pings;

} // namespace detail

} // namespace weft

#endif
