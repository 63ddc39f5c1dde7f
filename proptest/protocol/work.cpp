// Receiving takes work in proportion to what comes, however it is cut (RFC 6455 §10.4).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <protocol/wires.hpp>
#include <weft/test/work_law.hpp>

namespace {

using namespace weft;
using test::receiving_takes_work_in_proportion;

constexpr budget::limits nearly_none{.message_bytes = 1 << 20, .fragments = 1 << 20};

// The pieces that a wire comes in: as much as there is room for, bytes, and some of each.
const test::bytes pieces[] = {{}, {std::byte{1}}, {std::byte{0}, std::byte{7}, std::byte{131}}};

void expect_proportion(const test::bytes& wire)
{
    for (const test::bytes& sizes : pieces)
        EXPECT_EQ(receiving_takes_work_in_proportion(wire, test::byte_choices(sizes), nearly_none),
                  std::nullopt);
}

// `first`, and many times `next`.
test::bytes many(const test::frame& first, const test::frame& next)
{
    test::wire_writer out(test::example_key);
    out.add(first);
    for (int i = 0; i < 500; ++i)
        out.add(next);
    return out.wire();
}

} // namespace

TEST(Work_is_in_proportion, to_fragments_of_a_message)
{
    const test::frame begin{.op = opcode::text, .fin = false};
    for (const std::size_t size : {0U, 1U, 20U, 200U}) {
        test::frame next{.op = opcode::continuation, .fin = false};
        next.payload.assign(size, std::byte{'a'});
        expect_proportion(many(begin, next));
    }
}

TEST(Work_is_in_proportion, to_messages_and_pings)
{
    for (const std::size_t size : {0U, 1U, 20U, 125U})
        for (const opcode op : {opcode::binary, opcode::ping}) {
            const test::frame each{.op = op, .payload = test::bytes(size, std::byte{'a'})};
            expect_proportion(many(each, each));
        }
}

TEST(Work_is_in_proportion, to_one_large_message)
{
    test::wire_writer out(test::example_key);
    out.add({.op = opcode::text, .payload = test::bytes(200000, std::byte{'a'})});
    expect_proportion(out.wire());
}

RC_GTEST_PROP(Work_is_in_proportion, to_any_wire, ())
{
    const test::bytes wire = wires::wire(wires::frames(), test::example_key);
    const test::bytes how = wires::choices();
    RC_LOG() << "wire: " << test::print(wire) << "\nchoices: " << test::print(how) << std::endl;
    if (const auto broken = receiving_takes_work_in_proportion(wire, test::byte_choices(how)))
        RC_FAIL(*broken);
}
