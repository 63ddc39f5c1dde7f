// Frame opcodes (RFC 6455 §5.2, §11.8).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_WIRE_OPCODE_HPP
#define WEFT_WIRE_OPCODE_HPP

#include <cstdint>

namespace weft {

/// The four bits that say what a frame's payload is (RFC 6455 §5.2).
enum class opcode : std::uint8_t {
    continuation = 0x0,
    text = 0x1,
    binary = 0x2,
    close = 0x8,
    ping = 0x9,
    pong = 0xA
};

/// What a message carries: valid UTF-8, or any bytes (RFC 6455 §5.6).
enum class message_kind : std::uint8_t { text = 0x1, binary = 0x2 };

/// Control frames have the top bit of the opcode set (RFC 6455 §5.5).
constexpr bool is_control(opcode op) noexcept { return (static_cast<std::uint8_t>(op) & 0x8) != 0; }

/// Opcodes 3–7 and B–F are reserved; a peer that sends one is failed (RFC 6455 §5.2).
constexpr bool is_reserved(opcode op) noexcept { return (static_cast<std::uint8_t>(op) & 0x7) > 2; }

constexpr opcode opcode_of(message_kind kind) noexcept { return static_cast<opcode>(kind); }

static_assert(is_control(opcode::pong) && !is_control(opcode::binary));
static_assert(is_reserved(opcode{0x3}) && is_reserved(opcode{0xB}) && !is_reserved(opcode::pong));

} // namespace weft

#endif
