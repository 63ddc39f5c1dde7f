// The composition: order-free, defaulted, one policy for each slot, and no trace of how it is done.
#include <weft/connection.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include <gtest/gtest.h>

namespace {

namespace budget = weft::budget;
namespace buffer = weft::buffer;
namespace key_source = weft::key_source;
namespace masking = weft::masking;
namespace observer = weft::observer;
namespace peer_masking = weft::peer_masking;
namespace role = weft::role;
namespace timing = weft::timing;
namespace utf8 = weft::utf8;
namespace writing = weft::writing;

template <class... Ps>
concept composable = requires { typename weft::compose<Ps...>; };

template <class... Ps>
concept connectable = requires { typename weft::basic_connection<Ps...>; };

// ---- Defaults: what a user who names nothing but a role gets.

static_assert(
    std::is_same_v<
        weft::compose<role::client>,
        weft::policy_set<role::client, masking::simd, key_source::secure, peer_masking::required,
                         utf8::strict, buffer::flat<8192>, budget::limited<>, timing::steady<>,
                         observer::none, writing::exclusive>>);
// What is written in the documentation of their limits.
constexpr bool has_the_documented_limits(const budget::limits& b, const timing::limits& t)
{
    return b.frame_bytes == 16'777'216 && b.message_bytes == 16'777'216 && b.fragments == 65'536 &&
           b.control_backlog == 16 && b.handshake_bytes == 16'384 && b.handshake_fields == 100 &&
           b.drain_bytes == 1'048'576 && t.handshake_ms == 30'000 && t.idle_ms == 0 &&
           t.close_ms == 5'000 && t.keep_alive_ms == 0 && t.pong_ms == 0 && !t.data_is_pong;
}
static_assert(has_the_documented_limits(budget::limited<>::limits(), timing::steady<>::limits()));
// A dangerous choice is never a default.
static_assert(weft::compose<role::server>::peer_masking::is_required);

// ---- A chosen policy takes its own slot and no other.

using none_chosen = weft::compose<role::client>;

template <class S>
using masking_of = typename S::masking;
template <class S>
using key_source_of = typename S::key_source;
template <class S>
using peer_masking_of = typename S::peer_masking;
template <class S>
using utf8_of = typename S::utf8;
template <class S>
using buffer_of = typename S::buffer;
template <class S>
using budget_of = typename S::budget;
template <class S>
using timing_of = typename S::timing;
template <class S>
using observer_of = typename S::observer;
template <class S>
using writing_of = typename S::writing;

template <class Chosen, template <class> class Slot>
constexpr int slots_changed()
{
    using set = weft::compose<Chosen, role::client>;
    static_assert(std::is_same_v<Slot<set>, Chosen>);
    static_assert(std::is_same_v<typename set::role, role::client>);
    const auto changed = []<template <class> class Of>() {
        return int{!std::is_same_v<Of<set>, Of<none_chosen>>};
    };
    return changed.template operator()<masking_of>() +
           changed.template operator()<key_source_of>() +
           changed.template operator()<peer_masking_of>() + changed.template operator()<utf8_of>() +
           changed.template operator()<buffer_of>() + changed.template operator()<budget_of>() +
           changed.template operator()<timing_of>() + changed.template operator()<observer_of>() +
           changed.template operator()<writing_of>();
}

using my_budget = budget::limited<budget::limits{.message_bytes = 1000}>;
static_assert(slots_changed<masking::bytewise, masking_of>() == 1);
static_assert(slots_changed<key_source::zero, key_source_of>() == 1);
static_assert(slots_changed<peer_masking::tolerated, peer_masking_of>() == 1);
static_assert(slots_changed<utf8::deferred, utf8_of>() == 1);
static_assert(slots_changed<buffer::fixed<>, buffer_of>() == 1);
static_assert(slots_changed<my_budget, budget_of>() == 1);
static_assert(slots_changed<timing::none, timing_of>() == 1);
static_assert(slots_changed<observer::callback, observer_of>() == 1);
static_assert(slots_changed<writing::corked<>, writing_of>() == 1);

// ---- Order.

template <class... Ps, std::size_t... Is>
auto reordered(std::tuple<Ps...>, std::index_sequence<Is...>)
    -> weft::compose<std::tuple_element_t<Is, std::tuple<Ps...>>...>;

// The digits of `k` in the factorial number system choose one of the n! orders of 0..n-1.
template <std::size_t N>
constexpr std::array<std::size_t, N> order(std::size_t k)
{
    std::array<std::size_t, N> out{};
    for (std::size_t i = 0; i < N; ++i)
        out[i] = i;
    for (std::size_t left = N; left > 1; --left) {
        std::swap(out[left - 1], out[k % left]);
        k /= left;
    }
    return out;
}

template <std::size_t K, class Policies, std::size_t... Is>
auto in_order(std::index_sequence<Is...>)
    -> decltype(reordered(Policies{}, std::index_sequence<order<sizeof...(Is)>(K)[Is]...>{}));

template <class Policies, std::size_t... Ks>
constexpr bool all_orders_agree(std::index_sequence<Ks...>)
{
    using positions = std::make_index_sequence<std::tuple_size_v<Policies>>;
    using first = decltype(in_order<0, Policies>(positions{}));
    return (std::is_same_v<decltype(in_order<Ks, Policies>(positions{})), first> && ...);
}

using four = std::tuple<role::server, masking::bytewise, utf8::deferred, buffer::fixed<>>;
static_assert(all_orders_agree<four>(std::make_index_sequence<24>{}));

using all_ten = std::tuple<role::client, masking::bytewise, key_source::zero,
                           peer_masking::tolerated, utf8::unchecked, buffer::fixed<>, my_budget,
                           timing::none, observer::callback, writing::queued<>>;
using reversed = weft::compose<writing::queued<>, observer::callback, timing::none, my_budget,
                               buffer::fixed<>, utf8::unchecked, peer_masking::tolerated,
                               key_source::zero, masking::bytewise, role::client>;
static_assert(
    std::is_same_v<decltype(in_order<0, all_ten>(std::make_index_sequence<10>{})), reversed>);

// ---- What is refused, and can be asked without an error.

struct foreign_slot
{};
struct with_a_foreign_slot
{
    using slot = foreign_slot;
};
struct unknown_slot : weft::policy_slot
{};
struct with_an_unknown_slot
{
    using slot = unknown_slot;
};
struct throws
{
    using slot = masking::slot;
    static void apply(std::span<std::byte>, weft::masking_key, std::size_t);
};

static_assert(composable<role::client> && composable<role::server, masking::word>);
static_assert(!composable<>);
static_assert(!composable<masking::word>);
static_assert(!composable<role::client, role::server>);
static_assert(!composable<role::client, role::client>);
static_assert(!composable<role::client, masking::word, masking::bytewise>);
static_assert(!composable<role::client, masking::word, masking::word>);
static_assert(!composable<masking::word, utf8::strict, role::client, masking::bytewise>);
static_assert(!composable<role::client, int>);
static_assert(!composable<role::client, with_a_foreign_slot>);
static_assert(!composable<role::client, with_an_unknown_slot>);
static_assert(!composable<role::client, throws>);
static_assert(connectable<role::client> && !connectable<> && !connectable<role::client, int>);
static_assert(!connectable<role::client, throws>);
static_assert(!connectable<role::client, utf8::strict, utf8::deferred>);

// ---- What remains of it in a program.

TEST(compose, no_trace_of_hana_is_left_in_a_symbol)
{
    const std::string_view names[] = {
        typeid(weft::compose<role::client>).name(),
        typeid(weft::basic_connection<masking::bytewise, role::server>).name(),
        typeid(&weft::basic_connection<role::client>::poll).name()};
    for (const std::string_view name : names)
        EXPECT_EQ(name.find("hana"), name.npos) << name;
}

TEST(compose, reordered_policies_share_their_code)
{
    using one = weft::basic_connection<role::client, utf8::deferred, masking::bytewise>;
    using other = weft::basic_connection<masking::bytewise, role::client, utf8::deferred>;
    EXPECT_TRUE((std::is_same_v<one, other>));
    EXPECT_EQ(typeid(one), typeid(other));
}

} // namespace
