// Masking with NEON, 16 bytes at a time (RFC 6455 §5.3). Every AArch64 has it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_MASK_NEON_HPP
#define WEFT_KERNEL_MASK_NEON_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_NEON

#include <arm_neon.h>
#include <cstddef>
#include <cstdint>

#include <weft/kernel/mask_word.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

namespace detail {

inline uint8x16_t load_16(const std::byte* p) noexcept
{
    return vld1q_u8(reinterpret_cast<const std::uint8_t*>(p));
}

inline void store_16(std::byte* p, uint8x16_t v) noexcept
{
    vst1q_u8(reinterpret_cast<std::uint8_t*>(p), v);
}

inline uint8x16_t key_16(masking_key key, std::size_t phase) noexcept
{
    return vreinterpretq_u8_u32(vdupq_n_u32(key_from(key, phase)));
}

} // namespace detail

/// Equal to `mask_bytewise`; the last 16 bytes as in `mask_word`.
inline void mask_neon(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                      std::size_t phase) noexcept
{
    if (n < 16)
        return mask_word(to, from, n, key, phase);
    const uint8x16_t mask = detail::key_16(key, phase);
    const uint8x16_t last =
        veorq_u8(detail::load_16(from + n - 16), detail::key_16(key, phase + n));
    std::size_t i = 0;
    for (; n - i >= 64; i += 64) {
        const uint8x16_t a = veorq_u8(detail::load_16(from + i), mask);
        const uint8x16_t b = veorq_u8(detail::load_16(from + i + 16), mask);
        const uint8x16_t c = veorq_u8(detail::load_16(from + i + 32), mask);
        const uint8x16_t d = veorq_u8(detail::load_16(from + i + 48), mask);
        detail::store_16(to + i, a);
        detail::store_16(to + i + 16, b);
        detail::store_16(to + i + 32, c);
        detail::store_16(to + i + 48, d);
    }
    for (; n - i > 16; i += 16)
        detail::store_16(to + i, veorq_u8(detail::load_16(from + i), mask));
    detail::store_16(to + n - 16, last);
}

} // namespace weft::kernel

#endif
#endif
