// UTF-8 by the lookup method with NEON, 32 bytes at a time (RFC 3629; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_NEON_HPP
#define WEFT_KERNEL_UTF8_NEON_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_NEON

#include <arm_neon.h>
#include <cstddef>
#include <cstdint>

#include <weft/kernel/utf8_tables.hpp>

namespace weft::kernel {

namespace detail {

// The errors of 16 bytes that follow `before`, as in `utf8_errors_32` of utf8_avx2.hpp.
inline uint8x16_t utf8_errors_neon(uint8x16_t now, uint8x16_t before) noexcept
{
    const uint8x16_t one = vextq_u8(before, now, 15);
    const uint8x16_t pairs = vandq_u8(
        vandq_u8(vqtbl1q_u8(vld1q_u8(lookup::first_high.data()), vshrq_n_u8(one, 4)),
                 vqtbl1q_u8(vld1q_u8(lookup::first_low.data()), vandq_u8(one, vdupq_n_u8(0x0F)))),
        vqtbl1q_u8(vld1q_u8(lookup::second_high.data()), vshrq_n_u8(now, 4)));
    const uint8x16_t third = vqsubq_u8(vextq_u8(before, now, 14), vdupq_n_u8(0xE0 - 0x80));
    const uint8x16_t fourth = vqsubq_u8(vextq_u8(before, now, 13), vdupq_n_u8(0xF0 - 0x80));
    const uint8x16_t must = vandq_u8(vorrq_u8(third, fourth), vdupq_n_u8(0x80));
    return veorq_u8(must, pairs);
}

} // namespace detail

/// As `utf8_avx2`, in steps of 32.
inline std::size_t utf8_neon(const std::byte* p, std::size_t n) noexcept
{
    uint8x16_t before = vdupq_n_u8(0);
    std::size_t i = 0;
    for (; n - i >= 32; i += 32) {
        const auto* const block = reinterpret_cast<const std::uint8_t*>(p + i);
        const uint8x16_t a = vld1q_u8(block);
        const uint8x16_t b = vld1q_u8(block + 16);
        if (vmaxvq_u8(vorrq_u8(vorrq_u8(a, b), before)) >= 0x80) {
            const uint8x16_t wrong =
                vorrq_u8(detail::utf8_errors_neon(a, before), detail::utf8_errors_neon(b, a));
            if (vmaxvq_u8(wrong) != 0)
                break;
        }
        before = b;
    }
    return detail::whole_end(p, i);
}

} // namespace weft::kernel

#endif
#endif
