// UTF-8 by the lookup method with SSSE3, 32 bytes at a time (RFC 3629; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_SSSE3_HPP
#define WEFT_KERNEL_UTF8_SSSE3_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <immintrin.h>

#include <weft/kernel/utf8_tables.hpp>

namespace weft::kernel {

namespace detail {

WEFT_TARGET("ssse3") inline __m128i utf8_table_16(const lookup::table& table) noexcept
{
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data()));
}

// The errors of 16 bytes that follow `before`, as in `utf8_errors_32`.
WEFT_TARGET("ssse3")
inline __m128i utf8_errors_16(__m128i now, __m128i before) noexcept
{
    const __m128i nibble = _mm_set1_epi8(0x0F);
    const __m128i one = _mm_alignr_epi8(now, before, 15);
    const __m128i high = _mm_and_si128(_mm_srli_epi16(one, 4), nibble);
    const __m128i second = _mm_and_si128(_mm_srli_epi16(now, 4), nibble);
    const __m128i pairs =
        _mm_and_si128(_mm_and_si128(_mm_shuffle_epi8(utf8_table_16(lookup::first_high), high),
                                    _mm_shuffle_epi8(utf8_table_16(lookup::first_low),
                                                     _mm_and_si128(one, nibble))),
                      _mm_shuffle_epi8(utf8_table_16(lookup::second_high), second));
    const __m128i third = _mm_subs_epu8(_mm_alignr_epi8(now, before, 14),
                                        _mm_set1_epi8(static_cast<char>(0xE0 - 0x80)));
    const __m128i fourth = _mm_subs_epu8(_mm_alignr_epi8(now, before, 13),
                                         _mm_set1_epi8(static_cast<char>(0xF0 - 0x80)));
    const __m128i must =
        _mm_and_si128(_mm_or_si128(third, fourth), _mm_set1_epi8(static_cast<char>(0x80)));
    return _mm_xor_si128(must, pairs);
}

} // namespace detail

/// As `utf8_avx2`, in steps of 32.
WEFT_TARGET("ssse3")
inline std::size_t utf8_ssse3(const std::byte* p, std::size_t n) noexcept
{
    __m128i before = _mm_setzero_si128();
    std::size_t i = 0;
    for (; n - i >= 32; i += 32) {
        const auto* const block = reinterpret_cast<const __m128i*>(p + i);
        const __m128i a = _mm_loadu_si128(block);
        const __m128i b = _mm_loadu_si128(block + 1);
        if (_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(a, b), before)) != 0) {
            const __m128i wrong =
                _mm_or_si128(detail::utf8_errors_16(a, before), detail::utf8_errors_16(b, a));
            if (_mm_movemask_epi8(_mm_cmpeq_epi8(wrong, _mm_setzero_si128())) != 0xFFFF)
                break;
        }
        before = b;
    }
    return detail::whole_end(p, i);
}

} // namespace weft::kernel

#endif
#endif
