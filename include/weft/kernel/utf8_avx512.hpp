// UTF-8 by the lookup method with AVX-512, 256 bytes at a time (RFC 3629; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_AVX512_HPP
#define WEFT_KERNEL_UTF8_AVX512_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <weft/kernel/mask_avx512.hpp>
#include <weft/kernel/utf8_ssse3.hpp>
#include <weft/kernel/utf8_sweep.hpp>
#include <weft/kernel/utf8_tables.hpp>
#include <weft/kernel/x86.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

namespace detail {

WEFT_AVX512 vec_64 utf8_table_64(const lookup::table& table) noexcept
{
    return repeat_64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// As in utf8_avx2.hpp.
struct utf8_before_64
{
    vec_64 bytes;
    vec_64 firsts;
};

// `wrong`, and the errors of 64 bytes that follow `before`.
WEFT_AVX512 vec_64 utf8_errors_64(vec_64 now, utf8_before_64& before, vec_64 wrong) noexcept
{
    const vec_64 nibble = splat_64(0x0F);
    const vec_64 high = both(shift_right_4(now), nibble);
    const vec_64 firsts = both(look_up(utf8_table_64(lookup::first_high), high),
                               look_up(utf8_table_64(lookup::first_low), both(now, nibble)));
    const vec_64 seconds = look_up(utf8_table_64(lookup::second_high), high);
    const vec_64 bytes = lane_before(now, before.bytes);
    const vec_64 moved = align<15>(firsts, lane_before(firsts, before.firsts));
    const vec_64 third = subtract(align<14>(now, bytes), splat_64(0xE0 - 0x80));
    const vec_64 fourth = subtract(align<13>(now, bytes), splat_64(0xF0 - 0x80));
    before = {now, firsts};
    // (third | fourth) & 0x80, then that ^ (moved & seconds).
    const vec_64 must = ternary<0xA8>(third, fourth, splat_64(0x80));
    return either(wrong, ternary<0x78>(must, moved, seconds));
}

template <bool Unmask>
WEFT_AVX512 vec_64 utf8_take_64(std::byte* to, const std::byte* from, std::size_t i,
                                vec_64 mask) noexcept
{
    vec_64 bytes = load_64(from + i);
    if constexpr (Unmask) {
        bytes = differ(bytes, mask);
        store_64(to + i, bytes);
    }
    return bytes;
}

// The bytes that `here` names, zeros for the others, which are neither read nor written.
template <bool Unmask>
WEFT_AVX512 vec_64 utf8_take_part_64(std::byte* to, const std::byte* from, std::size_t i,
                                     vec_64 mask, std::uint64_t here) noexcept
{
    vec_64 bytes = load_part(from + i, here);
    if constexpr (Unmask) {
        bytes = keep(differ(bytes, mask), here);
        store_part(to + i, bytes, here);
    }
    return bytes;
}

WEFT_AVX512 bool utf8_any_high_64(vec_64 bytes) noexcept { return high_bits(bytes) != 0; }

// As `utf8_swept`; `whole` if it is known that the `good` ones don't end within a code point.
struct utf8_swept_64
{
    std::size_t good;
    std::size_t done;
    bool whole = false;
};

template <bool Unmask>
WEFT_AVX512 utf8_swept_64 utf8_sweep_avx512(std::byte* to, const std::byte* from, std::size_t n,
                                            std::uint32_t key) noexcept
{
    const vec_64 mask = splat_word_64(key);
    utf8_before_64 before{vec_64{}, splat_64(lookup::too_long)};
    std::size_t i = 0;
    for (; n - i >= 256; i += 256) {
        const vec_64 a = utf8_take_64<Unmask>(to, from, i, mask);
        const vec_64 b = utf8_take_64<Unmask>(to, from, i + 64, mask);
        const vec_64 c = utf8_take_64<Unmask>(to, from, i + 128, mask);
        const vec_64 d = utf8_take_64<Unmask>(to, from, i + 192, mask);
        const vec_64 all = either(either(a, b), either(c, d));
        // ASCII after ASCII needs no look at the pairs.
        if (!utf8_any_high_64(either(all, before.bytes)))
            continue;
        vec_64 wrong = utf8_errors_64(a, before, vec_64{});
        wrong = utf8_errors_64(b, before, wrong);
        wrong = utf8_errors_64(c, before, wrong);
        wrong = utf8_errors_64(d, before, wrong);
        if (any(wrong))
            return {i, i + 256};
    }
    for (; n - i >= 64; i += 64) {
        const vec_64 a = utf8_take_64<Unmask>(to, from, i, mask);
        if (!utf8_any_high_64(either(a, before.bytes)))
            continue;
        const vec_64 wrong = utf8_errors_64(a, before, vec_64{});
        if (any(wrong))
            return {i, i + 64};
    }
    if (i < n) {
        const std::uint64_t here = (std::uint64_t{1} << (n - i)) - 1;
        const vec_64 a = utf8_take_part_64<Unmask>(to, from, i, mask, here);
        if (!utf8_any_high_64(either(a, before.bytes)))
            return {n, n, true};
        const vec_64 wrong = utf8_errors_64(a, before, vec_64{});
        // The zeros behind the end cut what isn't whole; behind the end that is no error.
        if (!any(wrong))
            return {n, n, true};
        if (nonzero(wrong, here) != 0)
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
    const auto [good, done, whole] = detail::utf8_sweep_avx512<false>(nullptr, p, n, 0);
    return whole ? n : detail::whole_end(p, good);
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
    // Looked at before the sweep: a load behind it would wait for the last vector's store.
    const auto last = std::bit_cast<std::array<std::byte, 4>>(
        detail::load<std::uint32_t>(from + n - 4) ^ detail::key_from(key, phase + n));
    const auto [good, done, whole] =
        detail::utf8_sweep_avx512<true>(to, from, n, detail::key_from(key, phase));
    if (whole)
        return n;
    if (good == n)
        return n - last.size() + detail::whole_end(last.data(), last.size());
    mask_avx512(to + done, from + done, n - done, key, phase + done);
    return detail::whole_end(to, good);
}

} // namespace weft::kernel

#endif
#endif
