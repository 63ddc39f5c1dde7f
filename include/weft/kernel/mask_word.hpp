// Masking, eight bytes at a time, in portable C++ (RFC 6455 §5.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_MASK_WORD_HPP
#define WEFT_KERNEL_MASK_WORD_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <weft/kernel/isa.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

namespace detail {

/// A word of four bytes in memory, moved on by `phase` bytes, on a machine of that byte order.
constexpr std::uint32_t turned(std::uint32_t word, std::size_t phase, std::endian order) noexcept
{
    const int bits = static_cast<int>(8 * (phase % 4));
    return order == std::endian::little ? std::rotr(word, bits) : std::rotl(word, bits);
}

/// The key as it lies in memory from `phase` on, four bytes of it. Loaded as the payload is, never
/// built by arithmetic on its value, so the byte order of the machine plays no other part.
inline std::uint32_t key_from(masking_key key, std::size_t phase) noexcept
{
    std::uint32_t word = 0;
    std::memcpy(&word, key.data(), sizeof word);
    return turned(word, phase, std::endian::native);
}

inline std::uint64_t twice(std::uint32_t word) noexcept { return std::uint64_t{word} << 32 | word; }

template <class Word>
Word load(const std::byte* p) noexcept
{
    Word w = 0;
    std::memcpy(&w, p, sizeof w);
    return w;
}

template <class Word>
void store(std::byte* p, Word w) noexcept
{
    std::memcpy(p, &w, sizeof w);
}

// Two halves that may overlap, both loaded before either is stored.
template <class Word>
void mask_halves(std::byte* to, const std::byte* from, std::size_t n, Word front,
                 Word back) noexcept
{
    const std::size_t second = n - sizeof(Word);
    const Word a = static_cast<Word>(load<Word>(from) ^ front);
    const Word b = static_cast<Word>(load<Word>(from + second) ^ back);
    store(to, a);
    store(to + second, b);
}

/// Fewer than 16 bytes. The smallest first: to them a branch is much.
WEFT_INLINE void mask_under_16(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                               std::size_t phase) noexcept
{
    if (n < 4) [[likely]] {
        if (n == 0)
            return;
        const std::byte first = from[0] ^ key[phase % 4];
        if (n > 1) [[unlikely]] {
            const std::byte middle = from[1] ^ key[(phase + 1) % 4];
            const std::byte last = from[n - 1] ^ key[(phase + n - 1) % 4];
            to[1] = middle;
            to[n - 1] = last;
        }
        to[0] = first;
        return;
    }
    const std::uint32_t front = key_from(key, phase);
    const std::uint32_t back = key_from(key, phase + n);
    if (n < 8)
        mask_halves(to, from, n, front, back);
    else
        mask_halves(to, from, n, twice(front), twice(back));
}

} // namespace detail

/// `to[i] = from[i] ^ key[(phase + i) % 4]` for `i` below `n`. The places are the same, or do not
/// overlap. O(n). The last word is loaded before anything is stored, so that it may overlap the
/// words before it: there is no tail of single bytes.
inline void mask_word(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                      std::size_t phase) noexcept
{
    using word = std::uint64_t;
    if (n < 16)
        return detail::mask_under_16(to, from, n, key, phase);
    const word mask = detail::twice(detail::key_from(key, phase));
    const word last =
        detail::load<word>(from + n - 8) ^ detail::twice(detail::key_from(key, phase + n));
    std::size_t i = 0;
    // Four words in a round: a compiler that does not vectorise this loop would else pay as much
    // for the counting as for the masking.
    for (; n - i >= 32; i += 32) {
        const word a = detail::load<word>(from + i) ^ mask;
        const word b = detail::load<word>(from + i + 8) ^ mask;
        const word c = detail::load<word>(from + i + 16) ^ mask;
        const word d = detail::load<word>(from + i + 24) ^ mask;
        detail::store(to + i, a);
        detail::store(to + i + 8, b);
        detail::store(to + i + 16, c);
        detail::store(to + i + 24, d);
    }
    for (; n - i > 8; i += 8)
        detail::store(to + i, detail::load<word>(from + i) ^ mask);
    detail::store(to + n - 8, last);
}

} // namespace weft::kernel

#endif
