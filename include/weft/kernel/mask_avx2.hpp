// Masking with AVX2, 32 bytes at a time (RFC 6455 §5.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_MASK_AVX2_HPP
#define WEFT_KERNEL_MASK_AVX2_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <cstdint>
#include <immintrin.h>

#include <weft/kernel/mask_sse2.hpp>
#include <weft/kernel/mask_word.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

namespace detail {

WEFT_TARGET("avx2") inline __m256i load_32(const std::byte* p) noexcept
{
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

WEFT_TARGET("avx2") inline void store_32(std::byte* p, __m256i v) noexcept
{
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
}

WEFT_TARGET("avx2") inline __m256i key_32(masking_key key, std::size_t phase) noexcept
{
    return _mm256_set1_epi32(static_cast<int>(key_from(key, phase)));
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
    const __m256i first = _mm256_xor_si256(detail::load_32(from), detail::key_32(key, phase));
    const __m256i last =
        _mm256_xor_si256(detail::load_32(from + n - 32), detail::key_32(key, phase + n));
    // Short payloads don't pay for the alignment.
    std::size_t i = n < 256 ? 32 : 32 - reinterpret_cast<std::uintptr_t>(to) % 32;
    const __m256i mask = detail::key_32(key, phase + i);
    for (; n - i >= 128; i += 128) {
        const __m256i a = _mm256_xor_si256(detail::load_32(from + i), mask);
        const __m256i b = _mm256_xor_si256(detail::load_32(from + i + 32), mask);
        const __m256i c = _mm256_xor_si256(detail::load_32(from + i + 64), mask);
        const __m256i d = _mm256_xor_si256(detail::load_32(from + i + 96), mask);
        detail::store_32(to + i, a);
        detail::store_32(to + i + 32, b);
        detail::store_32(to + i + 64, c);
        detail::store_32(to + i + 96, d);
    }
    for (; n - i > 32; i += 32)
        detail::store_32(to + i, _mm256_xor_si256(detail::load_32(from + i), mask));
    detail::store_32(to, first);
    detail::store_32(to + n - 32, last);
}

} // namespace weft::kernel

#endif
#endif
