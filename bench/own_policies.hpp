// Policies of your own among the kernels: as weft uses them, by the names the compiler gives them.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BENCH_OWN_POLICIES_HPP
#define WEFT_BENCH_OWN_POLICIES_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include <weft/policy/masking.hpp>
#include <weft/policy/utf8.hpp>
#include <weft/test/law_report.hpp>
#include <weft/test/text_rule.hpp>

#include "kernels.hpp"

namespace bench {

/// Weft's own are measured anyway, by shorter names.
template <class Policy, class... Known>
concept is_one_of = (std::same_as<Policy, Known> || ...);

/// A stream's policy may be named once more: it is measured once.
template <class Kernel>
void add_once(Kernel kernel)
{
    if (std::ranges::find(added<Kernel>(), kernel.name, &Kernel::name) == added<Kernel>().end())
        add(std::move(kernel));
}

template <weft::masking_policy Policy>
void add_masker()
{
    namespace masking = weft::masking;
    if constexpr (!is_one_of<Policy, masking::simd, masking::word, masking::bytewise>)
        add_once(masker_of<Policy>(weft::test::name_of_type<Policy>()));
}

/// Text that is masked: in one pass with `Masking`, where the policy has one.
template <weft::utf8_policy Policy, weft::masking_policy Masking>
bool unmask_and_check(std::span<std::byte> bytes) noexcept
{
    if constexpr (weft::checks_while_unmasking<Policy, Masking>) {
        Policy policy;
        return policy.write_masked(Masking(), bytes, text_key, 0) == bytes.size() &&
               policy.finish();
    } else
        return unmasked_and_valid<Policy, Masking>(bytes);
}

template <weft::utf8_policy Policy, weft::masking_policy Masking>
void add_checker()
{
    using weft::test::name_of_type, weft::test::text_rule;
    constexpr bool is_default = std::same_as<Policy, weft::utf8::strict>;
    if constexpr (weft::test::text_rule_of<Policy> == text_rule::never)
        return; // it has nothing to do
    else if constexpr (!is_default)
        add_once(checker{name_of_type<Policy>(), valid<Policy>, unmask_and_check<Policy, Masking>});
    else if constexpr (!std::same_as<Masking, weft::masking::simd>)
        add_once(checker{"strict after " + name_of_type<Masking>(), nullptr,
                         unmask_and_check<Policy, Masking>});
}

} // namespace bench

#endif
