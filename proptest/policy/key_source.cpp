// Masking keys: "the masking key MUST be derived from a strong source of entropy, and the masking
// key for a given frame MUST NOT make it simple ... to predict the masking key for a subsequent
// frame" (RFC 6455 §5.3).
#include <weft/policy/key_source.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <span>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace key_source = weft::key_source;
using weft::masking_key;

static_assert(weft::policy<key_source::secure> && weft::key_source_policy<key_source::secure>);
static_assert(weft::policy<key_source::zero> && weft::key_source_policy<key_source::zero>);
static_assert(weft::key_source_policy<key_source::fixed<1>>);
static_assert(weft::policy<key_source::fixed<1>>);

std::uint32_t number(masking_key key)
{
    std::uint32_t out = 0;
    for (const std::byte b : key)
        out = out << 8 | std::to_integer<std::uint32_t>(b);
    return out;
}

// The next `count` keys, each as a pair with the one before: 64 bits, which do not meet by chance.
std::vector<std::uint64_t> pairs_of_keys(std::size_t count)
{
    std::vector<std::uint64_t> out;
    std::uint64_t last = number(key_source::secure::next());
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t key = number(key_source::secure::next());
        out.push_back(last << 32 | key);
        last = key;
    }
    return out;
}

bool all_differ(std::vector<std::uint64_t> all)
{
    std::ranges::sort(all);
    return std::ranges::adjacent_find(all) == all.end();
}

TEST(key_source, the_keys_of_100000_frames_repeat_no_more_than_chance_has_it)
{
    std::vector<std::uint32_t> keys;
    for (int i = 0; i < 100'000; ++i)
        keys.push_back(number(key_source::secure::next()));
    std::ranges::sort(keys);
    std::size_t repeats = 0;
    for (std::size_t i = 1; i < keys.size(); ++i)
        repeats += keys[i] == keys[i - 1];
    // 1.16 are expected; 15 or more have a probability below 1e-11.
    EXPECT_LT(repeats, 15U);
}

TEST(key_source, every_bit_and_every_byte_of_a_key_is_balanced)
{
    constexpr int count = 100'000;
    std::array<int, 32> ones{};
    std::array<std::array<int, 256>, 4> seen{};
    for (int i = 0; i < count; ++i) {
        const masking_key key = key_source::secure::next();
        for (std::size_t bit = 0; bit < 32; ++bit)
            ones[bit] += static_cast<int>(number(key) >> bit & 1U);
        for (std::size_t at = 0; at < 4; ++at)
            ++seen[at][std::to_integer<std::size_t>(key[at])];
    }
    // Seven standard deviations: 158 for a bit, 19.7 for a byte's value.
    for (const int n : ones)
        EXPECT_NEAR(n, count / 2, 1107);
    for (const auto& values : seen)
        for (const int n : values)
            EXPECT_NEAR(n, count / 256, 139);
}

// Each byte is handed out once, whatever is asked for, and where the pool is refilled as well.
TEST(key_source, no_bytes_of_the_pool_are_handed_out_twice)
{
    auto& pool = weft::detail::entropy_pool::of_this_thread();
    std::vector<std::uint64_t> seen;
    for (int round = 0; round < 8; ++round)
        for (std::size_t size = 1; size <= 256; ++size) {
            std::array<std::byte, 256> room{};
            pool.take(std::span(room).first(size));
            ASSERT_TRUE(std::all_of(room.begin() + static_cast<std::ptrdiff_t>(size), room.end(),
                                    [](std::byte b) { return b == std::byte{0}; }));
            for (std::size_t at = 0; at + 8 <= size; at += 8) {
                std::uint64_t word = 0;
                for (std::size_t i = 0; i < 8; ++i)
                    word = word << 8 | std::to_integer<std::uint64_t>(room[at + i]);
                seen.push_back(word);
            }
        }
    EXPECT_TRUE(all_differ(seen));
}

// What a forked child reads from its own pool, then its own child's.
std::vector<std::uint64_t> pairs_of_a_child(bool of_its_child)
{
    constexpr std::size_t count = 80;
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0)
        return {};
    const pid_t child = ::fork();
    if (child == 0) {
        if (of_its_child && ::fork() != 0) {
            ::wait(nullptr);
            ::_exit(0);
        }
        const auto pairs = pairs_of_keys(count);
        const auto size = pairs.size() * sizeof(pairs[0]);
        ::_exit(::write(ends[1], pairs.data(), size) == static_cast<ssize_t>(size) ? 0 : 1);
    }
    ::close(ends[1]);
    std::vector<std::uint64_t> out(count);
    const ssize_t n = ::read(ends[0], out.data(), count * sizeof(out[0]));
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    if (child < 0 || n != static_cast<ssize_t>(count * sizeof(out[0])))
        return {};
    return out;
}

// At every fill of the pool: 64 keys empty it.
TEST(key_source, a_forked_child_draws_other_keys_than_its_parent_and_its_siblings)
{
    for (std::size_t used = 0; used < 66; ++used) {
        key_source::secure::next();
        const auto child = pairs_of_a_child(false);
        const auto sibling = pairs_of_a_child(false);
        const auto grandchild = pairs_of_a_child(true);
        auto all = pairs_of_keys(80);
        ASSERT_FALSE(child.empty() || sibling.empty() || grandchild.empty());
        for (const auto* drawn : {&child, &sibling, &grandchild})
            all.insert(all.end(), drawn->begin(), drawn->end());
        ASSERT_TRUE(all_differ(all)) << used;
    }
}

TEST(key_source, threads_draw_different_keys_from_pools_of_their_own)
{
    std::array<std::vector<std::uint64_t>, 8> drawn;
    std::array<const void*, 8> pools{};
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < drawn.size(); ++i)
            threads.emplace_back([&drawn, &pools, i] {
                pools[i] = &weft::detail::entropy_pool::of_this_thread();
                drawn[i] = pairs_of_keys(5000);
            });
    }
    std::vector<std::uint64_t> all;
    for (const auto& each : drawn)
        all.insert(all.end(), each.begin(), each.end());
    EXPECT_TRUE(all_differ(all));
    EXPECT_FALSE(std::ranges::count(pools, &weft::detail::entropy_pool::of_this_thread()));
}

TEST(key_source, fixed_gives_the_bytes_of_its_number_from_the_left)
{
    const masking_key of_the_rfc{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21},
                                 std::byte{0x3d}};
    EXPECT_EQ(key_source::fixed<0x37fa213d>::next(), of_the_rfc);
    EXPECT_EQ(key_source::fixed<0x37fa213d>::next(), of_the_rfc);
    EXPECT_EQ(number(key_source::fixed<0x81828384>::next()), 0x81828384U);
    EXPECT_EQ(number(key_source::fixed<1>::next()), 1U);
}

TEST(key_source, zero_gives_zeros) { EXPECT_EQ(key_source::zero::next(), masking_key{}); }

} // namespace
