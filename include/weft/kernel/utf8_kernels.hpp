// All UTF-8 kernels, and the choice among them at run time.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_KERNELS_HPP
#define WEFT_KERNEL_UTF8_KERNELS_HPP

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <span>
#include <string_view>

#include <weft/kernel/isa.hpp>
#include <weft/kernel/utf8_avx2.hpp>
#include <weft/kernel/utf8_neon.hpp>
#include <weft/kernel/utf8_scalar.hpp>
#include <weft/kernel/utf8_ssse3.hpp>

namespace weft::kernel {

/// How many bytes of whole, valid code points `p` begins with, perhaps fewer than there are. It
/// never says more; where it stops, the reference goes on.
using utf8_function = std::size_t (*)(const std::byte* p, std::size_t n) noexcept;

struct utf8_kernel
{
    std::string_view name;
    isa needs;
    utf8_function prefix;
};

namespace detail {

// The fastest first.
inline constexpr std::array compiled_utf8_kernels{
#if WEFT_X86
    utf8_kernel{"avx2", isa::avx2, &utf8_avx2},
    utf8_kernel{"ssse3", isa::ssse3, &utf8_ssse3},
#endif
#if WEFT_NEON
    utf8_kernel{"neon", isa::neon, &utf8_neon},
#endif
    utf8_kernel{"scalar", isa::portable, &utf8_code_points},
};

struct supported_utf8_kernels
{
    supported_utf8_kernels() noexcept
    {
        for (const utf8_kernel& k : compiled_utf8_kernels)
            if (supports(k.needs))
                list[count++] = k;
    }

    std::array<utf8_kernel, compiled_utf8_kernels.size()> list{};
    std::size_t count = 0;
};

} // namespace detail

/// The kernels that this processor can run, the fastest first.
inline std::span<const utf8_kernel> utf8_kernels() noexcept
{
    static const detail::supported_utf8_kernels supported;
    return std::span(supported.list).first(supported.count);
}

namespace detail {

inline std::size_t resolve_utf8(const std::byte* p, std::size_t n) noexcept;

// As `active_mask`.
inline constinit std::atomic<utf8_function> active_utf8{&resolve_utf8};

inline std::size_t resolve_utf8(const std::byte* p, std::size_t n) noexcept
{
    utf8_function best = utf8_kernels().front().prefix;
    if (const char* const forced = std::getenv("WEFT_UTF8_KERNEL"))
        for (const utf8_kernel& k : utf8_kernels())
            if (k.name == forced)
                best = k.prefix;
    active_utf8.store(best, std::memory_order_relaxed);
    return best(p, n);
}

} // namespace detail

/// Makes `utf8_best` use the kernel of that name from now on, in all threads; false if this
/// processor has none. The environment variable `WEFT_UTF8_KERNEL` does the same at the first use.
inline bool force_utf8_kernel(std::string_view name) noexcept
{
    for (const utf8_kernel& k : utf8_kernels())
        if (k.name == name) {
            detail::active_utf8.store(k.prefix, std::memory_order_relaxed);
            return true;
        }
    return false;
}

/// The fastest kernel for this processor, chosen with the first use.
struct utf8_best
{
    static std::size_t prefix(const std::byte* p, std::size_t n) noexcept
    {
        return n < 32 ? 0 : detail::active_utf8.load(std::memory_order_relaxed)(p, n);
    }
};

} // namespace weft::kernel

#endif
