// A budget whose limits are chosen at run time: by a test, a fuzzer, or a program's configuration.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_ANY_BUDGET_HPP
#define WEFT_TEST_ANY_BUDGET_HPP

#include <weft/policy/budget.hpp>

namespace weft::test {

/// Hand it to the connection's constructor.
struct any_budget
{
    using slot = budget::slot;
    budget::limits limits() const noexcept { return value; }

    budget::limits value{};
};

} // namespace weft::test

#endif
