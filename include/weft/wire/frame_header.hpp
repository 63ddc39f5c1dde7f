// The frame header: decode and encode (RFC 6455 §5.2).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_WIRE_FRAME_HEADER_HPP
#define WEFT_WIRE_FRAME_HEADER_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <weft/wire/error.hpp>
#include <weft/wire/masking_key.hpp>
#include <weft/wire/opcode.hpp>

namespace weft {

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-------+-+-------------+-------------------------------+
//  |F|R|R|R| opcode|M| length (7)  |  length (16 if 126, 64 if 127) |
//  |I|S|S|S|  (4)  |A|             |                                |
//  |N|V|V|V|       |S|             |        masking key (if M)      |
//  +-+-+-+-+-------+-+-------------+-------------------------------+

inline constexpr std::size_t frame_header_size_max = 14;
inline constexpr std::size_t control_payload_max = 125;

/// A frame without its payload. `key` means something only if `masked`.
struct frame_header
{
    opcode op = opcode::binary;
    bool fin = true;
    bool masked = false;
    std::uint8_t reserved_bits = 0; ///< RSV1–3 in their places on the wire: 0x40, 0x20, 0x10
    masking_key key{};
    std::uint64_t payload_size = 0;

    friend constexpr bool operator==(const frame_header&, const frame_header&) = default;
};

/// Whether frames must be masked: those of a client must, those of a server must not (§5.1).
enum class mask_rule : std::uint8_t { either, required, forbidden };

/// Where in a message the next data frame stands (§5.4).
enum class message_position : std::uint8_t {
    unknown, ///< any data frame passes
    between, ///< the last message is finished: no continuation
    inside   ///< a message is unfinished: nothing but a continuation
};

/// What the connection's state demands of the next frame.
struct frame_rules
{
    mask_rule mask = mask_rule::either;
    message_position position = message_position::unknown;
    std::uint8_t reserved_bits = 0; ///< bits that an extension allows on a message's first frame
};

/// `decode`'s answer. An error is reported with the first byte that settles it. Without an error
/// and with `size == 0` more bytes are needed; that is not an error.
struct [[nodiscard]] decoded_header
{
    error fault = error::none;
    std::size_t size = 0; ///< bytes of the header
    frame_header header{};

    constexpr explicit operator bool() const noexcept { return size != 0; }
};

namespace detail {

constexpr unsigned octet(std::byte b) noexcept { return std::to_integer<unsigned>(b); }

constexpr error check_first_byte(unsigned b, const frame_rules& rules) noexcept
{
    const auto op = static_cast<opcode>(b & 0x0F);
    const bool fin = (b & 0x80) != 0;
    const bool starts_message = op == opcode::text || op == opcode::binary;
    if ((b & 0x70 & ~(starts_message ? unsigned{rules.reserved_bits} : 0U)) != 0)
        return error::reserved_bits;
    if (is_reserved(op))
        return error::reserved_opcode;
    if (is_control(op))
        return fin ? error::none : error::fragmented_control;
    if (starts_message && rules.position == message_position::inside)
        return error::unfinished_message;
    if (!starts_message && rules.position == message_position::between)
        return error::unexpected_continuation;
    return error::none;
}

constexpr error check_second_byte(unsigned first, unsigned b, const frame_rules& rules) noexcept
{
    const bool masked = (b & 0x80) != 0;
    if (masked && rules.mask == mask_rule::forbidden)
        return error::masked_frame;
    if (!masked && rules.mask == mask_rule::required)
        return error::unmasked_frame;
    if (is_control(static_cast<opcode>(first & 0x0F)) && (b & 0x7F) > control_payload_max)
        return error::control_too_long;
    return error::none;
}

// The extended length's bytes as far as they have come: 2 of them after 126, 8 after 127.
constexpr error check_length(std::span<const std::byte> bytes, std::size_t width) noexcept
{
    if (width == 8 && !bytes.empty() && octet(bytes[0]) >= 0x80)
        return error::length_top_bit;
    // The last two bytes of the long form, and the last of the short one when the first is 0,
    // decide nothing: a length of 64 bits needs a bit above the 16th, one of 16 bits exceeds 125.
    const std::size_t decisive = width == 8 ? 6 : 2;
    if (bytes.size() < decisive)
        return error::none;
    if (width == 2)
        return octet(bytes[0]) == 0 && octet(bytes[1]) < 126 ? error::length_not_minimal
                                                             : error::none;
    for (const std::byte b : bytes.first(decisive))
        if (b != std::byte{0})
            return error::none;
    return error::length_not_minimal;
}

constexpr std::uint64_t big_endian(std::span<const std::byte> bytes) noexcept
{
    std::uint64_t value = 0;
    for (const std::byte b : bytes)
        value = value << 8 | octet(b);
    return value;
}

} // namespace detail

/// Bytes that the header of a frame of `payload_size` bytes has: 2 to 14.
constexpr std::size_t frame_header_size(std::uint64_t payload_size, bool masked) noexcept
{
    const std::size_t length = payload_size < 126 ? 0 : payload_size < 65536 ? 2 : 8;
    return 2 + length + (masked ? 4 : 0);
}

/// Decodes the header that `in` begins with, and checks everything that a header alone can break
/// (§5.1, §5.2, §5.4, §5.5). Reads at most 14 bytes. O(1).
constexpr decoded_header decode(std::span<const std::byte> in,
                                const frame_rules& rules = {}) noexcept
{
    decoded_header out;
    if (in.empty())
        return out;
    const unsigned first = detail::octet(in[0]);
    out.fault = detail::check_first_byte(first, rules);
    if (out.fault != error::none || in.size() < 2)
        return out;
    const unsigned second = detail::octet(in[1]);
    out.fault = detail::check_second_byte(first, second, rules);
    if (out.fault != error::none)
        return out;

    const unsigned length = second & 0x7F;
    const std::size_t width = length < 126 ? 0 : length == 126 ? 2 : 8;
    const auto extended = in.subspan(2).first(width < in.size() - 2 ? width : in.size() - 2);
    if (width != 0) {
        out.fault = detail::check_length(extended, width);
        if (out.fault != error::none)
            return out;
    }
    const bool masked = (second & 0x80) != 0;
    const std::size_t size = 2 + width + (masked ? 4 : 0);
    if (in.size() < size)
        return out;

    out.size = size;
    out.header.op = static_cast<opcode>(first & 0x0F);
    out.header.fin = (first & 0x80) != 0;
    out.header.masked = masked;
    out.header.reserved_bits = static_cast<std::uint8_t>(first & 0x70);
    out.header.payload_size = width == 0 ? length : detail::big_endian(extended);
    if (masked)
        out.header.key = {in[size - 4], in[size - 3], in[size - 2], in[size - 1]};
    return out;
}

/// Writes the one canonical form of `header` to the front of `out` and returns its size.
/// Precondition: `out` has `frame_header_size(...)` bytes; the length's top bit is clear. O(1).
constexpr std::size_t encode(const frame_header& header, std::span<std::byte> out) noexcept
{
    const auto put = [&out](std::size_t at, std::uint64_t value) {
        out[at] = static_cast<std::byte>(value & 0xFF);
    };
    const std::uint64_t n = header.payload_size;
    const std::size_t width = n < 126 ? 0 : n < 65536 ? 2 : 8;
    const unsigned length = width == 0 ? static_cast<unsigned>(n) : width == 2 ? 126U : 127U;
    put(0, (header.fin ? 0x80U : 0U) | header.reserved_bits | static_cast<unsigned>(header.op));
    put(1, (header.masked ? 0x80U : 0U) | length);
    for (std::size_t i = 0; i < width; ++i)
        put(2 + i, n >> (8 * (width - 1 - i)));
    std::size_t size = 2 + width;
    if (header.masked)
        for (const std::byte b : header.key)
            out[size++] = b;
    return size;
}

namespace detail {

template <class... Bytes>
constexpr decoded_header decode_bytes(frame_rules rules, Bytes... bytes)
{
    const std::array<std::byte, sizeof...(Bytes)> in{static_cast<std::byte>(bytes)...};
    return decode(in, rules);
}

// RFC 6455 §5.7: a single-frame unmasked text message "Hello", and its masked twin.
static_assert(decode_bytes({}, 0x81, 0x05).header.payload_size == 5);
static_assert(decode_bytes({}, 0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d).header.key[3] ==
              std::byte{0x3d});
static_assert(decode_bytes({}, 0x82, 0x7E, 0x01, 0x00).header.payload_size == 256);
// More bytes are needed: neither a size nor a fault.
static_assert(!decode_bytes({}, 0x81) && decode_bytes({}, 0x81).fault == error::none);
// Each breach is settled by the first byte that shows it.
static_assert(decode_bytes({}, 0xC1).fault == error::reserved_bits);
static_assert(decode_bytes({.reserved_bits = 0x40}, 0xC1).fault == error::none);
static_assert(decode_bytes({.reserved_bits = 0x40}, 0xC0).fault == error::reserved_bits);
static_assert(decode_bytes({}, 0x83).fault == error::reserved_opcode);
static_assert(decode_bytes({}, 0x09).fault == error::fragmented_control);
static_assert(decode_bytes({}, 0x89, 0x7E).fault == error::control_too_long);
static_assert(decode_bytes({}, 0x82, 0x7E, 0x00, 0x7D).fault == error::length_not_minimal);
static_assert(decode_bytes({}, 0x82, 0x7F, 0x80).fault == error::length_top_bit);
static_assert(decode_bytes({.mask = mask_rule::required}, 0x82, 0x00).fault ==
              error::unmasked_frame);
static_assert(frame_header_size(125, false) == 2 && frame_header_size(126, true) == 8);

} // namespace detail

} // namespace weft

#endif
