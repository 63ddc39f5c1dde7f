// The instructions of AVX2 and AVX-512 that the kernels are made of, under names of their own.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_X86_HPP
#define WEFT_KERNEL_X86_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tmmintrin.h>

// g++ reads the three megabytes of <immintrin.h> in a quarter of a second and keeps them in 116 MB
// of memory, for every file that includes weft: there its builtins are called instead.
#if defined(__GNUC__) && !defined(__clang__) && !defined(__EDG__)
#define WEFT_X86_BUILTINS 1
#else
#define WEFT_X86_BUILTINS 0
#include <immintrin.h>
#if defined(_MSC_VER) && defined(__clang__) // in MSVC's place, older ones leave these out
#include <avxintrin.h>

#include <avx2intrin.h>

#include <avx512fintrin.h>

#include <avx512bwintrin.h>
#endif
#endif

#define WEFT_AVX2 WEFT_TARGET("avx2") WEFT_INLINE
#define WEFT_AVX512 WEFT_TARGET("avx512f,avx512bw") WEFT_INLINE

namespace weft::kernel::x86 {

#if WEFT_X86_BUILTINS

using vec_32 = long long __attribute__((vector_size(32), may_alias));
using vec_64 = long long __attribute__((vector_size(64), may_alias));
using chars_32 = char __attribute__((vector_size(32)));
using chars_64 = char __attribute__((vector_size(64)));
using shorts_32 = short __attribute__((vector_size(32)));
using shorts_64 = short __attribute__((vector_size(64)));
using ints_64 = int __attribute__((vector_size(64)));
using ints_16 = int __attribute__((vector_size(16)));

// clang-format off: a table
WEFT_AVX2 vec_32 splat_32(std::uint8_t b) noexcept { return vec_32(chars_32{} + static_cast<char>(b)); }
WEFT_AVX2 vec_32 splat_word_32(std::uint32_t w) noexcept { const auto two = static_cast<long long>(std::uint64_t{w} << 32 | w); return vec_32{} + two; }
WEFT_AVX2 vec_32 both(vec_32 a, vec_32 b) noexcept { return a & b; }
WEFT_AVX2 vec_32 either(vec_32 a, vec_32 b) noexcept { return a | b; }
WEFT_AVX2 vec_32 differ(vec_32 a, vec_32 b) noexcept { return a ^ b; }
WEFT_AVX2 vec_32 shift_right_4(vec_32 v) noexcept { return vec_32(__builtin_ia32_psrlwi256(shorts_32(v), 4)); }
WEFT_AVX2 vec_32 look_up(vec_32 table, vec_32 at) noexcept { return vec_32(__builtin_ia32_pshufb256(chars_32(table), chars_32(at))); }
WEFT_AVX2 vec_32 subtract(vec_32 a, vec_32 b) noexcept { return vec_32(__builtin_ia32_psubusb256(chars_32(a), chars_32(b))); }
WEFT_AVX2 vec_32 add(vec_32 a, vec_32 b) noexcept { return vec_32(__builtin_ia32_paddusb256(chars_32(a), chars_32(b))); }
template <int N>
WEFT_AVX2 vec_32 align(vec_32 high, vec_32 low) noexcept { return __builtin_ia32_palignr256(high, low, 8 * N); }
WEFT_AVX2 vec_32 lane_before(vec_32 now, vec_32 before) noexcept { return __builtin_ia32_permti256(before, now, 0x21); }
WEFT_AVX2 vec_32 repeat_32(__m128i lane) noexcept { return __builtin_ia32_vbroadcastsi256(lane); }
WEFT_AVX2 bool disjoint(vec_32 a, vec_32 b) noexcept { return __builtin_ia32_ptestz256(a, b) != 0; }

WEFT_AVX512 vec_64 splat_64(std::uint8_t b) noexcept { return vec_64(chars_64{} + static_cast<char>(b)); }
WEFT_AVX512 vec_64 splat_word_64(std::uint32_t w) noexcept { const auto two = static_cast<long long>(std::uint64_t{w} << 32 | w); return vec_64{} + two; }
WEFT_AVX512 vec_64 both(vec_64 a, vec_64 b) noexcept { return a & b; }
WEFT_AVX512 vec_64 either(vec_64 a, vec_64 b) noexcept { return a | b; }
WEFT_AVX512 vec_64 differ(vec_64 a, vec_64 b) noexcept { return a ^ b; }
WEFT_AVX512 vec_64 shift_right_4(vec_64 v) noexcept { return vec_64(__builtin_ia32_psrlwi512_mask(shorts_64(v), 4, shorts_64{}, -1)); }
WEFT_AVX512 vec_64 look_up(vec_64 table, vec_64 at) noexcept { return vec_64(__builtin_ia32_pshufb512_mask(chars_64(table), chars_64(at), chars_64{}, -1)); }
WEFT_AVX512 vec_64 subtract(vec_64 a, vec_64 b) noexcept { return vec_64(__builtin_ia32_psubusb512_mask(chars_64(a), chars_64(b), chars_64{}, -1)); }
template <int N>
WEFT_AVX512 vec_64 align(vec_64 high, vec_64 low) noexcept { return __builtin_ia32_palignr512(high, low, 8 * N); }
WEFT_AVX512 vec_64 lane_before(vec_64 now, vec_64 before) noexcept { return vec_64(__builtin_ia32_alignd512_mask(ints_64(now), ints_64(before), 12, ints_64{}, -1)); }
WEFT_AVX512 vec_64 repeat_64(__m128i lane) noexcept { return vec_64(__builtin_ia32_broadcasti32x4_512(ints_16(lane), ints_64{}, -1)); }
template <int Table>
WEFT_AVX512 vec_64 ternary(vec_64 a, vec_64 b, vec_64 c) noexcept { return vec_64(__builtin_ia32_pternlogd512_mask(ints_64(a), ints_64(b), ints_64(c), Table, -1)); }
WEFT_AVX512 std::uint64_t high_bits(vec_64 v) noexcept { return __builtin_ia32_cvtb2mask512(chars_64(v)); }
WEFT_AVX512 std::uint64_t nonzero(vec_64 v, std::uint64_t of) noexcept { return __builtin_ia32_ptestmb512(chars_64(v), chars_64(v), of); }
WEFT_AVX512 bool any(vec_64 v) noexcept { return __builtin_ia32_ptestmd512(ints_64(v), ints_64(v), -1) != 0; }
WEFT_AVX512 vec_64 keep(vec_64 v, std::uint64_t which) noexcept { return vec_64(__builtin_ia32_movdquqi512_mask(chars_64(v), chars_64{}, which)); }
WEFT_AVX512 vec_64 load_part(const std::byte* p, std::uint64_t which) noexcept { return vec_64(__builtin_ia32_loaddquqi512_mask(reinterpret_cast<const char*>(p), chars_64{}, which)); }
WEFT_AVX512 void store_part(std::byte* p, vec_64 v, std::uint64_t which) noexcept { __builtin_ia32_storedquqi512_mask(reinterpret_cast<char*>(p), chars_64(v), which); }
// clang-format on

#else

using vec_32 = __m256i;
using vec_64 = __m512i;

// clang-format off: a table
WEFT_AVX2 vec_32 splat_32(std::uint8_t b) noexcept { return _mm256_set1_epi8(static_cast<char>(b)); }
WEFT_AVX2 vec_32 splat_word_32(std::uint32_t w) noexcept { return _mm256_set1_epi32(static_cast<int>(w)); }
WEFT_AVX2 vec_32 both(vec_32 a, vec_32 b) noexcept { return _mm256_and_si256(a, b); }
WEFT_AVX2 vec_32 either(vec_32 a, vec_32 b) noexcept { return _mm256_or_si256(a, b); }
WEFT_AVX2 vec_32 differ(vec_32 a, vec_32 b) noexcept { return _mm256_xor_si256(a, b); }
WEFT_AVX2 vec_32 shift_right_4(vec_32 v) noexcept { return _mm256_srli_epi16(v, 4); }
WEFT_AVX2 vec_32 look_up(vec_32 table, vec_32 at) noexcept { return _mm256_shuffle_epi8(table, at); }
WEFT_AVX2 vec_32 subtract(vec_32 a, vec_32 b) noexcept { return _mm256_subs_epu8(a, b); }
WEFT_AVX2 vec_32 add(vec_32 a, vec_32 b) noexcept { return _mm256_adds_epu8(a, b); }
template <int N>
WEFT_AVX2 vec_32 align(vec_32 high, vec_32 low) noexcept { return _mm256_alignr_epi8(high, low, N); }
WEFT_AVX2 vec_32 lane_before(vec_32 now, vec_32 before) noexcept { return _mm256_permute2x128_si256(before, now, 0x21); }
WEFT_AVX2 vec_32 repeat_32(__m128i lane) noexcept { return _mm256_broadcastsi128_si256(lane); }
WEFT_AVX2 bool disjoint(vec_32 a, vec_32 b) noexcept { return _mm256_testz_si256(a, b) != 0; }

WEFT_AVX512 vec_64 splat_64(std::uint8_t b) noexcept { return _mm512_set1_epi8(static_cast<char>(b)); }
WEFT_AVX512 vec_64 splat_word_64(std::uint32_t w) noexcept { return _mm512_set1_epi32(static_cast<int>(w)); }
WEFT_AVX512 vec_64 both(vec_64 a, vec_64 b) noexcept { return _mm512_and_si512(a, b); }
WEFT_AVX512 vec_64 either(vec_64 a, vec_64 b) noexcept { return _mm512_or_si512(a, b); }
WEFT_AVX512 vec_64 differ(vec_64 a, vec_64 b) noexcept { return _mm512_xor_si512(a, b); }
WEFT_AVX512 vec_64 shift_right_4(vec_64 v) noexcept { return _mm512_srli_epi16(v, 4); }
WEFT_AVX512 vec_64 look_up(vec_64 table, vec_64 at) noexcept { return _mm512_shuffle_epi8(table, at); }
WEFT_AVX512 vec_64 subtract(vec_64 a, vec_64 b) noexcept { return _mm512_subs_epu8(a, b); }
template <int N>
WEFT_AVX512 vec_64 align(vec_64 high, vec_64 low) noexcept { return _mm512_alignr_epi8(high, low, N); }
WEFT_AVX512 vec_64 lane_before(vec_64 now, vec_64 before) noexcept { return _mm512_alignr_epi32(now, before, 12); }
WEFT_AVX512 vec_64 repeat_64(__m128i lane) noexcept { return _mm512_broadcast_i32x4(lane); }
template <int Table>
WEFT_AVX512 vec_64 ternary(vec_64 a, vec_64 b, vec_64 c) noexcept { return _mm512_ternarylogic_epi32(a, b, c, Table); }
WEFT_AVX512 std::uint64_t high_bits(vec_64 v) noexcept { return _mm512_movepi8_mask(v); }
WEFT_AVX512 std::uint64_t nonzero(vec_64 v, std::uint64_t of) noexcept { return _mm512_mask_test_epi8_mask(of, v, v); }
WEFT_AVX512 bool any(vec_64 v) noexcept { return _mm512_test_epi32_mask(v, v) != 0; }
WEFT_AVX512 vec_64 keep(vec_64 v, std::uint64_t which) noexcept { return _mm512_maskz_mov_epi8(which, v); }
WEFT_AVX512 vec_64 load_part(const std::byte* p, std::uint64_t which) noexcept { return _mm512_maskz_loadu_epi8(which, p); }
WEFT_AVX512 void store_part(std::byte* p, vec_64 v, std::uint64_t which) noexcept { _mm512_mask_storeu_epi8(p, which, v); }
// clang-format on

#endif

WEFT_AVX2 vec_32 load_32(const std::byte* p) noexcept
{
    vec_32 v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
WEFT_AVX2 void store_32(std::byte* p, vec_32 v) noexcept { std::memcpy(p, &v, sizeof v); }

WEFT_AVX512 vec_64 load_64(const std::byte* p) noexcept
{
    vec_64 v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
WEFT_AVX512 void store_64(std::byte* p, vec_64 v) noexcept { std::memcpy(p, &v, sizeof v); }

} // namespace weft::kernel::x86

namespace weft::kernel::detail {

using namespace x86;

} // namespace weft::kernel::detail

#endif
#endif
