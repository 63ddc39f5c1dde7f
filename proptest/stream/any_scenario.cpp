// The laws of a stream in scenarios and schedules that RapidCheck makes up.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <weft/test/any_scenario.hpp>

#include <stream/explored.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

// A case of RapidCheck's is many of ours, which are as different from each other.
template <class Stream>
void always()
{
    EXPECT_TRUE(rc::check("a stream keeps its laws", [] {
        auto input =
            *rc::gen::container<std::vector<std::uint8_t>>(160, rc::gen::arbitrary<std::uint8_t>());
        for (unsigned i = 0; i != 200; ++i) {
            for (std::size_t at = 0; at != input.size(); ++at)
                input[at] = static_cast<std::uint8_t>(input[at] + at * i);
            if (const verdict broken =
                    a_stream_keeps_its_laws<Stream>(std::as_bytes(std::span(input))))
                RC_FAIL(*broken);
        }
    }));
}

TEST(AnyScenario, of_a_server) { always<simulated<role::server>>(); }
TEST(AnyScenario, of_a_client) { always<simulated<role::client>>(); }
TEST(AnyScenario, of_a_client_that_borrows) { always<borrowing<role::client>>(); }
TEST(AnyScenario, of_a_server_that_queues)
{
    always<simulated<role::server, writing::queued<64>>>();
}
TEST(AnyScenario, of_a_client_that_corks)
{
    always<simulated<role::client, writing::corked<64>>>();
}

// What all of many runs do, as one number.
template <class Stream>
std::uint64_t traces()
{
    std::uint64_t hash = 14'695'981'039'346'656'037U; // FNV-1a
    std::uint32_t random = 2'463'534'242U;            // xorshift
    for (unsigned run = 0; run != 500; ++run) {
        std::array<std::uint8_t, 160> input;
        for (std::uint8_t& byte : input) {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            byte = static_cast<std::uint8_t>(random >> 24);
        }
        byte_choices describes(std::as_bytes(std::span(input)).first(48));
        const scenario s = any_scenario<Stream>(describes);
        schedule choices(byte_choices(std::as_bytes(std::span(input)).subspan(48)));
        EXPECT_EQ(stream_simulation<Stream>(s, choices).run(), verdict());
        for (const char c : print(s.peer) + trace_of<Stream>(s, choices))
            hash = (hash ^ static_cast<std::uint8_t>(c)) * 1'099'511'628'211U;
    }
    return hash;
}

// Law 34: whatever the compiler. Where the stream is meant to do something else than before, the
// new numbers are right if g++ and clang agree on them.
TEST(AnyScenario, does_the_same_in_every_build)
{
    EXPECT_EQ((traces<simulated<role::server, writing::queued<64>>>()), 7514925116550452906U);
    EXPECT_EQ((traces<simulated<role::client, writing::corked<64>>>()), 6105021882147566945U);
}

} // namespace
