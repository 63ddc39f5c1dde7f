// What users and their peer usually do, as scenarios for any composition.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_USUAL_SCENARIOS_HPP
#define WEFT_TEST_USUAL_SCENARIOS_HPP

#include <cstdint>
#include <vector>

#include <weft/test/explore.hpp>
#include <weft/test/scenario.hpp>
#include <weft/test/stream_simulation.hpp>
#include <weft/test/wire_writer.hpp>

namespace weft::test {

/// Without bad luck: set the `limits` of each.
template <class Stream>
std::vector<scenario> usual_scenarios()
{
    using enum user_step::kind;
    const auto says = [] { return peer_of<Stream>(); };
    const frame text_frame{.op = opcode::text, .payload = as_bytes("hi")};
    const frame ping_frame{.op = opcode::ping, .payload = as_bytes("p")};
    return {
        {.name = "a reader, a writer, a ping",
         .users = {{{read}}, {{write, 2}}, {{ping, 0}}},
         .peer = says().add(text_frame).wire()},
        {.name = "a reader that is pinged, a writer of parts",
         .users = {{{read}, {read}}, {{write_part, 1}, {write, 1}}},
         .peer = says().add(ping_frame).add(text_frame).wire()},
        {.name = "the peer closes while we write",
         .users = {{{read}, {read}}, {{write, 1}, {write, 1}}},
         .peer = says().add(text_frame).close(1001).wire(),
         .peer_closes = true},
        {.name = "we close while we read and write",
         .users = {{{read}}, {{write, 2}}, {{close}}},
         .peer = says().add(ping_frame).wire()},
        {.name = "we send a close and read on",
         .users = {{{send_close}}, {{read}, {read}}, {{write, 1}}},
         .peer = says().add(text_frame).wire()},
        {.name = "the transport is ended",
         .users = {{{read}}, {{write, 1}, {ping, 0}}, {{force_close}}},
         .peer = says().add(ping_frame).wire()},
        {.name = "both close, and nobody reads",
         .users = {{{close}}, {{ping, 1}}},
         .peer = says().add(text_frame).close(1000).wire(),
         .peer_closes = true},
        {.name = "the stream is destroyed",
         .users = {{{read}}, {{write, 1}}, {{ping, 0}}, {{destroy}}},
         .peer = says().add(ping_frame).wire()},
        {.name = "a write in frames of one byte, and a close",
         .users = {{{write, 2}, {write, 1}}, {{close}}},
         .fragment_bytes = 1},
        {.name = "the peer breaks a rule",
         .users = {{{read}, {read}}, {{write, 1}}},
         .peer = says().add(text_frame).add({.op = opcode{3}}).wire()},
        {.name = "a reader of views, a close",
         .users = {{{read}, {read_view}, {read_view}}, {{close}}},
         .peer = says().add(text_frame).add(text_frame).wire()},
        {.name = "a reader of views, a writer, the end of the stream",
         .users = {{{read_view}, {read}, {read_view}}, {{write, 1}}, {{destroy}}},
         .peer = says().add(text_frame).add(text_frame).wire()},
        {.name = "a message that comes with the handshake",
         .users = {{{read}, {read}}, {{close}}},
         .peer = says().add(text_frame).wire(),
         .handshake = true},
        {.name = "two readers, a close",
         .users = {{{read}}, {{read}}, {{close}}},
         .peer = says().add(text_frame).wire()},
    };
}

/// Runs the scenario under every schedule, or the first `most`; the verdict has the schedule that
/// breaks a law, and who does what in it.
template <class Stream>
exploration explore_scenario(scenario s, std::uint64_t most = UINT64_MAX)
{
    s.name += Stream::policies::role::is_client ? " (client)" : " (server)";
    s.close_answer = peer_of<Stream>().close(1000).wire();
    exploration found = explore(
        [&](schedule& choices) { return stream_simulation<Stream>(s, choices).run(); }, most);
    if (!found.violation)
        return found;
    *found.violation += trace_of<Stream>(s, found.choices);
    return found;
}

} // namespace weft::test

#endif
