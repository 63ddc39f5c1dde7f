// All UTF-8 kernels, and the choice among them at run time.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_KERNELS_HPP
#define WEFT_KERNEL_UTF8_KERNELS_HPP

#include <array>
#include <atomic>
#include <cstddef>
#include <span>
#include <string_view>

#include <weft/kernel/choice.hpp>
#include <weft/kernel/isa.hpp>
#include <weft/kernel/mask_kernels.hpp>
#include <weft/kernel/utf8_avx2.hpp>
#include <weft/kernel/utf8_avx512.hpp>
#include <weft/kernel/utf8_neon.hpp>
#include <weft/kernel/utf8_scalar.hpp>
#include <weft/kernel/utf8_short.hpp>
#include <weft/kernel/utf8_ssse3.hpp>
#include <weft/kernel/utf8_sweep.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

/// How many bytes of whole, valid code points `p` begins with, perhaps fewer than there are. It
/// never says more; where it stops, the reference goes on.
using utf8_function = std::size_t (*)(const std::byte* p, std::size_t n) noexcept;

/// The same of the bytes that it unmasks as `mask_bytewise` does, in one pass over them: all `n`,
/// whatever is wrong with them.
using utf8_unmask_function = std::size_t (*)(std::byte* to, const std::byte* from, std::size_t n,
                                             masking_key key, std::size_t phase) noexcept;

struct utf8_kernel
{
    std::string_view name;
    isa needs;
    utf8_function prefix;
    utf8_unmask_function unmask;
};

namespace detail {

template <class Kernel>
constexpr utf8_kernel utf8_vectors(std::string_view name, isa needs) noexcept
{
    return {name, needs, &utf8_prefix<Kernel>, &utf8_unmask<Kernel>};
}

// The fastest first.
inline constexpr std::array compiled_utf8_kernels{
#if WEFT_X86
    utf8_kernel{"avx512", isa::avx512, &utf8_avx512, &utf8_unmask_avx512},
    utf8_vectors<utf8_avx2>("avx2", isa::avx2),
    utf8_vectors<utf8_ssse3>("ssse3", isa::ssse3),
#endif
#if WEFT_NEON
    utf8_vectors<utf8_neon>("neon", isa::neon),
#endif
    utf8_kernel{"scalar", isa::portable, &utf8_code_points, &utf8_unmask_code_points},
};

} // namespace detail

/// The kernels that this processor can run, the fastest first.
inline std::span<const utf8_kernel> utf8_kernels() noexcept
{
    return detail::supported_kernels<detail::compiled_utf8_kernels>::list();
}

namespace detail {

inline const utf8_kernel& resolve_utf8() noexcept;

inline std::size_t resolve_utf8_prefix(const std::byte* p, std::size_t n) noexcept
{
    return resolve_utf8().prefix(p, n);
}

inline std::size_t resolve_utf8_unmask(std::byte* to, const std::byte* from, std::size_t n,
                                       masking_key key, std::size_t phase) noexcept
{
    return resolve_utf8().unmask(to, from, n, key, phase);
}

inline constexpr utf8_kernel unresolved_utf8{"", isa::portable, &resolve_utf8_prefix,
                                             &resolve_utf8_unmask};

// As `active_mask`.
inline constinit std::atomic<const utf8_kernel*> active_utf8{&unresolved_utf8};

inline const utf8_kernel& resolve_utf8() noexcept
{
    const utf8_kernel& best = supported_kernels<compiled_utf8_kernels>::chosen("WEFT_UTF8_KERNEL");
    return *settle(active_utf8, &unresolved_utf8, &best);
}

} // namespace detail

/// Makes `utf8_best` use the kernel of that name from now on, in all threads; false if this
/// processor has none. The environment variable `WEFT_UTF8_KERNEL` does the same at the first use;
/// there a name that this processor has no kernel for counts for nothing. Text that is known to be
/// right without a call, ASCII of up to 64 bytes for the most part, stays with that.
inline bool force_utf8_kernel(std::string_view name) noexcept
{
    const auto* const k = detail::supported_kernels<detail::compiled_utf8_kernels>::named(name);
    if (k != nullptr)
        detail::active_utf8.store(k, std::memory_order_relaxed);
    return k != nullptr;
}

/// The fastest kernel for this processor, chosen with the first use.
struct utf8_best
{
    static std::size_t prefix(const std::byte* p, std::size_t n) noexcept
    {
#if WEFT_X86
        if (16 <= n && n <= 64 && detail::utf8_ascii_16_to_64(p, n))
            return n;
#endif
        return detail::active_utf8.load(std::memory_order_relaxed)->prefix(p, n);
    }

    // See `utf8_text`.
    WEFT_INLINE static bool takes(const std::byte* p, std::size_t n) noexcept
    {
        return detail::utf8_takes_short(p, n);
    }

    static std::size_t unmask(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                              std::size_t phase) noexcept
    {
#if WEFT_X86
        if (16 <= n && n <= 64 && detail::utf8_unmask_ascii_16_to_64(to, from, n, key, phase))
            return n;
#endif
        return detail::active_utf8.load(std::memory_order_relaxed)->unmask(to, from, n, key, phase);
    }
};

} // namespace weft::kernel

#endif
