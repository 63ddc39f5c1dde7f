// UTF-8 checked by whole code points, in portable C++ (RFC 3629 §4; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_SCALAR_HPP
#define WEFT_KERNEL_UTF8_SCALAR_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

#include <weft/kernel/utf8_dfa.hpp>

namespace weft::kernel {

/// Equal to `utf8_dfa`, and faster: where a code point begins and is all there, it is taken at once.
/// The beginning, the end and everything that is wrong is left to the reference.
class utf8_scalar
{
public:
    /// As `utf8_dfa::write`. O(n).
    constexpr std::size_t write(std::span<const std::byte> bytes) noexcept
    {
        for (std::size_t i = 0;; ++i) {
            if (dfa_.complete())
                i += whole_code_points(bytes.subspan(i));
            if (i == bytes.size() || dfa_.write(bytes.subspan(i, 1)) == 0)
                return i;
        }
    }

    constexpr bool complete() const noexcept { return dfa_.complete(); }

private:
    static constexpr unsigned at(const std::byte* p) noexcept
    {
        return std::to_integer<unsigned>(*p);
    }

    // The payload bits of a continuation byte; above 63 for any other byte.
    static constexpr unsigned tail(const std::byte* p) noexcept { return at(p) ^ 0x80U; }

    // Bytes of the valid code points that `bytes` begins with, as far as 4 bytes can be looked at.
    static constexpr std::size_t whole_code_points(std::span<const std::byte> bytes) noexcept
    {
        const std::byte* p = bytes.data();
        const std::byte* const end = p + bytes.size();
        while (end - p >= 4) {
            const unsigned lead = at(p);
            const std::size_t size = lead < 0x80   ? ascii(p, end)
                                     : lead < 0xE0 ? of_two(p)
                                     : lead < 0xF0 ? of_three(p)
                                                   : of_four(p);
            if (size == 0)
                break;
            p += size;
        }
        return static_cast<std::size_t>(p - bytes.data());
    }

    // How many ASCII bytes follow, at most 8, at least the first.
    static constexpr std::size_t ascii(const std::byte* p, const std::byte* end) noexcept
    {
        if (std::is_constant_evaluated() || end - p < 8
            || std::endian::native != std::endian::little)
            return 1;
        std::uint64_t word = 0;
        std::memcpy(&word, p, sizeof word);
        return static_cast<std::size_t>(std::countr_zero(word & 0x8080808080808080U)) / 8;
    }

    // Each returns the size of a valid code point, else 0.
    static constexpr std::size_t of_two(const std::byte* p) noexcept
    {
        return at(p) >= 0xC2 && tail(p + 1) < 64 ? 2 : 0;
    }

    static constexpr std::size_t of_three(const std::byte* p) noexcept
    {
        const unsigned second = tail(p + 1);
        const unsigned third = tail(p + 2);
        const unsigned high = (at(p) & 0x0F) << 6 | second; // the code point without its last 6 bits
        const bool overlong = high < 0x800 >> 6;
        const bool surrogate = high >> 5 == 0xD800 >> 11;
        return (second | third) < 64 && !overlong && !surrogate ? 3 : 0;
    }

    static constexpr std::size_t of_four(const std::byte* p) noexcept
    {
        const unsigned second = tail(p + 1);
        const unsigned tails = second | tail(p + 2) | tail(p + 3);
        const unsigned high = (at(p) & 0x0F) << 6 | second; // without its last 12 bits
        const bool in_range = high >= 0x10000 >> 12 && high <= 0x10FFFF >> 12;
        return tails < 64 && in_range ? 4 : 0;
    }

    utf8_dfa dfa_;
};

} // namespace weft::kernel

#endif
