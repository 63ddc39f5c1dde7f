// UTF-8 by the lookup method with AVX-512, 256 bytes at a time (RFC 3629; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_AVX512_HPP
#define WEFT_KERNEL_UTF8_AVX512_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <cstdint>
#include <immintrin.h>

#include <weft/kernel/mask_avx512.hpp>
#include <weft/kernel/utf8_ssse3.hpp>
#include <weft/kernel/utf8_sweep.hpp>
#include <weft/kernel/utf8_tables.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

namespace detail {

// The forms with a mask of all ones: g++ 12 warns of the others, which begin with an undefined
// vector.
WEFT_TARGET("avx512f,avx512bw")
WEFT_INLINE __m512i utf8_table_64(const lookup::table& table) noexcept
{
    return _mm512_maskz_broadcast_i32x4(
        0xFFFF, _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// Each 16 bytes of `now` are replaced by those before them.
WEFT_TARGET("avx512f,avx512bw")
WEFT_INLINE __m512i utf8_lane_before_64(__m512i now, __m512i before) noexcept
{
    return _mm512_maskz_alignr_epi32(0xFFFF, now, before, 12);
}

// As in utf8_avx2.hpp.
struct utf8_before_64
{
    __m512i bytes;
    __m512i firsts;
};

// `wrong`, and the errors of 64 bytes that follow `before`.
WEFT_TARGET("avx512f,avx512bw")
WEFT_INLINE __m512i utf8_errors_64(__m512i now, utf8_before_64& before, __m512i wrong) noexcept
{
    const __m512i nibble = _mm512_set1_epi8(0x0F);
    const __m512i high = _mm512_and_si512(_mm512_srli_epi16(now, 4), nibble);
    const __m512i firsts = _mm512_and_si512(
        _mm512_shuffle_epi8(utf8_table_64(lookup::first_high), high),
        _mm512_shuffle_epi8(utf8_table_64(lookup::first_low), _mm512_and_si512(now, nibble)));
    const __m512i seconds = _mm512_shuffle_epi8(utf8_table_64(lookup::second_high), high);
    const __m512i bytes = utf8_lane_before_64(now, before.bytes);
    const __m512i moved =
        _mm512_alignr_epi8(firsts, utf8_lane_before_64(firsts, before.firsts), 15);
    const __m512i third = _mm512_subs_epu8(_mm512_alignr_epi8(now, bytes, 14),
                                           _mm512_set1_epi8(static_cast<char>(0xE0 - 0x80)));
    const __m512i fourth = _mm512_subs_epu8(_mm512_alignr_epi8(now, bytes, 13),
                                            _mm512_set1_epi8(static_cast<char>(0xF0 - 0x80)));
    before = {now, firsts};
    // (third | fourth) & 0x80, then that ^ (moved & seconds).
    const __m512i must =
        _mm512_ternarylogic_epi32(third, fourth, _mm512_set1_epi8(static_cast<char>(0x80)), 0xA8);
    return _mm512_or_si512(wrong, _mm512_ternarylogic_epi32(must, moved, seconds, 0x78));
}

template <bool Unmask>
WEFT_TARGET("avx512f,avx512bw")
WEFT_INLINE __m512i
    utf8_take_64(std::byte* to, const std::byte* from, std::size_t i, __m512i mask) noexcept
{
    __m512i bytes = load_64(from + i);
    if constexpr (Unmask) {
        bytes = _mm512_xor_si512(bytes, mask);
        store_64(to + i, bytes);
    }
    return bytes;
}

// The bytes that `here` names, zeros for the others, which are neither read nor written.
template <bool Unmask>
WEFT_TARGET("avx512f,avx512bw")
WEFT_INLINE __m512i utf8_take_part_64(std::byte* to, const std::byte* from, std::size_t i,
                                      __m512i mask, __mmask64 here) noexcept
{
    __m512i bytes = _mm512_maskz_loadu_epi8(here, from + i);
    if constexpr (Unmask) {
        bytes = _mm512_maskz_mov_epi8(here, _mm512_xor_si512(bytes, mask));
        _mm512_mask_storeu_epi8(to + i, here, bytes);
    }
    return bytes;
}

WEFT_TARGET("avx512f,avx512bw") WEFT_INLINE bool utf8_any_high_64(__m512i bytes) noexcept
{
    return _mm512_movepi8_mask(bytes) != 0;
}

template <bool Unmask>
WEFT_TARGET("avx512f,avx512bw")
WEFT_INLINE utf8_swept utf8_sweep_avx512(std::byte* to, const std::byte* from, std::size_t n,
                                         std::uint32_t key) noexcept
{
    const __m512i mask = _mm512_set1_epi32(static_cast<int>(key));
    utf8_before_64 before{_mm512_setzero_si512(), _mm512_set1_epi8(lookup::too_long)};
    std::size_t i = 0;
    for (; n - i >= 256; i += 256) {
        const __m512i a = utf8_take_64<Unmask>(to, from, i, mask);
        const __m512i b = utf8_take_64<Unmask>(to, from, i + 64, mask);
        const __m512i c = utf8_take_64<Unmask>(to, from, i + 128, mask);
        const __m512i d = utf8_take_64<Unmask>(to, from, i + 192, mask);
        const __m512i all = _mm512_or_si512(_mm512_or_si512(a, b), _mm512_or_si512(c, d));
        // ASCII after ASCII needs no look at the pairs.
        if (!utf8_any_high_64(_mm512_or_si512(all, before.bytes)))
            continue;
        __m512i wrong = utf8_errors_64(a, before, _mm512_setzero_si512());
        wrong = utf8_errors_64(b, before, wrong);
        wrong = utf8_errors_64(c, before, wrong);
        wrong = utf8_errors_64(d, before, wrong);
        if (_mm512_test_epi32_mask(wrong, wrong) != 0)
            return {i, i + 256};
    }
    for (; n - i >= 64; i += 64) {
        const __m512i a = utf8_take_64<Unmask>(to, from, i, mask);
        if (!utf8_any_high_64(_mm512_or_si512(a, before.bytes)))
            continue;
        const __m512i wrong = utf8_errors_64(a, before, _mm512_setzero_si512());
        if (_mm512_test_epi32_mask(wrong, wrong) != 0)
            return {i, i + 64};
    }
    if (i < n) {
        const __mmask64 here = (std::uint64_t{1} << (n - i)) - 1;
        const __m512i a = utf8_take_part_64<Unmask>(to, from, i, mask, here);
        if (!utf8_any_high_64(_mm512_or_si512(a, before.bytes)))
            return {n, n};
        const __m512i wrong = utf8_errors_64(a, before, _mm512_setzero_si512());
        // Behind the end, a code point that is cut there is no error.
        if (_mm512_mask_test_epi8_mask(here, wrong, wrong) != 0)
            return {i, n};
    }
    return {n, n};
}

} // namespace detail

/// As `utf8_prefix`: what fills no vector is masked off.
WEFT_TARGET("avx512f,avx512bw")
inline std::size_t utf8_avx512(const std::byte* p, std::size_t n) noexcept
{
    if (n < 16)
        return detail::utf8_rest_16(p, 0, n) ? n : 0; // as `utf8_rest`
    return detail::whole_end(p, detail::utf8_sweep_avx512<false>(nullptr, p, n, 0).good);
}

/// As `utf8_unmask`.
WEFT_TARGET("avx512f,avx512bw")
inline std::size_t utf8_unmask_avx512(std::byte* to, const std::byte* from, std::size_t n,
                                      masking_key key, std::size_t phase) noexcept
{
    if (n < 16) {
        detail::mask_under_16(to, from, n, key, phase);
        return utf8_avx512(to, n);
    }
    const auto [good, done] =
        detail::utf8_sweep_avx512<true>(to, from, n, detail::key_from(key, phase));
    if (done != n)
        mask_avx512(to + done, from + done, n - done, key, phase + done);
    return detail::whole_end(to, good);
}

} // namespace weft::kernel

#endif
#endif
