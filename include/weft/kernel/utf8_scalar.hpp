// UTF-8 checked by whole code points, in portable C++ (RFC 3629 §4; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_SCALAR_HPP
#define WEFT_KERNEL_UTF8_SCALAR_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <weft/kernel/mask_word.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

namespace detail {

constexpr unsigned utf8_at(const std::byte* p) noexcept { return std::to_integer<unsigned>(*p); }

// The payload bits of a continuation byte; above 63 for any other byte.
constexpr unsigned utf8_tail(const std::byte* p) noexcept { return utf8_at(p) ^ 0x80U; }

// How many ASCII bytes follow, at most 8, at least the first.
constexpr std::size_t utf8_ascii(const std::byte* p, const std::byte* end) noexcept
{
    if (std::is_constant_evaluated() || end - p < 8 || std::endian::native != std::endian::little)
        return 1;
    std::uint64_t word = 0;
    std::memcpy(&word, p, sizeof word);
    return static_cast<std::size_t>(std::countr_zero(word & 0x8080808080808080U)) / 8;
}

// Each returns the size of a valid code point, else 0.
constexpr std::size_t utf8_of_two(const std::byte* p) noexcept
{
    return utf8_at(p) >= 0xC2 && utf8_tail(p + 1) < 64 ? 2 : 0;
}

constexpr std::size_t utf8_of_three(const std::byte* p) noexcept
{
    const unsigned second = utf8_tail(p + 1);
    const unsigned third = utf8_tail(p + 2);
    const unsigned high =
        (utf8_at(p) & 0x0F) << 6 | second; // the code point without its last 6 bits
    const bool overlong = high < 0x800 >> 6;
    const bool surrogate = high >> 5 == 0xD800 >> 11;
    return (second | third) < 64 && !overlong && !surrogate ? 3 : 0;
}

constexpr std::size_t utf8_of_four(const std::byte* p) noexcept
{
    const unsigned second = utf8_tail(p + 1);
    const unsigned tails = second | utf8_tail(p + 2) | utf8_tail(p + 3);
    const unsigned high = (utf8_at(p) & 0x0F) << 6 | second; // without its last 12 bits
    const bool in_range = high >= 0x10000 >> 12 && high <= 0x10FFFF >> 12;
    return tails < 64 && in_range ? 4 : 0;
}

} // namespace detail

/// How many bytes of whole, valid code points `p` begins with, as far as 4 bytes can be looked at
/// at once, and the ASCII behind them. O(n).
constexpr std::size_t utf8_code_points(const std::byte* p, std::size_t n) noexcept
{
    const std::byte* const begin = p;
    const std::byte* const end = p + n;
    while (end - p >= 4) {
        const unsigned lead = detail::utf8_at(p);
        const std::size_t size = lead < 0x80   ? detail::utf8_ascii(p, end)
                                 : lead < 0xE0 ? detail::utf8_of_two(p)
                                 : lead < 0xF0 ? detail::utf8_of_three(p)
                                               : detail::utf8_of_four(p);
        if (size == 0)
            break;
        p += size;
    }
    while (p != end && detail::utf8_at(p) < 0x80)
        ++p;
    return static_cast<std::size_t>(p - begin);
}

/// As `utf8_code_points` of the unmasked bytes, which it stores to `to`: all of them, whatever is
/// wrong. The places are the same, or do not overlap. O(n).
inline std::size_t utf8_unmask_code_points(std::byte* to, const std::byte* from, std::size_t n,
                                           masking_key key, std::size_t phase) noexcept
{
    mask_word(to, from, n, key, phase);
    return utf8_code_points(to, n);
}

} // namespace weft::kernel

#endif
