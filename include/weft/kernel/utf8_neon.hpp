// UTF-8 by the lookup method with NEON, 64 bytes at a time (RFC 3629; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_NEON_HPP
#define WEFT_KERNEL_UTF8_NEON_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_NEON

#include <arm_neon.h>
#include <cstddef>
#include <cstdint>

#include <weft/kernel/mask_neon.hpp>
#include <weft/kernel/utf8_short.hpp>
#include <weft/kernel/utf8_sweep.hpp>
#include <weft/kernel/utf8_tables.hpp>

namespace weft::kernel {

namespace detail {

// As in utf8_avx2.hpp.
struct utf8_before_neon
{
    uint8x16_t bytes;
    uint8x16_t firsts;
};

// `wrong`, and the errors of 16 bytes that follow `before`, as in `utf8_errors_32`.
WEFT_INLINE uint8x16_t utf8_errors_neon(uint8x16_t now, utf8_before_neon& before,
                                        uint8x16_t wrong) noexcept
{
    const uint8x16_t high = vshrq_n_u8(now, 4);
    const uint8x16_t firsts =
        vandq_u8(vqtbl1q_u8(vld1q_u8(lookup::first_high.data()), high),
                 vqtbl1q_u8(vld1q_u8(lookup::first_low.data()), vandq_u8(now, vdupq_n_u8(0x0F))));
    const uint8x16_t pairs = vandq_u8(vextq_u8(before.firsts, firsts, 15),
                                      vqtbl1q_u8(vld1q_u8(lookup::second_high.data()), high));
    const uint8x16_t third = vqsubq_u8(vextq_u8(before.bytes, now, 14), vdupq_n_u8(0xE0 - 0x80));
    const uint8x16_t fourth = vqsubq_u8(vextq_u8(before.bytes, now, 13), vdupq_n_u8(0xF0 - 0x80));
    const uint8x16_t must = vandq_u8(vorrq_u8(third, fourth), vdupq_n_u8(0x80));
    before = {now, firsts};
    return vorrq_u8(wrong, veorq_u8(must, pairs));
}

template <bool Unmask>
WEFT_INLINE uint8x16_t utf8_take_neon(std::byte* to, const std::byte* from, std::size_t i,
                                      uint8x16_t mask) noexcept
{
    uint8x16_t bytes = load_16(from + i);
    if constexpr (Unmask) {
        bytes = veorq_u8(bytes, mask);
        store_16(to + i, bytes);
    }
    return bytes;
}

template <bool Unmask>
utf8_swept utf8_sweep_neon(std::byte* to, const std::byte* from, std::size_t n,
                           std::uint32_t key) noexcept
{
    const uint8x16_t mask = vreinterpretq_u8_u32(vdupq_n_u32(key));
    utf8_before_neon before{vdupq_n_u8(0), vdupq_n_u8(lookup::too_long)};
    std::size_t i = 0;
    for (; n - i >= 64; i += 64) {
        const uint8x16_t a = utf8_take_neon<Unmask>(to, from, i, mask);
        const uint8x16_t b = utf8_take_neon<Unmask>(to, from, i + 16, mask);
        const uint8x16_t c = utf8_take_neon<Unmask>(to, from, i + 32, mask);
        const uint8x16_t d = utf8_take_neon<Unmask>(to, from, i + 48, mask);
        const uint8x16_t all = vorrq_u8(vorrq_u8(a, b), vorrq_u8(c, d));
        // ASCII after ASCII needs no look at the pairs.
        if (vmaxvq_u8(vorrq_u8(all, before.bytes)) < 0x80)
            continue;
        uint8x16_t wrong = utf8_errors_neon(a, before, vdupq_n_u8(0));
        wrong = utf8_errors_neon(b, before, wrong);
        wrong = utf8_errors_neon(c, before, wrong);
        wrong = utf8_errors_neon(d, before, wrong);
        if (vmaxvq_u8(wrong) != 0)
            return {i, i + 64};
    }
    return {i, i};
}

// The last `rest` bytes of `n`, and zeros; `rest` is below 16, or all of `n`.
WEFT_INLINE uint8x16_t utf8_last_neon(const std::byte* p, std::size_t n, std::size_t rest) noexcept
{
    if (n >= 16)
        return vqtbl1q_u8(load_16(p + n - 16), vld1q_u8(utf8_last_to_front.data() + 16 - rest));
    if (n < 8)
        return vcombine_u8(vcreate_u8(utf8_under_8(p, n)), vcreate_u8(0));
    return vcombine_u8(vcreate_u8(load<std::uint64_t>(p)), vcreate_u8(utf8_behind_8(p, n)));
}

// As `utf8_ascii_16`.
WEFT_INLINE bool utf8_ascii_neon(const std::byte* p, std::size_t i, std::size_t n) noexcept
{
    uint8x16_t all = load_16(p + n - 16);
    for (; n - i > 16; i += 16)
        all = vorrq_u8(all, load_16(p + i));
    return vmaxvq_u8(all) < 0x80;
}

// As `utf8_rest_16`.
inline bool utf8_rest_neon(const std::byte* p, std::size_t i, std::size_t n) noexcept
{
    if (n >= 16 && utf8_ascii_neon(p, i == 0 ? 0 : i - 16, n))
        return true;
    utf8_before_neon before{vdupq_n_u8(0), vdupq_n_u8(lookup::too_long)};
    uint8x16_t wrong = vdupq_n_u8(0);
    if (i != 0)
        utf8_errors_neon(load_16(p + i - 16), before, wrong);
    for (; n - i >= 16; i += 16)
        wrong = utf8_errors_neon(load_16(p + i), before, wrong);
    if (i != n)
        wrong = utf8_errors_neon(utf8_last_neon(p, n, n - i), before, wrong);
    return vmaxvq_u8(wrong) == 0;
}

struct utf8_neon
{
    static constexpr std::size_t step = 64;

    template <bool Unmask>
    static utf8_swept blocks(std::byte* to, const std::byte* from, std::size_t n,
                             std::uint32_t key) noexcept
    {
        return utf8_sweep_neon<Unmask>(to, from, n, key);
    }

    static bool rest(const std::byte* p, std::size_t i, std::size_t n) noexcept
    {
        return utf8_rest_neon(p, i, n);
    }

    static constexpr auto& mask = mask_neon;
};

} // namespace detail

} // namespace weft::kernel

#endif
#endif
