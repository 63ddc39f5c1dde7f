// Masking with AVX2, 32 bytes at a time (RFC 6455 §5.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_MASK_AVX2_HPP
#define WEFT_KERNEL_MASK_AVX2_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <cstdint>

#include <weft/kernel/mask_sse2.hpp>
#include <weft/kernel/mask_word.hpp>
#include <weft/kernel/x86.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

namespace detail {

WEFT_AVX2 vec_32 key_32(masking_key key, std::size_t phase) noexcept
{
    return splat_word_32(key_from(key, phase));
}

} // namespace detail

/// Equal to `mask_bytewise`. The first and the last vector are loaded before anything is stored,
/// and stored last; the loop between them stores to whole lines, because a store over the border of
/// two costs twice: a frame's payload begins at 6, 8 or 14 bytes.
WEFT_TARGET("avx2")
inline void mask_avx2(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                      std::size_t phase) noexcept
{
    if (n <= 64)
        return n < 16 ? mask_word(to, from, n, key, phase)
                      : detail::mask_16_to_64(to, from, n, key, phase);
    const x86::vec_32 first = x86::differ(x86::load_32(from), detail::key_32(key, phase));
    const x86::vec_32 last =
        x86::differ(x86::load_32(from + n - 32), detail::key_32(key, phase + n));
    // Short payloads don't pay for the alignment.
    std::size_t i = n < 256 ? 32 : 32 - reinterpret_cast<std::uintptr_t>(to) % 32;
    const x86::vec_32 mask = detail::key_32(key, phase + i);
    for (; n - i >= 128; i += 128) {
        const x86::vec_32 a = x86::differ(x86::load_32(from + i), mask);
        const x86::vec_32 b = x86::differ(x86::load_32(from + i + 32), mask);
        const x86::vec_32 c = x86::differ(x86::load_32(from + i + 64), mask);
        const x86::vec_32 d = x86::differ(x86::load_32(from + i + 96), mask);
        x86::store_32(to + i, a);
        x86::store_32(to + i + 32, b);
        x86::store_32(to + i + 64, c);
        x86::store_32(to + i + 96, d);
    }
    for (; n - i > 32; i += 32)
        x86::store_32(to + i, x86::differ(x86::load_32(from + i), mask));
    x86::store_32(to, first);
    x86::store_32(to + n - 32, last);
}

} // namespace weft::kernel

#endif
#endif
