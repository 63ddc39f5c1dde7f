// Every order of events, as in explore.cpp, where writes may wait.
#include <gtest/gtest.h>

#include <stream/explored.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

template <class Stream>
void explore_all()
{
    using enum user_step::kind;
    const auto says = [] { return peer_of<Stream>(); };
    const frame text_frame{.op = opcode::text, .payload = as_bytes("hi")};
    const frame ping_frame{.op = opcode::ping, .payload = as_bytes("p")};
    for (bounds limits : bad_luck) {
        limits.preemptions = 1;
        run<Stream>({.name = "three writers",
                     .users = {{{write, 1}}, {{write, 1}}, {{write, 2}}},
                     .limits = limits});
        run<Stream>({.name = "a reader that writes, a writer",
                     .users = {{{read}, {write, 1}}, {{write, 1}}},
                     .peer = says().add(text_frame).wire(),
                     .limits = limits});
        run<Stream>({.name = "two writers who are pinged",
                     .users = {{{read}}, {{write, 1}}, {{write, 1}}},
                     .peer = says().add(ping_frame).wire(),
                     .limits = limits});
        run<Stream>({.name = "two writers, a pinger",
                     .users = {{{write, 1}}, {{write, 1}}, {{ping, 0}}},
                     .limits = limits});
        run<Stream>({.name = "two writers, a close",
                     .users = {{{write, 1}}, {{write, 2}}, {{close}}},
                     .limits = limits});
        run<Stream>({.name = "the peer closes while two write",
                     .users = {{{read}}, {{write, 1}}, {{write, 1}}},
                     .peer = says().close(1001).wire(),
                     .peer_closes = true,
                     .limits = limits});
        run<Stream>({.name = "two writers, and the stream is destroyed",
                     .users = {{{write, 1}}, {{write, 1}}, {{destroy}}},
                     .limits = limits});
        run<Stream>({.name = "two writers of fragments, who are pinged",
                     .users = {{{read}}, {{write, 2}}, {{write, 2}}},
                     .peer = says().add(ping_frame).wire(),
                     .fragment_bytes = 1,
                     .limits = limits});
        run<Stream>({.name = "writes without room",
                     .users = {{{write, 30}, {write, 30}}, {{write, 30}}, {{write, 1}}},
                     .limits = limits});
    }
}

using queued_server = simulated<role::server, writing::queued<64>>;
using queued_client = simulated<role::client, writing::queued<64>>;
using corked_server = simulated<role::server, writing::corked<64>>;

TEST(ExploreWriting, queued_server) { explore_and_tell(explore_all<queued_server>); }
TEST(ExploreWriting, queued_client) { explore_and_tell(explore_all<queued_client>); }
TEST(ExploreWriting, corked_server) { explore_and_tell(explore_all<corked_server>); }

} // namespace
