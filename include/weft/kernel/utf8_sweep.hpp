// What all vector kernels of UTF-8 share: how a sweep over blocks becomes a check of any length.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_SWEEP_HPP
#define WEFT_KERNEL_UTF8_SWEEP_HPP

#include <array>
#include <cstddef>
#include <cstdint>

#include <weft/kernel/mask_word.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel::detail {

inline constexpr std::size_t utf8_block = 64;

/// How far a sweep came, in whole blocks or to the end: `done` bytes were unmasked and looked at,
/// and the first `good` of them have nothing wrong, but may end in the middle of a code point. They
/// differ only if there is an error.
struct utf8_swept
{
    std::size_t good;
    std::size_t done;
};

/// Where the last whole code point of valid bytes ends that may stop in the middle of one.
inline std::size_t whole_end(const std::byte* p, std::size_t n) noexcept
{
    if (n >= 1 && p[n - 1] >= std::byte{0xC0})
        return n - 1;
    if (n >= 2 && p[n - 2] >= std::byte{0xE0})
        return n - 2;
    if (n >= 3 && p[n - 3] >= std::byte{0xF0})
        return n - 3;
    return n;
}

// Copies two halves that overlap, of known sizes, so that nothing is called; and returns whether
// all of it is ASCII.
template <class Word, std::size_t Half>
bool copy_halves(std::byte* to, const std::byte* from, std::size_t n) noexcept
{
    Word all = 0;
    for (std::size_t i = 0; i < Half; i += sizeof(Word))
        for (const std::size_t at : {i, n - Half + i}) {
            const Word word = load<Word>(from + at);
            store(to + at, word);
            all |= word;
        }
    return (all & static_cast<Word>(0x8080808080808080U)) == 0;
}

// From 4 to 64 bytes.
inline bool copy_short(std::byte* to, const std::byte* from, std::size_t n) noexcept
{
    return n >= 32   ? copy_halves<std::uint64_t, 32>(to, from, n)
           : n >= 16 ? copy_halves<std::uint64_t, 16>(to, from, n)
           : n >= 8  ? copy_halves<std::uint64_t, 8>(to, from, n)
                     : copy_halves<std::uint32_t, 4>(to, from, n);
}

// The rest that fills no block, filled up with zeros: a code point that is cut by them is an error,
// so the text's own last one is left out if it isn't whole. The first one may have begun before.
template <class Kernel>
std::size_t utf8_rest(const std::byte* p, std::size_t swept, std::size_t n) noexcept
{
    const std::size_t begin = whole_end(p, swept);
    const std::size_t end = whole_end(p, n < begin + utf8_block ? n : begin + utf8_block);
    if (end < begin + 4)
        return begin < end ? begin : end;
    alignas(utf8_block) std::array<std::byte, utf8_block> padded{};
    if (copy_short(padded.data(), p + begin, end - begin))
        return end;
    const utf8_swept rest = Kernel::template blocks<false>(nullptr, padded.data(), utf8_block, 0);
    return rest.good == utf8_block ? end : begin;
}

/// How many bytes of whole, valid code points `p` begins with, or fewer: it stops before the step
/// in which something is wrong. O(n).
template <class Kernel>
std::size_t utf8_prefix(const std::byte* p, std::size_t n) noexcept
{
    if (n < utf8_block)
        return utf8_rest<Kernel>(p, 0, n);
    const utf8_swept swept = Kernel::template blocks<false>(nullptr, p, n, 0);
    return swept.good == swept.done ? utf8_rest<Kernel>(p, swept.done, n)
                                    : whole_end(p, swept.good);
}

/// As `utf8_prefix` of the unmasked bytes, which it stores to `to`: all of them, whatever is wrong.
/// The places are the same, or do not overlap. O(n).
template <class Kernel>
std::size_t utf8_unmask(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                        std::size_t phase) noexcept
{
    if (n < utf8_block) {
        Kernel::mask(to, from, n, key, phase);
        return utf8_rest<Kernel>(to, 0, n);
    }
    const utf8_swept swept = Kernel::template blocks<true>(to, from, n, key_from(key, phase));
    if (swept.done != n)
        Kernel::mask(to + swept.done, from + swept.done, n - swept.done, key, phase + swept.done);
    return swept.good == swept.done ? utf8_rest<Kernel>(to, swept.done, n)
                                    : whole_end(to, swept.good);
}

} // namespace weft::kernel::detail

#endif
