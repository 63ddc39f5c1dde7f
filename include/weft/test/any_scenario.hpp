// A scenario as bytes describe it, for generators and fuzzers.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_ANY_SCENARIO_HPP
#define WEFT_TEST_ANY_SCENARIO_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <weft/test/byte_choices.hpp>
#include <weft/test/scenario.hpp>
#include <weft/test/schedule.hpp>
#include <weft/test/stream_simulation.hpp>
#include <weft/test/verdict.hpp>
#include <weft/test/wire_writer.hpp>
#include <weft/wire/opcode.hpp>

namespace weft::test {

/// Up to three users with up to three steps each, a peer with up to five frames, some bad luck.
template <class Stream>
scenario any_scenario(byte_choices& c)
{
    using enum user_step::kind;
    constexpr std::array steps{read, read,  read_view,  write,       write,  write_part,
                               ping, close, send_close, force_close, destroy};
    constexpr std::array opcodes{opcode::text, opcode::binary, opcode::continuation,
                                 opcode::ping, opcode::pong,   opcode::close,
                                 opcode{11}};
    scenario s{.name = "any"};
    s.users.resize(1 + c.next() % 3);
    for (auto& user : s.users) {
        user.resize(1 + c.next() % 3);
        for (user_step& step : user)
            // Never empty, so that the wire tells whose it is.
            step = {steps[c.next() % steps.size()], 1 + c.next() % 5};
    }
    wire_writer says = peer_of<Stream>();
    for (unsigned frames = c.next() % 6; frames != 0 && !s.peer_closes; --frames) {
        const opcode op = opcodes[c.next() % opcodes.size()];
        s.peer_closes = op == opcode::close;
        if (s.peer_closes) {
            says.close(1000);
            continue;
        }
        const std::string payload(c.next() % 4, 'p');
        says.add(op, payload, is_control(op) || c.next() % 4 != 0);
    }
    s.peer = says.wire();
    s.close_answer = peer_of<Stream>().close(1000).wire();
    s.fragment_bytes = c.next() % 8 == 0 ? 2 : 0;
    s.limits = {.faults = c.next() % 4 == 0 ? 1U : 0U,
                .cancellations = c.next() % 3,
                .expirations = c.next() % 4 == 0 ? 3U : 0U,
                .splits = c.next() % 6};
    s.handshake = c.next() % 8 == 7;
    return s;
}

/// The laws of a stream, asked of a scenario and a schedule that bytes describe: of each half one.
template <class Stream>
verdict a_stream_keeps_its_laws(std::span<const std::byte> input)
{
    const auto middle = std::min<std::size_t>(input.size() / 2, 48);
    byte_choices describes(input.first(middle));
    schedule choices(byte_choices(input.subspan(middle)));
    const scenario s = any_scenario<Stream>(describes);
    const verdict broken = stream_simulation<Stream>(s, choices).run();
    if (!broken)
        return broken;
    return *broken + "\npeer: " + print(s.peer) + trace_of<Stream>(s, choices);
}

} // namespace weft::test

#endif
