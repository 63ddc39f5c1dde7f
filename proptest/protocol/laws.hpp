// The laws of receiving for a part of the matrix of policies: one translation unit for each buffer.
#ifndef WEFT_PROPTEST_PROTOCOL_LAWS_HPP
#define WEFT_PROPTEST_PROTOCOL_LAWS_HPP

#include <cstddef>

#include <matrix.hpp>
#include <weft/test/laws.hpp>

namespace weft {

/// What one run of the laws is about. The two wires carry the same frames.
struct law_input
{
    test::bytes client_wire{};
    test::bytes server_wire{};
    test::bytes choices{};
    budget::limits limits{};
    std::size_t prefix = 0;
};

test::verdict break_a_law_with_flat_default(const law_input& in);
test::verdict break_a_law_with_flat_139(const law_input& in);
test::verdict break_a_law_with_fixed_139(const law_input& in);
test::verdict break_a_law_with_fixed_300(const law_input& in);
test::verdict break_a_law_with_borrowed_139(const law_input& in);

template <class Connection>
test::verdict break_a_law(const law_input& in)
{
    const auto make = [&] { return Connection(test::any_budget{in.limits}); };
    const auto& wire = Connection::policies::role::is_client ? in.server_wire : in.client_wire;
    const test::byte_choices choices{in.choices};
    if (auto broken = test::a_connection_receives_what_the_model_reads(make(), wire, choices))
        return broken;
    if (auto broken = test::any_partition_of_the_bytes_gives_the_same_events(make, wire, choices))
        return broken;
    return test::a_prefix_gives_a_prefix_of_the_events(make, wire, in.prefix);
}

template <class Buffer>
test::verdict break_a_law_with_any_policy(const law_input& in)
{
    test::verdict first;
    matrix::for_each_connection(
        [&]<class Connection> {
            if (!first)
                first = break_a_law<Connection>(in);
        },
        matrix::roles, matrix::maskings, matrix::utf8s, matrix::peer_maskings,
        matrix::hana::tuple_t<Buffer>);
    return first;
}

} // namespace weft

#endif
