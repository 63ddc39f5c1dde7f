// The policies of the slot `buffer`, against a queue of bytes and the promises of the concept.
#include <weft/policy/buffer.hpp>

#include <algorithm>
#include <cstdint>
#include <memory_resource>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <allocations.hpp>
#include <weft/test/buffer_laws.hpp>

namespace {

using weft::buffer_size_min;
namespace buffer = weft::buffer;

template <class Buffer>
class buffer_policy : public testing::Test
{};
using buffers =
    testing::Types<buffer::flat<>, buffer::flat<buffer_size_min>, buffer::flat<200>,
                   buffer::fixed<>, buffer::fixed<buffer_size_min>, buffer::fixed<200>,
                   buffer::borrowed<>, buffer::borrowed<buffer_size_min>, buffer::borrowed<200>>;
TYPED_TEST_SUITE(buffer_policy, buffers);

template <class Buffer>
class owning_buffer_policy : public testing::Test
{};
using owning_buffers = testing::Types<buffer::flat<>, buffer::flat<buffer_size_min>,
                                      buffer::fixed<>, buffer::fixed<buffer_size_min>>;
TYPED_TEST_SUITE(owning_buffer_policy, owning_buffers);

TYPED_TEST(buffer_policy, a_new_one_is_empty_and_gives_room_for_a_whole_control_frame)
{
    TypeParam fresh;
    EXPECT_TRUE(fresh.data().empty());
    EXPECT_GE(fresh.prepare(buffer_size_min).size(), buffer_size_min);
    EXPECT_FALSE(fresh.prepare(0).empty());
    EXPECT_TRUE(fresh.data().empty());
}

TYPED_TEST(buffer_policy, there_is_room_for_the_rest_of_a_control_frame_wherever_its_bytes_stand)
{
    const auto broken = weft::test::there_is_room_for_the_rest_of_a_control_frame<TypeParam>();
    EXPECT_FALSE(broken) << *broken;
}

TYPED_TEST(buffer_policy, any_use_of_it_is_that_of_a_list_of_bytes)
{
    rc::detail::checkGTest([] {
        const auto choices =
            *rc::gen::container<std::vector<std::uint8_t>>(600, rc::gen::arbitrary<std::uint8_t>());
        if (const auto broken = weft::test::any_use_is_that_of_a_list_of_bytes<TypeParam>(
                weft::test::byte_choices(std::as_bytes(std::span(choices)))))
            RC_FAIL(*broken);
    });
}

TYPED_TEST(owning_buffer_policy, it_allocates_at_most_once_and_only_with_its_first_byte)
{

    const auto before = weft::proptest::allocations().count;
    TypeParam held;
    EXPECT_TRUE(held.data().empty());
    held.consume(0);
    held.commit(0);
    EXPECT_EQ(weft::proptest::allocations().count, before) << "an unused buffer owns nothing";
    weft::proptest::allocations().largest = 0;
    std::size_t room = 0;
    for (int round = 0; round < 100; ++round) {
        room = std::max(room, held.prepare(1).size());
        held.commit(held.prepare(100).size() / 2);
        held.consume(held.data().size() / 2);
        held.consume(held.data().size());
    }
    const auto after = weft::proptest::allocations();
    const std::size_t allowed = weft::detail::never_allocates<TypeParam> ? 0 : 1;
    EXPECT_EQ(after.count - before, allowed);
    EXPECT_EQ(after.largest, allowed * room) << "no more is allocated than can be used";
}

/// Counts what it has lent.
class counting_lender final : public std::pmr::memory_resource
{
public:
    int lent = 0;
    bool poor = false;

private:
    void* do_allocate(std::size_t size, std::size_t) override
    {
        if (poor)
            throw std::bad_alloc();
        ++lent;
        return ::operator new(size);
    }
    void do_deallocate(void* block, std::size_t, std::size_t) override
    {
        --lent;
        ::operator delete(block);
    }
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override
    {
        return this == &other;
    }
};

TEST(BorrowedBuffer, is_owned_while_it_holds_bytes_or_has_room_prepared_for_them)
{
    counting_lender lender;
    {
        buffer::borrowed<200> held;
        held.borrow_from(lender);
        EXPECT_EQ(lender.lent, 0);
        for (int round = 0; round != 3; ++round) {
            EXPECT_EQ(held.prepare(1).size(), 200u);
            EXPECT_EQ(lender.lent, 1);
            held.commit(0);
            EXPECT_EQ(lender.lent, 0) << "nothing came";
            held.prepare(1);
            held.commit(100);
            held.prepare(1);
            held.commit(0);
            held.consume(99);
            EXPECT_EQ(lender.lent, 1) << "a byte is left";
            held.consume(1);
            EXPECT_EQ(lender.lent, 0);
        }
        held.prepare(1);
        held.commit(1);
        const auto elsewhere = std::move(held);
        EXPECT_EQ(lender.lent, 1) << "it moves with its owner";
    }
    EXPECT_EQ(lender.lent, 0);
}

TEST(BorrowedBuffer, that_gets_nothing_throws_and_can_be_tried_again)
{
    counting_lender lender;
    lender.poor = true;
    buffer::borrowed<200> held;
    held.borrow_from(lender);
    EXPECT_THROW(held.prepare(1), std::bad_alloc);
    EXPECT_TRUE(held.data().empty());
    lender.poor = false;
    EXPECT_EQ(held.prepare(1).size(), 200u);
}

template <class Buffer>
constexpr bool promises_not_to_allocate = weft::detail::never_allocates<Buffer>;
static_assert(promises_not_to_allocate<buffer::fixed<>>);
static_assert(!promises_not_to_allocate<buffer::flat<>>);
static_assert(weft::buffer_policy<buffer::flat<>> && weft::policy<buffer::flat<>>);
static_assert(weft::buffer_policy<buffer::fixed<>> && weft::policy<buffer::fixed<>>);
static_assert(weft::borrowing_buffer_policy<buffer::borrowed<>> &&
              weft::policy<buffer::borrowed<>>);
static_assert(!weft::borrowing_buffer_policy<buffer::flat<>>);
// The longest control frame: the largest header and 125 bytes (RFC 6455 §5.5).
static_assert(buffer_size_min >= 2 + 4 + 125);

} // namespace
