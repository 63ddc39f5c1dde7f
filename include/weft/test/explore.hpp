// Runs a simulation under every schedule that there is, within bounds.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_EXPLORE_HPP
#define WEFT_TEST_EXPLORE_HPP

#include <cstddef>
#include <cstdint>
#include <utility>

#include <weft/test/schedule.hpp>
#include <weft/test/verdict.hpp>

namespace weft::test {

struct exploration
{
    std::uint64_t schedules = 0;
    bool exhausted = false; ///< there are no more
    verdict violation{};    ///< what was wrong
    schedule choices{};     ///< that show it
};

/// Calls `run(schedule&)`, which returns a verdict, once for each schedule, depth first, until one
/// is wrong, all are done, or `most` were run. `run` must make everything anew each time.
template <class Run>
exploration explore(Run run, std::uint64_t most = UINT64_MAX)
{
    exploration found;
    schedule choices;
    do {
        if (found.schedules == most)
            return found;
        ++found.schedules;
        verdict wrong = run(choices);
        if (!wrong && !choices.is_deterministic())
            wrong = "the same choices led elsewhere than before";
        if (wrong) {
            found.violation = std::move(wrong);
            found.choices = std::move(choices);
            return found;
        }
    } while (choices.advance());
    found.exhausted = true;
    return found;
}

} // namespace weft::test

#endif
