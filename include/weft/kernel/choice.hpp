// Which of a list of kernels the running processor can execute.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_CHOICE_HPP
#define WEFT_KERNEL_CHOICE_HPP

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <span>
#include <string_view>
#include <type_traits>

#include <weft/kernel/isa.hpp>

namespace weft::kernel::detail {

/// Of `Compiled`, an array of kernels with a `name` and what each one `needs`: who can run one can
/// run those behind it, and everybody the last. No state, so nothing to initialise or to lock.
template <const auto& Compiled>
class supported_kernels
{
    using kernel = typename std::remove_cvref_t<decltype(Compiled)>::value_type;

public:
    static std::span<const kernel> list() noexcept
    {
        std::size_t first = Compiled.size() - 1;
        while (first != 0 && supports(Compiled[first - 1].needs))
            --first;
        return std::span(Compiled).subspan(first);
    }

    /// Null if there is none of that name.
    static const kernel* named(std::string_view name) noexcept
    {
        for (const kernel& k : list())
            if (k.name == name)
                return &k;
        return nullptr;
    }

    /// The one that the environment's `variable` names, or else the first.
    static const kernel& chosen(const char* variable) noexcept
    {
#if defined(_MSC_VER)
#pragma warning(suppress : 4996) // deprecates getenv; what it returns isn't kept
#endif
        const char* const forced = std::getenv(variable);
        const kernel* const found = forced != nullptr ? named(forced) : nullptr;
        return found != nullptr ? *found : list().front();
    }
};

/// Makes `choice` what is chosen at the first use, unless another thread, or a caller who forces a
/// kernel, has been there before; and returns what it is.
template <class T>
T settle(std::atomic<T>& active, T unresolved, T choice) noexcept
{
    return active.compare_exchange_strong(unresolved, choice, std::memory_order_relaxed)
               ? choice
               : unresolved;
}

} // namespace weft::kernel::detail

#endif
