// The laws of a stream in scenarios and schedules that RapidCheck makes up.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

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

} // namespace
