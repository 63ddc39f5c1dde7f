// Order-free policies become one set with fixed, ordered parameters. The only header with Hana.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_COMPOSE_HPP
#define WEFT_POLICY_COMPOSE_HPP

#include <concepts>
#include <type_traits>

#include <boost/hana/at_key.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/type.hpp>
#include <boost/hana/union.hpp>

#include <weft/policy/policy_set.hpp>

namespace weft {

namespace detail {

template <class Slot, class... Slots>
inline constexpr bool is_any_of = (std::same_as<Slot, Slots> || ...);

template <class Slot>
inline constexpr bool is_a_slot_of_weft =
    is_any_of<Slot, role::slot, masking::slot, key_source::slot, peer_masking::slot, utf8::slot,
              buffer::slot, budget::slot, timing::slot, observer::slot, writing::slot>;

} // namespace detail

/// A policy for a slot that there is: one for any other would be ignored in silence.
template <class P>
concept fills_a_slot = policy<P> && detail::is_a_slot_of_weft<typename P::slot>;

namespace detail {

// The first type that fills no slot, or else any that does: asked about one type, a compiler names
// it, where it would show the whole list.
template <class... Ps>
struct first_stranger : std::type_identity<role::client>
{};

template <class P, class... Ps>
struct first_stranger<P, Ps...>
    : std::conditional_t<fills_a_slot<P>, first_stranger<Ps...>, std::type_identity<P>>
{};

template <class... Ps>
using first_stranger_t = typename first_stranger<Ps...>::type;

template <class Slot, class... Ps>
inline constexpr int policies_for = (0 + ... + int{std::same_as<Slot, typename Ps::slot>});

} // namespace detail

/// No two policies fill the same slot. It guards Hana's maps, which do not check their keys.
template <class... Ps>
concept one_policy_per_slot = ((detail::policies_for<typename Ps::slot, Ps...> == 1) && ...);

/// A role is given: `weft::role::client` or `weft::role::server`. It has no default.
template <class... Ps>
concept names_a_role = detail::policies_for<role::slot, Ps...> == 1;

namespace detail {

namespace hana = boost::hana;

template <class... Ps>
inline constexpr auto by_slot =
    hana::make_map(hana::make_pair(hana::type_c<typename Ps::slot>, hana::type_c<Ps>)...);

inline constexpr auto defaults =
    by_slot<masking::simd, key_source::secure, peer_masking::required, utf8::strict, buffer::flat<>,
            budget::limited<>, timing::steady<>, observer::none, writing::exclusive>;

// Of two pairs with the same slot, the right-hand map's is kept: what the user chose.
template <class... Ps>
inline constexpr auto chosen = hana::union_(defaults, by_slot<Ps...>);

template <class Slot, class... Ps>
using policy_in = typename decltype(+chosen<Ps...>[hana::type_c<Slot>])::type;

} // namespace detail

/// The policies and the defaults make a whole. Asked in this order, so that of the mistakes in a
/// list the first is told, in the words of the concept that it fails.
template <class... Ps>
concept composable = fills_a_slot<detail::first_stranger_t<Ps...>> && one_policy_per_slot<Ps...> &&
                     names_a_role<Ps...> && role_policy<detail::policy_in<role::slot, Ps...>> &&
                     masking_policy<detail::policy_in<masking::slot, Ps...>> &&
                     key_source_policy<detail::policy_in<key_source::slot, Ps...>> &&
                     peer_masking_policy<detail::policy_in<peer_masking::slot, Ps...>> &&
                     utf8_policy<detail::policy_in<utf8::slot, Ps...>> &&
                     buffer_policy<detail::policy_in<buffer::slot, Ps...>> &&
                     budget_policy<detail::policy_in<budget::slot, Ps...>> &&
                     timing_policy<detail::policy_in<timing::slot, Ps...>> &&
                     observer_policy<detail::policy_in<observer::slot, Ps...>> &&
                     writing_policy<detail::policy_in<writing::slot, Ps...>>;

/// The set that `Ps...` and the defaults make; the same type for every order of `Ps`.
template <class... Ps>
    requires composable<Ps...>
using compose =
    policy_set<detail::policy_in<role::slot, Ps...>, detail::policy_in<masking::slot, Ps...>,
               detail::policy_in<key_source::slot, Ps...>,
               detail::policy_in<peer_masking::slot, Ps...>, detail::policy_in<utf8::slot, Ps...>,
               detail::policy_in<buffer::slot, Ps...>, detail::policy_in<budget::slot, Ps...>,
               detail::policy_in<timing::slot, Ps...>, detail::policy_in<observer::slot, Ps...>,
               detail::policy_in<writing::slot, Ps...>>;

} // namespace weft

#endif
