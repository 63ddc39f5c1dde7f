// UTF-8 by the lookup method with AVX2, 128 bytes at a time (RFC 3629; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_AVX2_HPP
#define WEFT_KERNEL_UTF8_AVX2_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <cstdint>

#include <weft/kernel/mask_avx2.hpp>
#include <weft/kernel/utf8_ssse3.hpp>
#include <weft/kernel/utf8_sweep.hpp>
#include <weft/kernel/utf8_tables.hpp>
#include <weft/kernel/x86.hpp>

namespace weft::kernel {

namespace detail {

// Not a lambda or a member: a function target is not inherited by either.
WEFT_AVX2 vec_32 utf8_table_32(const lookup::table& table) noexcept
{
    return repeat_32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// `now` moved back by `N` bytes, the last ones of `before` in front.
template <int N>
WEFT_AVX2 vec_32 utf8_back_32(vec_32 now, vec_32 before) noexcept
{
    return align<16 - N>(now, lane_before(now, before));
}

// What goes from one vector to the next: its bytes, and what they allow to be wrong as the first of
// a pair. Looked up where the byte stands and then moved, so that its halves are taken apart once.
struct utf8_before_32
{
    vec_32 bytes;
    vec_32 firsts;
};

// `wrong`, and the errors of 32 bytes that follow `before`: nonzero where there is one. They are
// added: a chain of ors the compiler regroups until it has no registers left for it.
WEFT_AVX2 vec_32 utf8_errors_32(vec_32 now, utf8_before_32& before, vec_32 wrong) noexcept
{
    const vec_32 nibble = splat_32(0x0F);
    const vec_32 high = both(shift_right_4(now), nibble);
    const vec_32 firsts = both(look_up(utf8_table_32(lookup::first_high), high),
                               look_up(utf8_table_32(lookup::first_low), both(now, nibble)));
    const vec_32 pairs = both(utf8_back_32<1>(firsts, before.firsts),
                              look_up(utf8_table_32(lookup::second_high), high));
    // Two continuations in a row are right where a lead of three or four stands two, or one of four
    // three, bytes before; there they must be.
    const vec_32 third = subtract(utf8_back_32<2>(now, before.bytes), splat_32(0xE0 - 0x80));
    const vec_32 fourth = subtract(utf8_back_32<3>(now, before.bytes), splat_32(0xF0 - 0x80));
    const vec_32 must = both(either(third, fourth), splat_32(0x80));
    before = {now, firsts};
    return add(wrong, differ(must, pairs));
}

template <bool Unmask>
WEFT_AVX2 vec_32 utf8_take_32(std::byte* to, const std::byte* from, std::size_t i,
                              vec_32 mask) noexcept
{
    vec_32 bytes = load_32(from + i);
    if constexpr (Unmask) {
        bytes = differ(bytes, mask);
        store_32(to + i, bytes);
    }
    return bytes;
}

WEFT_AVX2 bool utf8_any_high_32(vec_32 bytes) noexcept { return !disjoint(bytes, splat_32(0x80)); }

template <bool Unmask>
WEFT_TARGET("avx2")
inline utf8_swept
    utf8_sweep_avx2(std::byte* to, const std::byte* from, std::size_t n, std::uint32_t key) noexcept
{
    const vec_32 mask = splat_word_32(key);
    // ASCII stands before the text.
    utf8_before_32 before{vec_32{}, splat_32(lookup::too_long)};
    std::size_t i = 0;
    for (const std::size_t end = n / 128 * 128; i != end; i += 128) {
        const vec_32 a = utf8_take_32<Unmask>(to, from, i, mask);
        const vec_32 b = utf8_take_32<Unmask>(to, from, i + 32, mask);
        const vec_32 c = utf8_take_32<Unmask>(to, from, i + 64, mask);
        const vec_32 d = utf8_take_32<Unmask>(to, from, i + 96, mask);
        const vec_32 all = either(either(a, b), either(c, d));
        // ASCII after ASCII needs no look at the pairs.
        if (!utf8_any_high_32(all) && !utf8_any_high_32(before.bytes))
            continue;
        vec_32 wrong = utf8_errors_32(a, before, vec_32{});
        wrong = utf8_errors_32(b, before, wrong);
        wrong = utf8_errors_32(c, before, wrong);
        wrong = utf8_errors_32(d, before, wrong);
        if (!disjoint(wrong, wrong))
            return {i, i + 128};
    }
    for (; n - i >= 32; i += 32) {
        const vec_32 a = utf8_take_32<Unmask>(to, from, i, mask);
        if (!utf8_any_high_32(either(a, before.bytes)))
            continue;
        const vec_32 wrong = utf8_errors_32(a, before, vec_32{});
        if (!disjoint(wrong, wrong))
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
