// UTF-8 by the lookup method with SSSE3, 64 bytes at a time (RFC 3629; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_SSSE3_HPP
#define WEFT_KERNEL_UTF8_SSSE3_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <cstdint>
#include <tmmintrin.h>

#include <weft/kernel/mask_sse2.hpp>
#include <weft/kernel/mask_word.hpp>
#include <weft/kernel/utf8_short.hpp>
#include <weft/kernel/utf8_sweep.hpp>
#include <weft/kernel/utf8_tables.hpp>

namespace weft::kernel {

namespace detail {

WEFT_TARGET("ssse3") WEFT_INLINE __m128i utf8_table_16(const lookup::table& table) noexcept
{
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data()));
}

// As in utf8_avx2.hpp.
struct utf8_before_16
{
    __m128i bytes;
    __m128i firsts;
};

// `wrong`, and the errors of 16 bytes that follow `before`, as in `utf8_errors_32`.
WEFT_TARGET("ssse3")
WEFT_INLINE __m128i utf8_errors_16(__m128i now, utf8_before_16& before, __m128i wrong) noexcept
{
    const __m128i nibble = _mm_set1_epi8(0x0F);
    const __m128i high = _mm_and_si128(_mm_srli_epi16(now, 4), nibble);
    const __m128i firsts = _mm_and_si128(
        _mm_shuffle_epi8(utf8_table_16(lookup::first_high), high),
        _mm_shuffle_epi8(utf8_table_16(lookup::first_low), _mm_and_si128(now, nibble)));
    const __m128i pairs = _mm_and_si128(_mm_alignr_epi8(firsts, before.firsts, 15),
                                        _mm_shuffle_epi8(utf8_table_16(lookup::second_high), high));
    const __m128i third = _mm_subs_epu8(_mm_alignr_epi8(now, before.bytes, 14),
                                        _mm_set1_epi8(static_cast<char>(0xE0 - 0x80)));
    const __m128i fourth = _mm_subs_epu8(_mm_alignr_epi8(now, before.bytes, 13),
                                         _mm_set1_epi8(static_cast<char>(0xF0 - 0x80)));
    const __m128i must =
        _mm_and_si128(_mm_or_si128(third, fourth), _mm_set1_epi8(static_cast<char>(0x80)));
    before = {now, firsts};
    return _mm_or_si128(wrong, _mm_xor_si128(must, pairs));
}

template <bool Unmask>
WEFT_TARGET("ssse3")
WEFT_INLINE __m128i
    utf8_take_16(std::byte* to, const std::byte* from, std::size_t i, __m128i mask) noexcept
{
    __m128i bytes = load_16(from + i);
    if constexpr (Unmask) {
        bytes = _mm_xor_si128(bytes, mask);
        store_16(to + i, bytes);
    }
    return bytes;
}

template <bool Unmask>
WEFT_TARGET("ssse3")
inline utf8_swept utf8_sweep_ssse3(std::byte* to, const std::byte* from, std::size_t n,
                                   std::uint32_t key) noexcept
{
    const __m128i mask = _mm_set1_epi32(static_cast<int>(key));
    utf8_before_16 before{_mm_setzero_si128(), _mm_set1_epi8(lookup::too_long)};
    std::size_t i = 0;
    for (; n - i >= 64; i += 64) {
        const __m128i a = utf8_take_16<Unmask>(to, from, i, mask);
        const __m128i b = utf8_take_16<Unmask>(to, from, i + 16, mask);
        const __m128i c = utf8_take_16<Unmask>(to, from, i + 32, mask);
        const __m128i d = utf8_take_16<Unmask>(to, from, i + 48, mask);
        const __m128i all = _mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d));
        // ASCII after ASCII needs no look at the pairs.
        if (_mm_movemask_epi8(_mm_or_si128(all, before.bytes)) == 0)
            continue;
        __m128i wrong = utf8_errors_16(a, before, _mm_setzero_si128());
        wrong = utf8_errors_16(b, before, wrong);
        wrong = utf8_errors_16(c, before, wrong);
        wrong = utf8_errors_16(d, before, wrong);
        if (_mm_movemask_epi8(_mm_cmpeq_epi8(wrong, _mm_setzero_si128())) != 0xFFFF)
            return {i, i + 64};
    }
    return {i, i};
}

// The last `rest` bytes of `n`, and zeros; `rest` is below 16, or all of `n`.
WEFT_TARGET("ssse3")
WEFT_INLINE __m128i utf8_last_16(const std::byte* p, std::size_t n, std::size_t rest) noexcept
{
    if (n >= 16)
        return _mm_shuffle_epi8(load_16(p + n - 16),
                                _mm_loadu_si128(reinterpret_cast<const __m128i*>(
                                    utf8_last_to_front.data() + 16 - rest)));
    if (n < 8)
        return _mm_cvtsi64_si128(static_cast<long long>(utf8_under_8(p, n)));
    return _mm_set_epi64x(static_cast<long long>(utf8_behind_8(p, n)),
                          static_cast<long long>(load<std::uint64_t>(p)));
}

// Whether all bytes from `i` on are ASCII, of 16 or more.
WEFT_TARGET("ssse3")
WEFT_INLINE bool utf8_ascii_16(const std::byte* p, std::size_t i, std::size_t n) noexcept
{
    __m128i all = load_16(p + n - 16);
    for (; n - i > 16; i += 16)
        all = _mm_or_si128(all, load_16(p + i));
    return _mm_movemask_epi8(all) == 0;
}

// Whether the text that is valid up to `i`, a multiple of 16, is valid and whole up to `n`.
WEFT_TARGET("ssse3")
WEFT_INLINE bool utf8_rest_16(const std::byte* p, std::size_t i, std::size_t n) noexcept
{
    if (n >= 16 && utf8_ascii_16(p, i == 0 ? 0 : i - 16, n))
        return true;
    utf8_before_16 before{_mm_setzero_si128(), _mm_set1_epi8(lookup::too_long)};
    __m128i wrong = _mm_setzero_si128();
    if (i != 0)
        utf8_errors_16(load_16(p + i - 16), before, wrong);
    for (; n - i >= 16; i += 16)
        wrong = utf8_errors_16(load_16(p + i), before, wrong);
    if (i != n)
        wrong = utf8_errors_16(utf8_last_16(p, n, n - i), before, wrong);
    return _mm_movemask_epi8(_mm_cmpeq_epi8(wrong, _mm_setzero_si128())) == 0xFFFF;
}

struct utf8_ssse3
{
    static constexpr std::size_t step = 64;

    template <bool Unmask>
    static utf8_swept blocks(std::byte* to, const std::byte* from, std::size_t n,
                             std::uint32_t key) noexcept
    {
        return utf8_sweep_ssse3<Unmask>(to, from, n, key);
    }

    WEFT_TARGET("ssse3")
    static bool rest(const std::byte* p, std::size_t i, std::size_t n) noexcept
    {
        return utf8_rest_16(p, i, n);
    }

    static constexpr auto& mask = mask_word;
};

} // namespace detail

} // namespace weft::kernel

#endif
#endif
