// Every combination of policies, so that a policy in a list is tested by being in it.
#ifndef WEFT_PROPTEST_MATRIX_HPP
#define WEFT_PROPTEST_MATRIX_HPP

#include <boost/hana/cartesian_product.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/size.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <boost/hana/unpack.hpp>

#include <weft/connection.hpp>
#include <weft/policy/writing.hpp>
#include <weft/test/any_budget.hpp>

namespace weft::matrix {

namespace hana = boost::hana;

inline constexpr auto roles = hana::tuple_t<role::client, role::server>;
inline constexpr auto maskings = hana::tuple_t<masking::bytewise, masking::simd>;
inline constexpr auto utf8s = hana::tuple_t<utf8::strict, utf8::deferred, utf8::unchecked>;
inline constexpr auto buffers = hana::tuple_t<buffer::flat<>, buffer::fixed<139>, buffer::flat<139>,
                                              buffer::fixed<300>, buffer::borrowed<139>>;
inline constexpr auto peer_maskings =
    hana::tuple_t<peer_masking::required, peer_masking::tolerated>;
inline constexpr auto writings =
    hana::tuple_t<writing::exclusive, writing::queued<64>, writing::corked<64>>;

/// A connection whose limits are chosen at run time, made of the policies in `Types`.
template <class... Types>
using connection_of = basic_connection<test::any_budget, typename Types::type...>;

/// Calls `law.operator()<Connection>()` for every choice of one policy from each of the lists.
template <class Law, class... Lists>
void for_each_connection(Law law, const Lists&... lists)
{
    hana::for_each(hana::cartesian_product(hana::make_tuple(lists...)), [&](auto policies) {
        hana::unpack(policies, [&](auto... types) {
            law.template operator()<connection_of<decltype(types)...>>();
        });
    });
}

/// Calls `law.operator()<Policies...>()` for one choice of one policy from each of the lists: the
/// one of this number, of which the last list's policy changes first.
template <class Law, class... Lists>
void for_one_of(unsigned number, Law law, const Lists&... lists)
{
    const auto all = hana::cartesian_product(hana::make_tuple(lists...));
    number %= decltype(hana::size(all))::value;
    hana::for_each(all, [&](auto policies) {
        if (number-- == 0)
            hana::unpack(policies, [&](auto... types) {
                law.template operator()<typename decltype(types)::type...>();
            });
    });
}

} // namespace weft::matrix

#endif
