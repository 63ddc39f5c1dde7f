// What the benchmarks measure: each kernel, of weft's, of a peer or of your own, as one function.
// All are called through a pointer, so that none is favoured by being inlined.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BENCH_KERNELS_HPP
#define WEFT_BENCH_KERNELS_HPP

#include <bit>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <weft/kernel/mask_word.hpp>
#include <weft/policy/masking.hpp>
#include <weft/policy/utf8.hpp>

namespace bench {

/// Both functions have the signature of weft's kernels. A destination has 8 bytes to spare behind
/// it, which websocketpp asks for.
struct masker
{
    using function = weft::kernel::mask_function;

    std::string name;
    function in_place; // to == from
    function copy; // from elsewhere; a peer without such a thing copies first, as it does in life
};

struct checker
{
    /// Whether the bytes are valid UTF-8. May write, if it unmasks.
    using function = bool (*)(std::span<std::byte> bytes) noexcept;

    std::string name;
    function check;
    function unmask_and_check; // null: left out
};

/// The key of the texts. Zeros where time is taken: unmasking then leaves a text as it is, so that
/// it can be unmasked again and again. No kernel looks at a key's value, and no compiler may: it is
/// a variable, and some answers are verified with another one.
inline weft::masking_key text_key{};

/// The peers' and your own, which add themselves before `main`.
template <class Kernel>
std::vector<Kernel>& added()
{
    static std::vector<Kernel> kernels;
    return kernels;
}

template <class Kernel>
struct add
{
    explicit add(Kernel kernel) { added<Kernel>().push_back(std::move(kernel)); }
};

/// The key from a phase on, for peers that begin at its first byte.
inline weft::masking_key from_phase(weft::masking_key key, std::size_t phase) noexcept
{
    return std::bit_cast<weft::masking_key>(weft::kernel::detail::key_from(key, phase));
}

/// A masking policy as weft uses it.
template <weft::masking_policy Policy>
masker masker_of(std::string name)
{
    using weft::masking_key;
    return {std::move(name),
            [](std::byte* to, const std::byte*, std::size_t n, masking_key key,
               std::size_t phase) noexcept { Policy::apply(std::span(to, n), key, phase); },
            [](std::byte* to, const std::byte* from, std::size_t n, masking_key key,
               std::size_t phase) noexcept {
                if constexpr (weft::copies_and_masks<Policy>) {
                    Policy::copy(to, std::span(from, n), key, phase);
                } else {
                    if (n != 0)
                        std::memcpy(to, from, n);
                    Policy::apply(std::span(to, n), key, phase);
                }
            }};
}

/// A UTF-8 policy as weft uses it, on a whole message.
template <weft::utf8_policy Policy>
bool valid(std::span<std::byte> bytes) noexcept
{
    Policy policy;
    return policy.write(bytes) == bytes.size() && policy.finish();
}

/// The same in two passes, of which the first unmasks.
template <weft::utf8_policy Policy, weft::masking_policy Masking>
bool unmasked_and_valid(std::span<std::byte> bytes) noexcept
{
    Masking::apply(bytes, text_key, 0);
    return valid<Policy>(bytes);
}

} // namespace bench

#endif
