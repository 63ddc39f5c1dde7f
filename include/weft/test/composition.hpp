// A stream's policies over other layers: how the laws ask a composition without a network.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_COMPOSITION_HPP
#define WEFT_TEST_COMPOSITION_HPP

#include <type_traits>

#include <weft/protocol/connection.hpp>
#include <weft/stream/basic_ws_stream.hpp>
#include <weft/test/any_budget.hpp>
#include <weft/test/simulated_layer.hpp>
#include <weft/test/simulated_timing.hpp>

namespace weft::test {

template <class T>
inline constexpr bool is_stream = false;
template <class Layer, class... Policies>
inline constexpr bool is_stream<basic_ws_stream<Layer, Policies...>> = true;

/// The same in each run, so that what an input does is said by its bytes.
using one_key = key_source::fixed<0x37fa213d>;

/// A set with another budget. An observer that answers pings itself is left out: nothing would
/// answer them in a test.
template <class Set, class Budget, class Keys = typename Set::key_source>
using set_with_budget =
    policy_set<typename Set::role, typename Set::masking, Keys, typename Set::peer_masking,
               typename Set::utf8, typename Set::buffer, Budget, typename Set::timing,
               std::conditional_t<weft::detail::answers_pings<typename Set::observer>,
                                  typename Set::observer, observer::none>,
               typename Set::writing>;

/// The protocol core of a stream, without Asio.
template <class Stream, class Budget = typename Stream::policies::budget,
          class Keys = typename Stream::policies::key_source>
using core_of = connection<set_with_budget<typename Stream::policies, Budget, Keys>>;

/// A stream in the simulated world, whose time limits pass when the schedule says so. Its keys are
/// `one_key`, and its budget is the default one.
template <class Stream, class Set = set_with_budget<typename Stream::policies, budget::limited<>>>
using simulated_stream_of =
    basic_ws_stream<simulated_layer, typename Set::role, typename Set::masking,
                    typename Set::peer_masking, typename Set::utf8, typename Set::buffer,
                    typename Set::budget, typename Set::observer, typename Set::writing,
                    simulated_timing<timing::limits{.idle_ms = 1}>, one_key>;

} // namespace weft::test

#endif
