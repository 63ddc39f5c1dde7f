// All masking kernels, and the choice among them at run time.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_MASK_KERNELS_HPP
#define WEFT_KERNEL_MASK_KERNELS_HPP

#include <array>
#include <atomic>
#include <cstddef>
#include <span>
#include <string_view>

#include <weft/kernel/choice.hpp>
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

} // namespace detail

/// The kernels that this processor can run, the fastest first: what tests, fuzzers and benchmarks
/// go through.
inline std::span<const mask_kernel> mask_kernels() noexcept
{
    return detail::supported_kernels<detail::compiled_mask_kernels>::list();
}

namespace detail {

inline void resolve_mask(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                         std::size_t phase) noexcept;

// Constant-initialised, so that it may be used before `main`; the first use replaces it.
inline constinit std::atomic<mask_function> active_mask{&resolve_mask};

inline void resolve_mask(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                         std::size_t phase) noexcept
{
    const mask_function best =
        supported_kernels<compiled_mask_kernels>::chosen("WEFT_MASK_KERNEL").apply;
    settle(active_mask, &resolve_mask, best)(to, from, n, key, phase);
}

} // namespace detail

/// Makes `mask_best` use the kernel of that name from now on, in all threads; false if this
/// processor has none. The environment variable `WEFT_MASK_KERNEL` does the same at the first use;
/// there a name that this processor has no kernel for counts for nothing. What `mask_best` masks
/// without a call, up to 64 bytes, stays as it is.
inline bool force_mask_kernel(std::string_view name) noexcept
{
    const auto* const k = detail::supported_kernels<detail::compiled_mask_kernels>::named(name);
    if (k != nullptr)
        detail::active_mask.store(k->apply, std::memory_order_relaxed);
    return k != nullptr;
}

/// Equal to `mask_bytewise`, by the fastest kernel for this processor, chosen with the first use.
/// What is short isn't worth the indirect call.
inline void mask_best(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                      std::size_t phase) noexcept
{
    if (n < 16) [[likely]] // to them a branch is much
        return detail::mask_under_16(to, from, n, key, phase);
#if WEFT_X86
    if (n <= 64)
        return detail::mask_16_to_64(to, from, n, key, phase);
#endif
    detail::active_mask.load(std::memory_order_relaxed)(to, from, n, key, phase);
}

} // namespace weft::kernel

#endif
