// Which of a list of kernels the running processor can execute.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_CHOICE_HPP
#define WEFT_KERNEL_CHOICE_HPP

#include <cstddef>
#include <cstdlib>
#include <span>
#include <string_view>
#include <type_traits>

#include <weft/kernel/isa.hpp>

namespace weft::kernel::detail {

/// Of `Compiled`, an array of kernels with a `name` and what each one `needs`, in its order.
template <const auto& Compiled>
class supported_kernels
{
    using kernel = typename std::remove_cvref_t<decltype(Compiled)>::value_type;

public:
    static std::span<const kernel> list() noexcept
    {
        static const supported_kernels supported;
        return std::span(supported.kernels_).first(supported.count_);
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
        const char* const forced = std::getenv(variable);
        const kernel* const found = forced != nullptr ? named(forced) : nullptr;
        return found != nullptr ? *found : list().front();
    }

private:
    supported_kernels() noexcept
    {
        for (const kernel& k : Compiled)
            if (supports(k.needs))
                kernels_[count_++] = k;
    }

    std::remove_cvref_t<decltype(Compiled)> kernels_{};
    std::size_t count_ = 0;
};

} // namespace weft::kernel::detail

#endif
