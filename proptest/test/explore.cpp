// The search itself: every schedule once, in order, and the same again.
#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include <weft/test/explore.hpp>

namespace {

using namespace weft::test;

TEST(Explore, comes_to_every_schedule_once)
{
    std::set<std::vector<std::size_t>> seen;
    const exploration found = explore([&](schedule& s) -> verdict {
        std::vector<std::size_t> run{s.choose(2)};
        if (run[0] == 1)
            run.push_back(s.choose(3));
        run.push_back(s.choose(1));
        run.push_back(s.choose(2));
        EXPECT_TRUE(seen.insert(run).second);
        return {};
    });
    EXPECT_TRUE(found.exhausted);
    EXPECT_EQ(found.schedules, 2u + 3u * 2u);
    EXPECT_EQ(seen.size(), found.schedules);
}

TEST(Explore, stops_at_the_bound)
{
    const auto run = [](schedule& s) -> verdict { return s.choose(100), verdict(); };
    EXPECT_FALSE(explore(run, 99).exhausted);
    EXPECT_TRUE(explore(run, 101).exhausted);
    EXPECT_TRUE(explore([](schedule&) { return verdict(); }).exhausted);
}

TEST(Explore, keeps_the_schedule_that_breaks_a_law)
{
    const auto broken = [](schedule& s) -> verdict {
        const std::size_t a = s.choose(3), b = s.choose(4);
        return a == 1 && b == 2 ? verdict("1 and 2") : verdict();
    };
    exploration found = explore(broken);
    ASSERT_TRUE(found.violation);
    EXPECT_EQ(found.schedules, 4u + 3u);
    EXPECT_EQ(found.choices.print(), "{1, 2}");
    found.choices.rewind();
    EXPECT_EQ(broken(found.choices), found.violation);
    schedule noted(std::vector<std::size_t>{1, 2});
    EXPECT_EQ(broken(noted), found.violation);
}

TEST(Explore, notices_what_is_no_function_of_the_schedule)
{
    std::size_t calls = 0;
    const exploration found = explore([&](schedule& s) -> verdict {
        s.choose(2 + ++calls % 2);
        s.choose(2);
        return {};
    });
    EXPECT_TRUE(found.violation);
}

TEST(Explore, bytes_are_a_schedule_too)
{
    const std::byte said[] = {std::byte{7}, std::byte{4}};
    schedule s{byte_choices(said)};
    EXPECT_EQ(s.choose(5), 2u);
    EXPECT_EQ(s.choose(1), 0u);
    EXPECT_EQ(s.choose(3), 1u);
    EXPECT_EQ(s.print(), "{2, 1}");
}

} // namespace
