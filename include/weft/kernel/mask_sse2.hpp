// Masking of short payloads with SSE2 (RFC 6455 §5.3). Every x86-64 has it. There is no kernel for
// long ones: compilers vectorise the loop of mask_word.hpp, and one by hand is no faster.
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

/// From 16 to 64 bytes: vectors from both ends, which overlap, all loaded before any is stored.
inline void mask_16_to_64(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                          std::size_t phase) noexcept
{
    const __m128i front = key_16(key, phase);
    const __m128i back = key_16(key, phase + n);
    const __m128i first = _mm_xor_si128(load_16(from), front);
    const __m128i last = _mm_xor_si128(load_16(from + n - 16), back);
    if (n > 32) {
        const __m128i second = _mm_xor_si128(load_16(from + 16), front);
        const __m128i last_but_one = _mm_xor_si128(load_16(from + n - 32), back);
        store_16(to + 16, second);
        store_16(to + n - 32, last_but_one);
    }
    store_16(to, first);
    store_16(to + n - 16, last);
}

} // namespace detail

} // namespace weft::kernel

#endif
#endif
