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

// They wait for bytes before they read them.
template <class Role>
using borrowing =
    basic_ws_stream<simulated_layer, Role, buffer::borrowed<139>,
                    simulated_timing<timing::limits{.idle_ms = 1}>, key_source::fixed<0x37fa213d>>;

// Waiting before each read makes the schedules longer: less of it is seen as deep.
const bounds less_bad_luck[] = {{.splits = 1, .preemptions = 2},
                                {.faults = 1, .preemptions = 1},
                                {.cancellations = 1, .preemptions = 2},
                                {.expirations = 1, .preemptions = 1}};

template <class Stream>
void explore_all(std::span<const bounds> luck)
{
    using enum user_step::kind;
    const auto says = [] { return peer<Stream>(); };
    const frame text_frame{.op = opcode::text, .payload = as_bytes("hi")};
    const frame ping_frame{.op = opcode::ping, .payload = as_bytes("p")};
    for (const bounds& limits : luck) {
        run<Stream>({.name = "a reader, a writer, a ping",
                     .users = {{{read}}, {{write, 2}}, {{ping, 0}}},
                     .peer = says().add(text_frame).wire(),
                     .limits = limits});
        run<Stream>({.name = "a reader that is pinged, a writer of parts",
                     .users = {{{read}, {read}}, {{write_part, 1}, {write, 1}}},
                     .peer = says().add(ping_frame).add(text_frame).wire(),
                     .limits = limits});
        run<Stream>({.name = "the peer closes while we write",
                     .users = {{{read}, {read}}, {{write, 1}, {write, 1}}},
                     .peer = says().add(text_frame).close(1001).wire(),
                     .peer_closes = true,
                     .limits = limits});
        run<Stream>({.name = "we close while we read and write",
                     .users = {{{read}}, {{write, 2}}, {{close}}},
                     .peer = says().add(ping_frame).wire(),
                     .limits = limits});
        run<Stream>({.name = "we send a close and read on",
                     .users = {{{send_close}}, {{read}, {read}}, {{write, 1}}},
                     .peer = says().add(text_frame).wire(),
                     .limits = limits});
        run<Stream>({.name = "the transport is ended",
                     .users = {{{read}}, {{write, 1}, {ping, 0}}, {{force_close}}},
                     .peer = says().add(ping_frame).wire(),
                     .limits = limits});
        run<Stream>({.name = "both close, and nobody reads",
                     .users = {{{close}}, {{ping, 1}}},
                     .peer = says().add(text_frame).close(1000).wire(),
                     .peer_closes = true,
                     .limits = limits});
        run<Stream>({.name = "the stream is destroyed",
                     .users = {{{read}}, {{write, 1}}, {{ping, 0}}, {{destroy}}},
                     .peer = says().add(ping_frame).wire(),
                     .limits = limits});
        run<Stream>({.name = "a write in frames of one byte, and a close",
                     .users = {{{write, 2}, {write, 1}}, {{close}}},
                     .fragment_bytes = 1,
                     .limits = limits});
        run<Stream>({.name = "the peer breaks a rule",
                     .users = {{{read}, {read}}, {{write, 1}}},
                     .peer = says().add(text_frame).add({.op = opcode{3}}).wire(),
                     .limits = limits});
        run<Stream>({.name = "a reader of views, a close",
                     .users = {{{read}, {read_view}, {read_view}}, {{close}}},
                     .peer = says().add(text_frame).add(text_frame).wire(),
                     .limits = limits});
        run<Stream>({.name = "a reader of views, a writer, the end of the stream",
                     .users = {{{read_view}, {read}, {read_view}}, {{write, 1}}, {{destroy}}},
                     .peer = says().add(text_frame).add(text_frame).wire(),
                     .limits = limits});
        run<Stream>({.name = "two readers, a close",
                     .users = {{{read}}, {{read}}, {{close}}},
                     .peer = says().add(text_frame).wire(),
                     .limits = limits});
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
                     .peer = peer<Stream>().add(hello).wire(),
                     .limits = limits});
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
