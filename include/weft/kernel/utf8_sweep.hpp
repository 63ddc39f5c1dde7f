// What all vector kernels of UTF-8 share: how a sweep in steps becomes a check of any length.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_SWEEP_HPP
#define WEFT_KERNEL_UTF8_SWEEP_HPP

#include <cstddef>
#include <cstdint>

#include <weft/kernel/mask_word.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel::detail {

/// How far a sweep came, in whole steps or to the end: `done` bytes were unmasked and looked at,
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

// The bytes behind `swept`, which fill no step. The first code point may have begun before them;
// the text's own last one is left out if it isn't whole.
template <class Kernel>
std::size_t utf8_rest(const std::byte* p, std::size_t swept, std::size_t n) noexcept
{
    if (n < 16)
        return Kernel::rest(p, 0, n) ? n : 0;
    const std::size_t end = whole_end(p, n);
    return whole_end(p, end <= swept || Kernel::rest(p, swept, end) ? end : swept);
}

/// How many bytes of whole, valid code points `p` begins with, or fewer: it stops before the step
/// in which something is wrong. O(n).
template <class Kernel>
std::size_t utf8_prefix(const std::byte* p, std::size_t n) noexcept
{
    if (n < Kernel::step)
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
    if (n < Kernel::step) {
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
