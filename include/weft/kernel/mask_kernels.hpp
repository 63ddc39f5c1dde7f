// All masking kernels, and the choice among them at run time.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_MASK_KERNELS_HPP
#define WEFT_KERNEL_MASK_KERNELS_HPP

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <span>
#include <string_view>

#include <weft/kernel/isa.hpp>
#include <weft/kernel/mask_avx2.hpp>
#include <weft/kernel/mask_avx512.hpp>
#include <weft/kernel/mask_bytewise.hpp>
#include <weft/kernel/mask_neon.hpp>
#include <weft/kernel/mask_sse2.hpp>
#include <weft/kernel/mask_word.hpp>

namespace weft::kernel {

/// What all of them do: see `mask_bytewise`.
using mask_function = void (*)(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                               std::size_t phase) noexcept;

struct mask_kernel
{
    std::string_view name;
    isa needs;
    mask_function apply;
};

namespace detail {

// The fastest first.
inline constexpr std::array compiled_mask_kernels{
#if WEFT_X86
    mask_kernel{"avx512", isa::avx512, &mask_avx512},
    mask_kernel{"avx2", isa::avx2, &mask_avx2},
#endif
#if WEFT_NEON
    mask_kernel{"neon", isa::neon, &mask_neon},
#endif
    mask_kernel{"word", isa::portable, &mask_word},
    mask_kernel{"bytewise", isa::portable, &mask_bytewise},
};

struct supported_mask_kernels
{
    supported_mask_kernels() noexcept
    {
        for (const mask_kernel& k : compiled_mask_kernels)
            if (supports(k.needs))
                list[count++] = k;
    }

    std::array<mask_kernel, compiled_mask_kernels.size()> list{};
    std::size_t count = 0;
};

} // namespace detail

/// The kernels that this processor can run, the fastest first: what tests, fuzzers and benchmarks
/// go through.
inline std::span<const mask_kernel> mask_kernels() noexcept
{
    static const detail::supported_mask_kernels supported;
    return std::span(supported.list).first(supported.count);
}

namespace detail {

inline void resolve_mask(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                         std::size_t phase) noexcept;

// Constant-initialised, so that it may be used before `main`; the first use replaces it. Threads
// that race store the same value.
inline constinit std::atomic<mask_function> active_mask{&resolve_mask};

inline void resolve_mask(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                         std::size_t phase) noexcept
{
    mask_function best = mask_kernels().front().apply;
    if (const char* const forced = std::getenv("WEFT_MASK_KERNEL"))
        for (const mask_kernel& k : mask_kernels())
            if (k.name == forced)
                best = k.apply;
    active_mask.store(best, std::memory_order_relaxed);
    best(to, from, n, key, phase);
}

} // namespace detail

/// Makes `mask_best` use the kernel of that name from now on, in all threads; false if this
/// processor has none. The environment variable `WEFT_MASK_KERNEL` does the same at the first use.
inline bool force_mask_kernel(std::string_view name) noexcept
{
    for (const mask_kernel& k : mask_kernels())
        if (k.name == name) {
            detail::active_mask.store(k.apply, std::memory_order_relaxed);
            return true;
        }
    return false;
}

/// Equal to `mask_bytewise`, by the fastest kernel for this processor, chosen with the first use.
/// What is short isn't worth the indirect call.
inline void mask_best(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                      std::size_t phase) noexcept
{
    if (n < 16)
        return detail::mask_under_16(to, from, n, key, phase);
#if WEFT_X86
    if (n <= 64)
        return detail::mask_16_to_64(to, from, n, key, phase);
#endif
    detail::active_mask.load(std::memory_order_relaxed)(to, from, n, key, phase);
}

} // namespace weft::kernel

#endif
