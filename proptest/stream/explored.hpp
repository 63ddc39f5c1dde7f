// Runs every schedule of a scenario, and tells the one that breaks a law.
// WEFT_EXPLORE=n looks n splits deeper, each of which takes about ten times as long, and bounds no
// preemptions.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_STREAM_EXPLORED_HPP
#define WEFT_PROPTEST_STREAM_EXPLORED_HPP

#include <cstdint>
#include <cstdlib>
#include <iostream>

#include <gtest/gtest.h>

#include <weft/test/simulated_timing.hpp>
#include <weft/test/usual_scenarios.hpp>
#include <weft/weft.hpp>

namespace weft::proptest {

using namespace weft::test;

/// A stream as the simulation runs it; `Ps` are the policies that matter.
template <class Buffer, class... Ps>
using simulated_with =
    basic_ws_stream<simulated_layer, Buffer, simulated_timing<timing::limits{.idle_ms = 1}>,
                    key_source::fixed<0x37fa213d>, Ps...>;
template <class... Ps>
using simulated = simulated_with<buffer::fixed<139>, Ps...>;

/// It waits for bytes before it reads them.
template <class... Ps>
using borrowing = simulated_with<buffer::borrowed<139>, Ps...>;

// Where each schedule takes ten times as long, not all are run: it is memory that is looked at.
#if defined(__has_feature)
inline constexpr bool sanitized =
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif
inline constexpr std::uint64_t most = sanitized ? 5'000 : UINT64_MAX;

inline std::uint64_t explored = 0;
inline unsigned scenarios = 0;

template <class Stream>
void run(scenario s)
{
    static const char* const deeper = std::getenv("WEFT_EXPLORE");
    s.limits.splits += deeper != nullptr ? std::strtoul(deeper, nullptr, 10) : 0;
    if (deeper != nullptr)
        s.limits.preemptions = bounds::none;
    const exploration found = explore_scenario<Stream>(s, most);
    explored += found.schedules;
    ++scenarios;
    if (found.violation)
        ADD_FAILURE() << *found.violation;
}

inline const bounds bad_luck[] = {{.splits = 2},
                                  {.faults = 1, .splits = 1},
                                  {.cancellations = 1, .splits = 1},
                                  {.faults = 1, .expirations = 1, .preemptions = 1},
                                  {.cancellations = 1, .expirations = 1, .preemptions = 1},
                                  {.expirations = 3, .preemptions = 1}};

/// Explores what `all` runs, and says how much that was.
template <class All>
void explore_and_tell(All all)
{
    explored = scenarios = 0;
    all();
    std::cout << scenarios << " scenarios, " << explored << " schedules\n";
}

} // namespace weft::proptest

#endif
