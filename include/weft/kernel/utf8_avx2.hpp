// UTF-8 by the lookup method with AVX2, 128 bytes at a time (RFC 3629; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_AVX2_HPP
#define WEFT_KERNEL_UTF8_AVX2_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <cstdint>
#include <immintrin.h>

#include <weft/kernel/mask_avx2.hpp>
#include <weft/kernel/utf8_ssse3.hpp>
#include <weft/kernel/utf8_sweep.hpp>
#include <weft/kernel/utf8_tables.hpp>

namespace weft::kernel {

namespace detail {

// Not a lambda or a member: a function target is not inherited by either.
WEFT_TARGET("avx2") WEFT_INLINE __m256i utf8_table_32(const lookup::table& table) noexcept
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// `now` moved back by `N` bytes, the last ones of `before` in front.
template <int N>
WEFT_TARGET("avx2")
WEFT_INLINE __m256i utf8_back_32(__m256i now, __m256i before) noexcept
{
    return _mm256_alignr_epi8(now, _mm256_permute2x128_si256(before, now, 0x21), 16 - N);
}

// What goes from one vector to the next: its bytes, and what they allow to be wrong as the first of
// a pair. Looked up where the byte stands and then moved, so that its halves are taken apart once.
struct utf8_before_32
{
    __m256i bytes;
    __m256i firsts;
};

// `wrong`, and the errors of 32 bytes that follow `before`: nonzero where there is one. They are
// added: a chain of ors the compiler regroups until it has no registers left for it.
WEFT_TARGET("avx2")
WEFT_INLINE __m256i utf8_errors_32(__m256i now, utf8_before_32& before, __m256i wrong) noexcept
{
    const __m256i nibble = _mm256_set1_epi8(0x0F);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(now, 4), nibble);
    const __m256i firsts = _mm256_and_si256(
        _mm256_shuffle_epi8(utf8_table_32(lookup::first_high), high),
        _mm256_shuffle_epi8(utf8_table_32(lookup::first_low), _mm256_and_si256(now, nibble)));
    const __m256i pairs =
        _mm256_and_si256(utf8_back_32<1>(firsts, before.firsts),
                         _mm256_shuffle_epi8(utf8_table_32(lookup::second_high), high));
    // Two continuations in a row are right where a lead of three or four stands two, or one of four
    // three, bytes before; there they must be.
    const __m256i third = _mm256_subs_epu8(utf8_back_32<2>(now, before.bytes),
                                           _mm256_set1_epi8(static_cast<char>(0xE0 - 0x80)));
    const __m256i fourth = _mm256_subs_epu8(utf8_back_32<3>(now, before.bytes),
                                            _mm256_set1_epi8(static_cast<char>(0xF0 - 0x80)));
    const __m256i must =
        _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(static_cast<char>(0x80)));
    before = {now, firsts};
    return _mm256_adds_epu8(wrong, _mm256_xor_si256(must, pairs));
}

template <bool Unmask>
WEFT_TARGET("avx2")
WEFT_INLINE __m256i
    utf8_take_32(std::byte* to, const std::byte* from, std::size_t i, __m256i mask) noexcept
{
    __m256i bytes = load_32(from + i);
    if constexpr (Unmask) {
        bytes = _mm256_xor_si256(bytes, mask);
        store_32(to + i, bytes);
    }
    return bytes;
}

WEFT_TARGET("avx2") WEFT_INLINE bool utf8_any_high_32(__m256i bytes) noexcept
{
    return _mm256_testz_si256(bytes, _mm256_set1_epi8(static_cast<char>(0x80))) == 0;
}

template <bool Unmask>
WEFT_TARGET("avx2")
inline utf8_swept
    utf8_sweep_avx2(std::byte* to, const std::byte* from, std::size_t n, std::uint32_t key) noexcept
{
    const __m256i mask = _mm256_set1_epi32(static_cast<int>(key));
    // ASCII stands before the text.
    utf8_before_32 before{_mm256_setzero_si256(), _mm256_set1_epi8(lookup::too_long)};
    std::size_t i = 0;
    for (const std::size_t end = n / 128 * 128; i != end; i += 128) {
        const __m256i a = utf8_take_32<Unmask>(to, from, i, mask);
        const __m256i b = utf8_take_32<Unmask>(to, from, i + 32, mask);
        const __m256i c = utf8_take_32<Unmask>(to, from, i + 64, mask);
        const __m256i d = utf8_take_32<Unmask>(to, from, i + 96, mask);
        const __m256i all = _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d));
        // ASCII after ASCII needs no look at the pairs.
        if (!utf8_any_high_32(all) && !utf8_any_high_32(before.bytes))
            continue;
        __m256i wrong = utf8_errors_32(a, before, _mm256_setzero_si256());
        wrong = utf8_errors_32(b, before, wrong);
        wrong = utf8_errors_32(c, before, wrong);
        wrong = utf8_errors_32(d, before, wrong);
        if (_mm256_testz_si256(wrong, wrong) == 0)
            return {i, i + 128};
    }
    for (; n - i >= 32; i += 32) {
        const __m256i a = utf8_take_32<Unmask>(to, from, i, mask);
        if (!utf8_any_high_32(_mm256_or_si256(a, before.bytes)))
            continue;
        const __m256i wrong = utf8_errors_32(a, before, _mm256_setzero_si256());
        if (_mm256_testz_si256(wrong, wrong) == 0)
            return {i, i + 32};
    }
    return {i, i};
}

struct utf8_avx2
{
    static constexpr std::size_t step = 32;

    template <bool Unmask>
    static utf8_swept blocks(std::byte* to, const std::byte* from, std::size_t n,
                             std::uint32_t key) noexcept
    {
        return utf8_sweep_avx2<Unmask>(to, from, n, key);
    }

    WEFT_TARGET("avx2")
    static bool rest(const std::byte* p, std::size_t i, std::size_t n) noexcept
    {
        return utf8_rest_16(p, i, n);
    }

    static constexpr auto& mask = mask_avx2;
};

} // namespace detail

} // namespace weft::kernel

#endif
#endif
