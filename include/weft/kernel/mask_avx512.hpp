// Masking with AVX-512, 64 bytes at a time (RFC 6455 §5.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_MASK_AVX512_HPP
#define WEFT_KERNEL_MASK_AVX512_HPP

#include <weft/kernel/isa.hpp>

#if WEFT_X86

#include <cstddef>
#include <cstdint>

#include <weft/kernel/mask_avx2.hpp>
#include <weft/kernel/mask_word.hpp>
#include <weft/kernel/x86.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

namespace detail {

WEFT_AVX512 vec_64 key_64(masking_key key, std::size_t phase) noexcept
{
    return splat_word_64(key_from(key, phase));
}

} // namespace detail

/// Equal to `mask_bytewise`; the first and the last vector as in `mask_avx2`.
WEFT_TARGET("avx512f,avx512bw")
inline void mask_avx512(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                        std::size_t phase) noexcept
{
    if (n <= 64)
        return mask_avx2(to, from, n, key, phase);
    const x86::vec_64 first = x86::differ(x86::load_64(from), detail::key_64(key, phase));
    const x86::vec_64 last =
        x86::differ(x86::load_64(from + n - 64), detail::key_64(key, phase + n));
    std::size_t i = n < 256 ? 64 : 64 - reinterpret_cast<std::uintptr_t>(to) % 64;
    const x86::vec_64 mask = detail::key_64(key, phase + i);
    for (; n - i >= 256; i += 256) {
        const x86::vec_64 a = x86::differ(x86::load_64(from + i), mask);
        const x86::vec_64 b = x86::differ(x86::load_64(from + i + 64), mask);
        const x86::vec_64 c = x86::differ(x86::load_64(from + i + 128), mask);
        const x86::vec_64 d = x86::differ(x86::load_64(from + i + 192), mask);
        x86::store_64(to + i, a);
        x86::store_64(to + i + 64, b);
        x86::store_64(to + i + 128, c);
        x86::store_64(to + i + 192, d);
    }
    for (; n - i > 64; i += 64)
        x86::store_64(to + i, x86::differ(x86::load_64(from + i), mask));
    x86::store_64(to, first);
    x86::store_64(to + n - 64, last);
}

} // namespace weft::kernel

#endif
#endif
