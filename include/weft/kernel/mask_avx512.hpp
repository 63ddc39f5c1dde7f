// Masking with AVX-512, 64 bytes at a time (RFC 6455 §5.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_MASK_AVX512_HPP
#define WEFT_KERNEL_MASK_AVX512_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <cstdint>
#include <immintrin.h>

#include <weft/kernel/mask_avx2.hpp>
#include <weft/kernel/mask_word.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

namespace detail {

WEFT_TARGET("avx512f") inline __m512i load_64(const std::byte* p) noexcept
{
    return _mm512_loadu_si512(p);
}

WEFT_TARGET("avx512f") inline void store_64(std::byte* p, __m512i v) noexcept
{
    _mm512_storeu_si512(p, v);
}

WEFT_TARGET("avx512f") inline __m512i key_64(masking_key key, std::size_t phase) noexcept
{
    return _mm512_set1_epi32(static_cast<int>(key_from(key, phase)));
}

} // namespace detail

/// Equal to `mask_bytewise`; the first and the last vector as in `mask_avx2`.
WEFT_TARGET("avx512f,avx512bw")
inline void mask_avx512(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                        std::size_t phase) noexcept
{
    if (n <= 64)
        return mask_avx2(to, from, n, key, phase);
    const __m512i first = _mm512_xor_si512(detail::load_64(from), detail::key_64(key, phase));
    const __m512i last =
        _mm512_xor_si512(detail::load_64(from + n - 64), detail::key_64(key, phase + n));
    std::size_t i = n < 256 ? 64 : 64 - reinterpret_cast<std::uintptr_t>(to) % 64;
    const __m512i mask = detail::key_64(key, phase + i);
    for (; n - i >= 256; i += 256) {
        const __m512i a = _mm512_xor_si512(detail::load_64(from + i), mask);
        const __m512i b = _mm512_xor_si512(detail::load_64(from + i + 64), mask);
        const __m512i c = _mm512_xor_si512(detail::load_64(from + i + 128), mask);
        const __m512i d = _mm512_xor_si512(detail::load_64(from + i + 192), mask);
        detail::store_64(to + i, a);
        detail::store_64(to + i + 64, b);
        detail::store_64(to + i + 128, c);
        detail::store_64(to + i + 192, d);
    }
    for (; n - i > 64; i += 64)
        detail::store_64(to + i, _mm512_xor_si512(detail::load_64(from + i), mask));
    detail::store_64(to, first);
    detail::store_64(to + n - 64, last);
}

} // namespace weft::kernel

#endif
#endif
