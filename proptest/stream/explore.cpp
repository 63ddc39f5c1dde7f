// Every order of events in which a stream's operations can meet, within bounds: what the layer
// delivers and takes, when handlers run, when users start, cancel and destroy, what fails.
// WEFT_EXPLORE=n looks n splits deeper, each of which takes about ten times as long, and bounds no
// preemptions.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <weft/test/explore.hpp>
#include <weft/test/simulated_timing.hpp>
#include <weft/test/stream_simulation.hpp>
#include <weft/weft.hpp>

namespace {

using namespace weft;
using namespace weft::test;

using simulated = simulated_timing<timing::limits{.idle_ms = 1}>;
using server = basic_ws_stream<simulated_layer, role::server, buffer::fixed<139>, simulated>;
using client = basic_ws_stream<simulated_layer, role::client, buffer::fixed<139>, simulated,
                               key_source::fixed<0x37fa213d>>;

template <class Stream>
wire_writer peer()
{
    return wire_writer(Stream::policies::role::is_client ? std::optional<masking_key>()
                                                         : example_key);
}

// Where each schedule takes ten times as long, not all are run: it is memory that is looked at.
#if defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif
constexpr std::uint64_t most = sanitized ? 5'000 : UINT64_MAX;

std::uint64_t explored = 0;
unsigned scenarios = 0;

template <class Stream>
void run(scenario s)
{
    static const char* const deeper = std::getenv("WEFT_EXPLORE");
    s.limits.splits += deeper != nullptr ? std::strtoul(deeper, nullptr, 10) : 0;
    if (deeper != nullptr)
        s.limits.preemptions = bounds::none;
    s.name += Stream::policies::role::is_client ? " (client)" : " (server)";
    s.close_answer = peer<Stream>().close(1000).wire();
    exploration found = explore(
        [&](schedule& choices) { return stream_simulation<Stream>(s, choices).run(); }, most);
    explored += found.schedules;
    ++scenarios;
    if (!found.violation)
        return;
    std::string trace;
    found.choices.rewind();
    stream_simulation<Stream> again(s, found.choices);
    again.trace(trace);
    (void)again.run();
    ADD_FAILURE() << *found.violation << "\nschedule " << found.choices.print() << trace;
}

const bounds bad_luck[] = {{.splits = 2},
                           {.faults = 1, .splits = 1},
                           {.cancellations = 1, .splits = 1},
                           {.faults = 1, .expirations = 1, .preemptions = 1},
                           {.cancellations = 1, .expirations = 1, .preemptions = 1},
                           {.expirations = 3, .preemptions = 1}};

template <class Stream>
void explore_all()
{
    using enum user_step::kind;
    const auto says = [] { return peer<Stream>(); };
    const frame text_frame{.op = opcode::text, .payload = as_bytes("hi")};
    const frame ping_frame{.op = opcode::ping, .payload = as_bytes("p")};
    for (const bounds& limits : bad_luck) {
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
        run<Stream>({.name = "two readers, a close",
                     .users = {{{read}}, {{read}}, {{close}}},
                     .peer = says().add(text_frame).wire(),
                     .limits = limits});
    }
}

template <class Stream>
void explore_and_tell()
{
    explored = scenarios = 0;
    explore_all<Stream>();
    std::cout << scenarios << " scenarios, " << explored << " schedules\n";
}

TEST(Explore, server) { explore_and_tell<server>(); }
TEST(Explore, client) { explore_and_tell<client>(); }

} // namespace
