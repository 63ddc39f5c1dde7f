// Masking with SSE2, 16 bytes at a time (RFC 6455 §5.3). Every x86-64 has it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_MASK_SSE2_HPP
#define WEFT_KERNEL_MASK_SSE2_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <emmintrin.h>

#include <weft/kernel/mask_word.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

namespace detail {

inline __m128i load_16(const std::byte* p) noexcept
{
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}

inline void store_16(std::byte* p, __m128i v) noexcept
{
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v);
}

inline __m128i key_16(masking_key key, std::size_t phase) noexcept
{
    return _mm_set1_epi32(static_cast<int>(key_from(key, phase)));
}

/// From 16 to 32 bytes: two overlapping vectors, both loaded before either is stored.
inline void mask_16_to_32(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                          std::size_t phase) noexcept
{
    const __m128i front = _mm_xor_si128(load_16(from), key_16(key, phase));
    const __m128i back = _mm_xor_si128(load_16(from + n - 16), key_16(key, phase + n));
    store_16(to, front);
    store_16(to + n - 16, back);
}

} // namespace detail

/// Equal to `mask_bytewise`; the last 16 bytes as in `mask_word`.
inline void mask_sse2(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                      std::size_t phase) noexcept
{
    if (n < 16)
        return mask_word(to, from, n, key, phase);
    const __m128i mask = detail::key_16(key, phase);
    const __m128i last =
        _mm_xor_si128(detail::load_16(from + n - 16), detail::key_16(key, phase + n));
    std::size_t i = 0;
    for (; n - i >= 64; i += 64) {
        const __m128i a = _mm_xor_si128(detail::load_16(from + i), mask);
        const __m128i b = _mm_xor_si128(detail::load_16(from + i + 16), mask);
        const __m128i c = _mm_xor_si128(detail::load_16(from + i + 32), mask);
        const __m128i d = _mm_xor_si128(detail::load_16(from + i + 48), mask);
        detail::store_16(to + i, a);
        detail::store_16(to + i + 16, b);
        detail::store_16(to + i + 32, c);
        detail::store_16(to + i + 48, d);
    }
    for (; n - i > 16; i += 16)
        detail::store_16(to + i, _mm_xor_si128(detail::load_16(from + i), mask));
    detail::store_16(to + n - 16, last);
}

} // namespace weft::kernel

#endif
#endif
