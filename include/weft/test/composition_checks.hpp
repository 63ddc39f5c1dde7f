// The laws of a composition, over wires that are made up and in a simulated world: what
// `weft_test_policies` runs of a user's own.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_COMPOSITION_CHECKS_HPP
#define WEFT_TEST_COMPOSITION_CHECKS_HPP

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include <weft/connection.hpp>
#include <weft/test/any_scenario.hpp>
#include <weft/test/composition.hpp>
#include <weft/test/conversation.hpp>
#include <weft/test/frame_mutations.hpp>
#include <weft/test/law_report.hpp>
#include <weft/test/laws.hpp>
#include <weft/test/policy_checks.hpp>
#include <weft/test/usual_scenarios.hpp>

namespace weft::test {

/// A few frames, mostly right, that `Stream` may receive.
template <class Stream>
bytes made_up_wire(std::minstd_rand& random)
{
    using enum opcode;
    const std::vector<frame> one_of{
        {.op = text, .payload = as_bytes("Hello")},
        {.op = text, .payload = as_bytes("\xE2\x82"), .fin = false},
        {.op = continuation, .payload = as_bytes("\xAC, and more")},
        {.op = continuation, .payload = {}, .fin = false},
        {.op = binary, .payload = random_bytes(random, random() % 400)},
        {.op = binary, .payload = random_bytes(random, random() % 5000)},
        {.op = text, .payload = as_bytes(std::string(random() % 700, 'z'))},
        {.op = ping, .payload = random_bytes(random, random() % 126)},
        {.op = pong, .payload = random_bytes(random, random() % 126)}};
    std::vector<frame> frames;
    for (auto left = 1 + random() % 6; left != 0; --left)
        frames.push_back(one_of[random() % one_of.size()]);
    for (auto left = random() % 4; left > 1; --left)
        mutate(frames, random);
    wire_writer out = peer_of<Stream>();
    for (const frame& f : frames)
        out.add(f);
    return out.wire();
}

template <class Stream, class Make>
verdict made_up_wires_are_received(Make make)
{
    std::minstd_rand random;
    for (int i = 0; i != 4000; ++i) {
        const bytes wire = made_up_wire<Stream>(random);
        const bytes choices = random_bytes(random, random() % 40);
        if (const verdict wrong =
                a_connection_receives_what_the_model_reads(make(), wire, byte_choices(choices)))
            return *wrong + "\nwire: " + print(wire) + "\nchoices: " + print(choices);
    }
    return {};
}

/// In a conversation with the usual policies of the other role.
template <class Stream>
verdict what_is_sent_arrives()
{
    using own = core_of<Stream, budget::limited<>>;
    std::minstd_rand random;
    for (int i = 0; i != 400; ++i) {
        const bytes choices = random_bytes(random, random() % 300);
        verdict wrong;
        if constexpr (own::policies::role::is_client)
            wrong = everything_sent_arrives(own(), basic_connection<role::server>(),
                                            byte_choices(choices));
        else
            wrong = everything_sent_arrives(basic_connection<role::client>(), own(),
                                            byte_choices(choices));
        if (wrong)
            return *wrong + "\nchoices: " + print(choices);
    }
    return {};
}

/// Of the protocol core with the stream's policies.
template <class Stream>
void check_receiving(law_report& report, const std::string& name)
{
    report.ask(name, "receives what the model reads, in pieces of any size",
               [] { return made_up_wires_are_received<Stream>([] { return core_of<Stream>(); }); });
    const auto narrow = [] {
        return core_of<Stream, any_budget>(
            {{.frame_bytes = 300, .message_bytes = 500, .fragments = 3, .control_backlog = 2}});
    };
    report.ask(name, "receives what the model reads, with small limits",
               [&] { return made_up_wires_are_received<Stream>(narrow); });
    report.ask(name, "receives a message of its limit and no more", [&] {
        std::minstd_rand random;
        const bytes choices = random_bytes(random, 40);
        return a_message_may_have_its_limit_and_no_more(narrow, byte_choices(choices));
    });
    report.ask(name, "sends what its peer hears, and hears what that sends",
               what_is_sent_arrives<Stream>);
}

/// Under all schedules within its limits, or a thousand from the first on. These differ in what is
/// chosen last; so a thousand more are made up.
template <class Simulated>
verdict keeps_the_laws_in(scenario s)
{
    constexpr unsigned most = 1000;
    exploration first = explore_scenario<Simulated>(s, most);
    if (first.violation || first.exhausted)
        return first.violation;
    s.close_answer = peer_of<Simulated>().close(1000).wire();
    std::minstd_rand random;
    for (unsigned i = 0; i != most; ++i) {
        const bytes input = random_bytes(random, 100);
        schedule choices{byte_choices(input)};
        if (const verdict wrong = stream_simulation<Simulated>(s, choices).run())
            return *wrong + trace_of<Simulated>(s, choices);
    }
    return {};
}

/// Of the stream in the simulated world: in the usual scenarios, each with every kind of bad luck,
/// and in some that are made up with their schedules.
template <class Stream>
void check_simulation(law_report& report, const std::string& name)
{
    using simulated = simulated_stream_of<Stream>;
    constexpr bounds luck[] = {{.splits = 2, .preemptions = 1},
                               {.faults = 1, .splits = 1, .preemptions = 1},
                               {.cancellations = 1, .splits = 1, .preemptions = 1},
                               {.expirations = 1, .preemptions = 1}};
    for (scenario& s : usual_scenarios<simulated>())
        report.ask(name, "keeps the laws of a stream: " + s.name, [&] {
            for (const bounds& limits : luck) {
                s.limits = limits;
                if (verdict wrong = keeps_the_laws_in<simulated>(s))
                    return wrong;
            }
            return verdict();
        });
    report.ask(name, "keeps the laws of a stream in any scenario", [] {
        std::minstd_rand random;
        for (int i = 0; i != 10'000; ++i)
            if (verdict wrong = a_stream_keeps_its_laws<simulated>(random_bytes(random, 160)))
                return wrong;
        return verdict();
    });
}

} // namespace weft::test

#endif
