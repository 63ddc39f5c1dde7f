// UTF-8 by the lookup method with AVX2, 64 bytes at a time (RFC 3629; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_AVX2_HPP
#define WEFT_KERNEL_UTF8_AVX2_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <immintrin.h>

#include <weft/kernel/utf8_tables.hpp>

namespace weft::kernel {

namespace detail {

// Not a lambda or a member: a function target is not inherited by either.
WEFT_TARGET("avx2") inline __m256i utf8_table_32(const lookup::table& table) noexcept
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// `now` moved back by `N` bytes, the last ones of `before` in front.
template <int N>
WEFT_TARGET("avx2")
inline __m256i utf8_back_32(__m256i now, __m256i before) noexcept
{
    return _mm256_alignr_epi8(now, _mm256_permute2x128_si256(before, now, 0x21), 16 - N);
}

// The errors of 32 bytes that follow `before`: nonzero where there is one.
WEFT_TARGET("avx2")
inline __m256i utf8_errors_32(__m256i now, __m256i before) noexcept
{
    const __m256i nibble = _mm256_set1_epi8(0x0F);
    const __m256i one = utf8_back_32<1>(now, before);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(one, 4), nibble);
    const __m256i second = _mm256_and_si256(_mm256_srli_epi16(now, 4), nibble);
    const __m256i pairs = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(utf8_table_32(lookup::first_high), high),
            _mm256_shuffle_epi8(utf8_table_32(lookup::first_low), _mm256_and_si256(one, nibble))),
        _mm256_shuffle_epi8(utf8_table_32(lookup::second_high), second));
    // Two continuations in a row are right where a lead of three or four stands two, or one of four
    // three, bytes before; there they must be.
    const __m256i third = _mm256_subs_epu8(utf8_back_32<2>(now, before),
                                           _mm256_set1_epi8(static_cast<char>(0xE0 - 0x80)));
    const __m256i fourth = _mm256_subs_epu8(utf8_back_32<3>(now, before),
                                            _mm256_set1_epi8(static_cast<char>(0xF0 - 0x80)));
    const __m256i must =
        _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(static_cast<char>(0x80)));
    return _mm256_xor_si256(must, pairs);
}

} // namespace detail

/// How many bytes of whole, valid code points `p` begins with, in steps of 64: it stops before the
/// step in which something is wrong, and before what fills no step. O(n).
WEFT_TARGET("avx2")
inline std::size_t utf8_avx2(const std::byte* p, std::size_t n) noexcept
{
    __m256i before = _mm256_setzero_si256();
    std::size_t i = 0;
    for (; n - i >= 64; i += 64) {
        const auto* const block = reinterpret_cast<const __m256i*>(p + i);
        const __m256i a = _mm256_loadu_si256(block);
        const __m256i b = _mm256_loadu_si256(block + 1);
        // ASCII after ASCII needs no look at the pairs.
        if (_mm256_movemask_epi8(_mm256_or_si256(_mm256_or_si256(a, b), before)) != 0) {
            const __m256i wrong =
                _mm256_or_si256(detail::utf8_errors_32(a, before), detail::utf8_errors_32(b, a));
            if (_mm256_testz_si256(wrong, wrong) == 0)
                break;
        }
        before = b;
    }
    return detail::whole_end(p, i);
}

} // namespace weft::kernel

#endif
#endif
