// The laws of receiving under RapidCheck, over the whole matrix of policies.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <protocol/laws.hpp>
#include <protocol/wires.hpp>

namespace {

using namespace weft;

// Limits that wires of a few hundred bytes reach.
budget::limits some_limits()
{
    if (wires::one_in(2))
        return {};
    return {.frame_bytes = *rc::gen::element<std::uint64_t>(0, 5, 125, 126, 300),
            .message_bytes = *rc::gen::element<std::uint64_t>(0, 8, 126, 300, 65536),
            .fragments = *rc::gen::element<std::uint32_t>(1, 2, 3, 100),
            .control_backlog = *rc::gen::element<std::uint16_t>(0, 2, 3, 16, 100)};
}

law_input some_input()
{
    const std::vector<test::frame> frames = wires::frames();
    const masking_key key = *rc::gen::element(test::example_key, masking_key{},
                                              masking_key{std::byte{1}, {}, {}, std::byte{0xFF}});
    law_input in{.choices = wires::choices(), .limits = some_limits()};
    in.client_wire = wires::wire(frames, key);
    in.server_wire = wires::wire(frames, std::nullopt);
    in.prefix = wires::below(in.client_wire.size() + 1);
    return in;
}

void expect(test::verdict (*break_a_law)(const law_input&))
{
    const law_input in = some_input();
    RC_LOG() << "a client's wire: " << test::print(in.client_wire) << "\n"
             << "a server's wire: " << test::print(in.server_wire) << "\n"
             << "choices: " << test::print(in.choices) << std::endl;
    if (const test::verdict broken = break_a_law(in))
        RC_FAIL(*broken);
}

RC_GTEST_PROP(A_connection_receives_what_the_model_reads, with_a_flat_buffer, ())
{
    expect(break_a_law_with_flat_default);
}

RC_GTEST_PROP(A_connection_receives_what_the_model_reads, with_the_smallest_flat_buffer, ())
{
    expect(break_a_law_with_flat_139);
}

RC_GTEST_PROP(A_connection_receives_what_the_model_reads, with_the_smallest_fixed_buffer, ())
{
    expect(break_a_law_with_fixed_139);
}

RC_GTEST_PROP(A_connection_receives_what_the_model_reads, with_a_small_fixed_buffer, ())
{
    expect(break_a_law_with_fixed_300);
}

RC_GTEST_PROP(A_connection_receives_what_the_model_reads, with_the_smallest_borrowed_buffer, ())
{
    expect(break_a_law_with_borrowed_139);
}

} // namespace
