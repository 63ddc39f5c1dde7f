// The laws of receiving, each a sentence: gtest, RapidCheck and libFuzzer call the same functions.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_LAWS_HPP
#define WEFT_TEST_LAWS_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include <weft/test/byte_choices.hpp>
#include <weft/test/model.hpp>
#include <weft/test/receiving.hpp>
#include <weft/test/verdict.hpp>

namespace weft::test {

/// Laws 2, 7, 8, 10, 11, 29: after every step, whatever its size, the connection has reported what
/// the model reads in the bytes received so far, no more and no less, and holds the rest; its
/// answers are one pong for each ping and one close.
template <class Connection>
verdict a_connection_receives_what_the_model_reads(Connection&& connection,
                                                   std::span<const std::byte> wire,
                                                   byte_choices choices = {})
{
    const model_run expected = model::read(rules_of(connection), wire);
    receiving receiver(connection, choices);
    do {
        if (!receiver.step(wire))
            return receiver.complaint();
        if (const verdict wrong = compare_at(expected, receiver.heard(), receiver.fed()))
            return wrong;
        if (!receiver.ended() && !receiver.holds_last(wire, expected.waiting_at(receiver.fed())))
            return receiver.say("what is unread is not the end of what was received");
    } while (receiver.fed() < wire.size() && !receiver.ended());
    if (const verdict wrong = compare_at_end(expected, receiver.heard()))
        return wrong;
    if (!receiver.drain())
        return receiver.complaint();
    return receiver.answered().compare();
}

/// Law 1: any partition of the bytes gives the same events, the same fault, the same answers.
template <class Make>
verdict any_partition_of_the_bytes_gives_the_same_events(Make make, std::span<const std::byte> wire,
                                                         byte_choices choices)
{
    const hearing whole = hear_all(make(), wire, {});
    const hearing parts = hear_all(make(), wire, choices);
    if (whole.happenings != parts.happenings)
        return "in parts: " + print(parts.happenings) + "\nas a whole: " + print(whole.happenings);
    if (whole.unfinished != parts.unfinished)
        return "in parts " + std::to_string(parts.unfinished.size()) + " bytes, as a whole " +
               std::to_string(whole.unfinished.size()) + " of an unfinished message";
    return {};
}

/// Law 8: what the first bytes give is the beginning of what all give.
template <class Make>
verdict a_prefix_gives_a_prefix_of_the_events(Make make, std::span<const std::byte> wire,
                                              std::size_t size)
{
    const hearing whole = hear_all(make(), wire, {});
    const hearing prefix = hear_all(make(), wire.first(std::min(size, wire.size())), {});
    if (prefix.happenings.size() > whole.happenings.size() ||
        !std::equal(prefix.happenings.begin(), prefix.happenings.end(), whole.happenings.begin()))
        return "of a prefix: " + print(prefix.happenings) + "\nof all: " + print(whole.happenings);
    return {};
}

/// Law 11: a message of exactly the budget passes, in one frame or in as many as are allowed, and
/// one byte or one frame more is refused. For budgets of at most a few megabytes.
template <class Make>
verdict a_message_may_have_its_limit_and_no_more(Make make, byte_choices choices = {})
{
    const model_rules rules = rules_of(make());
    const budget::limits limits = rules.limits;
    const auto send = [&](std::uint64_t first, std::uint32_t frames, std::uint64_t last) {
        wire_writer out(rules.from_client ? std::optional(example_key) : std::nullopt);
        out.add({.payload = bytes(static_cast<std::size_t>(first)), .fin = frames == 1});
        for (std::uint32_t i = 1; i < frames; ++i)
            out.add({.op = opcode::continuation,
                     .payload = bytes(static_cast<std::size_t>(i + 1 == frames ? last : 0)),
                     .fin = i + 1 == frames});
        const hearing heard = hear_all(make(), out.wire(), choices);
        return heard.happenings.empty() ? error::none : heard.happenings.back().fault;
    };
    const std::uint64_t frame = std::min(limits.frame_bytes, limits.message_bytes);
    if (send(frame, 1, 0) != error::none)
        return "a frame of the limit is refused";
    if (send(limits.frame_bytes + 1, 1, 0) != error::frame_too_big)
        return "a frame above the limit is not refused";
    const std::uint64_t rest = std::min(limits.message_bytes - frame, limits.frame_bytes);
    if (limits.fragments >= 2 && send(frame, 2, rest) != error::none)
        return "a message of the limit is refused";
    if (limits.fragments >= 2 && rest < limits.frame_bytes &&
        send(frame, 2, rest + 1) != error::message_too_big)
        return "a message above the limit is not refused";
    if (send(0, limits.fragments, 0) != error::none)
        return "as many fragments as the limit are refused";
    if (send(0, limits.fragments + 1, 0) != error::too_many_fragments)
        return "more fragments than the limit are not refused";
    return {};
}

} // namespace weft::test

#endif
