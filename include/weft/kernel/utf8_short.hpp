// Texts of fewer than 16 bytes, and the ends of longer ones, in registers: a tail that goes through
// a padded block in memory waits for its own stores (RFC 3629; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_SHORT_HPP
#define WEFT_KERNEL_UTF8_SHORT_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <weft/kernel/isa.hpp>
#include <weft/kernel/mask_sse2.hpp>
#include <weft/kernel/mask_word.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel::detail {

inline constexpr std::uint64_t utf8_high_bits = 0x8080808080808080U;

// Where a table begins at `16 - n` of these, it leaves the last n bytes of a vector, in front of
// zeros.
inline constexpr std::array<std::uint8_t, 32> utf8_last_to_front{
    0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,   11,   12,   13,   14,   15,
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};

/// Up to 7 bytes, the first one lowest, zeros above, on a little-endian machine: of loads that
/// may overlap.
WEFT_INLINE std::uint64_t utf8_under_8(const std::byte* p, std::size_t n) noexcept
{
    if (n >= 4)
        return std::uint64_t{load<std::uint32_t>(p + n - 4)} << 8 * (n - 4) |
               load<std::uint32_t>(p);
    const auto at = [p](std::size_t i) { return std::to_integer<std::uint64_t>(p[i]) << 8 * i; };
    return n == 3 ? at(0) | at(1) | at(2) : n == 2 ? at(0) | at(1) : n == 1 ? at(0) : 0;
}

/// The bytes behind the first 8 of 8 to 15.
inline std::uint64_t utf8_behind_8(const std::byte* p, std::size_t n) noexcept
{
    return load<std::uint64_t>(p + n - 8) >> 8 * (15 - n) >> 8;
}

/// Whether these are whole, valid code points of at most two bytes each: all at once.
WEFT_INLINE bool utf8_valid_pairs(std::uint64_t text) noexcept
{
    const std::uint64_t lead = text & text << 1 & utf8_high_bits;
    const std::uint64_t continuation = (text & utf8_high_bits) ^ lead;
    const std::uint64_t not_overlong = (text & 0x1E1E1E1E1E1E1E1EU) + 0x7E7E7E7E7E7E7E7EU;
    return continuation == lead << 8 && (lead >> 63) == 0 && (lead & ~not_overlong) == 0;
}

/// Whether these and those `behind` them are whole, valid code points; a cut one runs into the
/// zeros.
WEFT_INLINE bool utf8_valid_word(std::uint64_t text, std::uint64_t behind = 0) noexcept
{
    const auto skip = [&](int bits) {
        text = text >> bits | behind << (64 - bits);
        behind >>= bits;
    };
    for (;;) {
        const std::uint64_t high = text & utf8_high_bits;
        if (high == 0) {
            if (behind == 0)
                return true;
            text = std::exchange(behind, 0);
        } else if ((text & 0x80) == 0) {
            skip(std::countr_zero(high) - 7);
        } else if ((text & 0xC0E0) == 0x80C0) {
            if (behind == 0 && text >> 24 != 0 &&
                (text & text << 1 & text << 2 & utf8_high_bits) == 0)
                return utf8_valid_pairs(text);
            if ((text & 0x1E) == 0) // overlong
                return false;
            skip(16);
        } else if ((text & 0xC0C0F0) == 0x8080E0) {
            const std::uint64_t first_bits = text & 0x200F;
            if (first_bits == 0 || first_bits == 0x200D) // overlong; a surrogate
                return false;
            skip(24);
        } else {
            const std::uint64_t plane = (text & 0x07) << 2 | (text >> 12 & 0x03);
            if ((text & 0xC0C0C0F8) != 0x808080F0 || plane < 1 || plane > 16)
                return false;
            skip(32);
        }
    }
}

/// Unmasks 3 to 15 bytes and tells whether they are whole, valid code points, on a little-endian
/// machine. All in registers: what is stored in parts can't be loaded again at once as a whole.
inline bool utf8_unmask_3_to_15(std::byte* p, std::size_t n, masking_key key,
                                std::size_t phase) noexcept
{
    const std::uint32_t front = key_from(key, phase), back = key_from(key, phase + n);
    if (n == 3) {
        const auto at = [p](int i) { return std::to_integer<std::uint32_t>(p[i]) << 8 * i; };
        const std::uint32_t text = (at(0) | at(1) | at(2)) ^ (front & 0xFFFFFF);
        for (int i = 0; i != 3; ++i)
            p[i] = static_cast<std::byte>(text >> 8 * i & 0xFF);
        return utf8_valid_word(text);
    }
    if (n < 8) {
        const std::uint32_t first = load<std::uint32_t>(p) ^ front;
        const std::uint32_t last = load<std::uint32_t>(p + n - 4) ^ back;
        store(p, first);
        store(p + n - 4, last);
        return utf8_valid_word(std::uint64_t{last} << 8 * (n - 4) | first);
    }
    const std::uint64_t first = load<std::uint64_t>(p) ^ twice(front);
    const std::uint64_t last = load<std::uint64_t>(p + n - 8) ^ twice(back);
    store(p, first);
    store(p + n - 8, last);
    return utf8_valid_word(first, last >> 8 * (15 - n) >> 8);
}

#if WEFT_X86
/// Whether 16 to 64 bytes are ASCII, as most short texts are: told without a call of a kernel.
inline bool utf8_ascii_16_to_64(const std::byte* p, std::size_t n) noexcept
{
    const std::size_t inner = n <= 32 ? 0 : 16;
    const __m128i front = _mm_or_si128(load_16(p), load_16(p + inner));
    const __m128i back = _mm_or_si128(load_16(p + n - 16), load_16(p + n - 16 - inner));
    return _mm_movemask_epi8(_mm_or_si128(front, back)) == 0;
}

/// Unmasks 16 to 64 bytes, as `mask_16_to_64`, if they are ASCII then, as most short texts are;
/// if not, it leaves them to a kernel, which costs more to call.
inline bool utf8_unmask_ascii_16_to_64(std::byte* to, const std::byte* from, std::size_t n,
                                       masking_key key, std::size_t phase) noexcept
{
    const __m128i front = key_16(key, phase), back = key_16(key, phase + n);
    const __m128i first = _mm_xor_si128(load_16(from), front);
    const __m128i last = _mm_xor_si128(load_16(from + n - 16), back);
    const __m128i ends = _mm_or_si128(first, last);
    if (n <= 32) {
        if (_mm_movemask_epi8(ends) != 0)
            return false;
    } else {
        const __m128i second = _mm_xor_si128(load_16(from + 16), front);
        const __m128i last_but_one = _mm_xor_si128(load_16(from + n - 32), back);
        if (_mm_movemask_epi8(_mm_or_si128(ends, _mm_or_si128(second, last_but_one))) != 0)
            return false;
        store_16(to + 16, second);
        store_16(to + n - 32, last_but_one);
    }
    store_16(to, first);
    store_16(to + n - 16, last);
    return true;
}
#endif

/// Whether these are whole, valid code points; false also where a vector tells it sooner.
WEFT_INLINE bool utf8_takes_short(const std::byte* p, std::size_t n) noexcept
{
    if constexpr (std::endian::native != std::endian::little)
        return false;
    if (n < 2) [[likely]] // to so few, each branch is much
        return n == 0 || p[0] < std::byte{0x80};
    if (n >= 16)
        return false;
    if (n == 2) {
        const auto lead = std::to_integer<unsigned>(p[0]), next = std::to_integer<unsigned>(p[1]);
        return (lead | next) < 0x80 || (lead - 0xC2 < 0x1E && (next & 0xC0) == 0x80);
    }
    if (n <= 8)
        return utf8_valid_word(n < 8 ? utf8_under_8(p, n) : load<std::uint64_t>(p));
    return ((load<std::uint64_t>(p) | load<std::uint64_t>(p + n - 8)) & utf8_high_bits) == 0;
}

} // namespace weft::kernel::detail

#endif
