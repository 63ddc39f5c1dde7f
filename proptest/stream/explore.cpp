// Every order of events in which a stream's operations can meet, within bounds: what the layer
// delivers and takes, when handlers run, when users start, cancel and destroy, what fails.
#include <gtest/gtest.h>

#include <span>

#include <stream/explored.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using server = simulated<role::server>;
using client = simulated<role::client>;

// Waiting before each read makes the schedules longer: less of it is seen as deep.
const bounds less_bad_luck[] = {{.splits = 1, .preemptions = 2},
                                {.faults = 1, .preemptions = 1},
                                {.cancellations = 1, .preemptions = 2},
                                {.expirations = 1, .preemptions = 1}};

template <class Stream>
void explore_all(std::span<const bounds> luck)
{
    for (const bounds& limits : luck)
        for (scenario s : usual_scenarios<Stream>()) {
            s.limits = limits;
            run<Stream>(s);
        }
}

// With a time limit that passes and all preemptions: nothing is left out but splits.
template <class Stream>
void exhaust()
{
    using enum user_step::kind;
    const frame hello{.op = opcode::text, .payload = as_bytes("four")};
    for (const bounds& limits :
         {bounds{.faults = 1, .expirations = 3}, bounds{.cancellations = 1, .expirations = 3}})
        run<Stream>({.name = "a reader, a writer, a ping, a timer and one mishap",
                     .users = {{{read}}, {{write, 4}}, {{ping, 4}}},
                     .peer = peer_of<Stream>().add(hello).wire(),
                     .limits = limits});
}

// A close may be cancelled when it has read and discarded any part of what the peer sends.
template <class Stream>
void read_behind_a_cancelled_close()
{
    using enum user_step::kind;
    run<Stream>({.name = "a close that is cancelled, and a read",
                 .users = {{{close}, {read}}},
                 .peer = peer_of<Stream>().add(opcode::text, "hi").add(opcode::text, "ho").wire(),
                 .limits = {.cancellations = 1, .splits = 20}});
}

TEST(Explore, a_read_behind_a_cancelled_close)
{
    explore_and_tell([] {
        read_behind_a_cancelled_close<server>();
        read_behind_a_cancelled_close<client>();
    });
}

TEST(Explore, one_mishap_is_exhausted)
{
    explore_and_tell([] { exhaust<server>(), exhaust<client>(); });
}

TEST(Explore, server)
{
    explore_and_tell([] { explore_all<server>(bad_luck); });
}

TEST(Explore, client)
{
    explore_and_tell([] { explore_all<client>(bad_luck); });
}
TEST(Explore, borrowing_server)
{
    explore_and_tell([] { explore_all<borrowing<role::server>>(less_bad_luck); });
}
TEST(Explore, borrowing_client)
{
    explore_and_tell([] { explore_all<borrowing<role::client>>(less_bad_luck); });
}

} // namespace
