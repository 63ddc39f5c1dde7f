// Frames that wait, against a list of them.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <weft/protocol/outbox.hpp>

namespace {

using weft::detail::outbox;

struct waiting_frame
{
    std::uint32_t ticket;
    std::string bytes;
    bool held = false;
};

std::string text(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Every step does what a list of strings does.
RC_GTEST_PROP(Outbox, is_a_list_of_frames, (std::vector<std::uint8_t> script))
{
    outbox box;
    std::vector<waiting_frame> frames;
    std::uint32_t last = 0;
    std::size_t gone = 0; // bytes of the first frame that have left
    for (std::size_t i = 0; i + 1 < script.size(); i += 2) {
        const std::size_t n = script[i + 1];
        switch (script[i] % 3) {
        case 0: {
            const std::string bytes(1 + n % 5, static_cast<char>('a' + last % 26));
            const auto room = box.add(++last, bytes.size());
            std::ranges::copy(std::as_bytes(std::span(bytes)), room.begin());
            frames.push_back({last, bytes});
            break;
        }
        case 1: {
            const auto ticket = static_cast<std::uint32_t>(1 + n % (last + 1));
            const auto at = std::ranges::find(frames, ticket, &waiting_frame::ticket);
            const bool may = at != frames.end() && !(at == frames.begin() && gone != 0);
            RC_ASSERT(box.withdraw(ticket) == may);
            if (may)
                frames.erase(at);
            break;
        }
        default: {
            if (frames.empty())
                break;
            const auto front = text(box.front());
            std::string all;
            for (auto& f : frames)
                all += f.bytes;
            all.erase(0, gone);
            RC_ASSERT(all.starts_with(front));
            RC_ASSERT(!front.empty());
            RC_ASSERT(!box.withdraw(frames[0].ticket));
            std::size_t left = n % (front.size() + 1);
            box.sent(left);
            gone += left;
            while (!frames.empty() && gone >= frames[0].bytes.size()) {
                gone -= frames[0].bytes.size();
                frames.erase(frames.begin());
            }
            break;
        }
        }
        std::size_t size = 0;
        for (std::size_t k = 0; k != frames.size(); ++k) {
            const std::size_t left = frames[k].bytes.size() - (k == 0 ? gone : 0);
            RC_ASSERT(box.left_of(frames[k].ticket) == left);
            size += left;
        }
        RC_ASSERT(box.size() == size);
        RC_ASSERT(box.left_of(last + 1) == 0u);
    }
}

TEST(Outbox, keeps_in_place_what_a_write_holds)
{
    outbox box;
    std::ranges::fill(box.add(1, 10), std::byte{'a'});
    const auto held = box.front();
    for (std::uint32_t t = 2; t != 100; ++t)
        std::ranges::fill(box.add(t, 1000), std::byte{'b'});
    EXPECT_EQ(text(held), std::string(10, 'a'));
    EXPECT_FALSE(box.withdraw(1));
    EXPECT_TRUE(box.withdraw(50));
    box.sent(4);
    EXPECT_TRUE(box.is_cut());
    EXPECT_EQ(box.left_of(1), 6u);
    EXPECT_EQ(box.front().size(), 6u);
    box.sent(6);
    EXPECT_FALSE(box.is_cut());
    EXPECT_EQ(box.front().size(), 97'000u);
}

} // namespace
