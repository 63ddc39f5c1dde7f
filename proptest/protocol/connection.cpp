// One connection as a whole: what it answers, how it ends, what it costs (RFC 6455 §5.5, §7).
#include <gtest/gtest.h>

#include <allocations.hpp>
#include <protocol/endpoint.hpp>

namespace {

using namespace weft;
using test::bytes;

// Feeds one frame and returns what the connection writes.
template <class Connection>
bytes answer_to(Connection& connection, const bytes& wire)
{
    hear(connection, wire);
    return written(connection);
}

TEST(Connection, answers_a_ping_with_its_payload_and_a_pong_not_at_all)
{
    for (const std::size_t size : {0u, 1u, 124u, 125u}) {
        server s;
        const std::string payload(size, 'p');
        const bytes wire = answer_to(s, from_client().add(opcode::ping, payload).wire());
        EXPECT_EQ(frames_of(s, wire), "pong");
        EXPECT_EQ(text_of(read_by_peer(s, wire).happenings.at(0).payload), payload);
        client c;
        EXPECT_TRUE(answer_to(c, from_server().add(opcode::pong, payload).wire()).empty());
    }
}

TEST(Connection, that_asks_is_answered_by_the_pong_with_its_own_payload_alone)
{
    server s;
    EXPECT_FALSE(s.asked());
    ASSERT_TRUE(s.ask(1));
    const std::string payload(text_of(read_by_peer(s, written(s)).happenings.at(0).payload));
    EXPECT_EQ(payload.size(), 8u) << "too many to be guessed";
    hear(s, from_client().add(opcode::ping, payload).add(opcode::pong, "another").wire());
    EXPECT_TRUE(s.asked());
    hear(s, from_client().add(opcode::binary, payload).wire());
    EXPECT_TRUE(s.asked());
    hear(s, from_client().add(opcode::pong, payload).wire());
    EXPECT_FALSE(s.asked());
}

TEST(Connection, answers_every_close_with_its_code_and_no_reason)
{
    for (const unsigned code : {1000u, 1001u, 1003u, 1007u, 1011u, 1014u, 3000u, 4999u}) {
        server s;
        const bytes wire = answer_to(s, from_client().close(code, "reason").wire());
        const auto run = read_by_peer(s, wire);
        ASSERT_EQ(run.happenings.size(), 1u);
        EXPECT_EQ(run.happenings[0].code, close_code(code));
        EXPECT_TRUE(run.happenings[0].payload.empty());
    }
}

TEST(Connection, answers_a_close_without_a_body_by_one_without_a_body)
{
    client c;
    const bytes wire = answer_to(c, from_server().add(opcode::close).wire());
    const auto run = read_by_peer(c, wire);
    ASSERT_EQ(run.happenings.size(), 1u);
    EXPECT_EQ(run.happenings[0].code, close_code::no_status);
    EXPECT_EQ(wire.size(), 6u);
}

TEST(Connection, answers_a_close_once_and_not_at_all_if_it_closed_first)
{
    server s;
    EXPECT_TRUE(s.close({close_code::going_away, "first"}, 1));
    EXPECT_FALSE(s.close({close_code::normal, "second"}, 2));
    const bytes wire = answer_to(s, from_client().close(1000).close(1000).wire());
    const auto run = read_by_peer(s, wire);
    EXPECT_EQ(frames_of(s, wire), "close");
    EXPECT_EQ(run.happenings.at(0).code, close_code::going_away);
    EXPECT_EQ(text_of(run.happenings.at(0).payload), "first");
    EXPECT_TRUE(s.is_read_closed() && s.close_queued());
}

TEST(Connection, both_may_close_at_once)
{
    client c;
    server s;
    EXPECT_TRUE(c.close({close_code{3001}, "client"}, 1));
    EXPECT_TRUE(s.close({close_code{3002}, "server"}, 1));
    const bytes from_c = written(c), from_s = written(s);
    EXPECT_EQ(hear(c, from_s).happenings.at(0).code, close_code{3002});
    EXPECT_EQ(hear(s, from_c).happenings.at(0).code, close_code{3001});
    EXPECT_TRUE(written(c).empty() && written(s).empty());
}

TEST(Connection, queues_nothing_behind_its_close)
{
    server s;
    EXPECT_TRUE(s.close({}, 1));
    EXPECT_FALSE(s.ping({}, 2));
    EXPECT_FALSE(s.pong({}, 3));
    EXPECT_FALSE(s.begin(message_kind::text, true, 0));
    const bytes wire = written(s);
    EXPECT_EQ(hear(s, from_client().add(opcode::ping, "late").wire()).happenings.size(), 1u);
    EXPECT_TRUE(written(s).empty());
    EXPECT_EQ(frames_of(s, wire), "close");
    EXPECT_EQ(read_by_peer(s, wire).happenings.at(0).settled, wire.size());
}

TEST(Connection, goes_on_receiving_after_its_own_close_until_the_peers)
{
    client c;
    EXPECT_TRUE(c.close({}, 1));
    const auto heard = hear(c, from_server().add(opcode::text, "still").close(1000).wire());
    ASSERT_EQ(heard.happenings.size(), 2u);
    EXPECT_EQ(text_of(heard.happenings[0].payload), "still");
}

TEST(Connection, tells_a_fault_once_with_the_code_of_its_rule_and_hears_nothing_more)
{
    struct fault
    {
        error rule;
        bytes wire;
        close_code code;
    };
    const fault faults[] = {
        {error::reserved_opcode, from_client().add(opcode{0x3}).wire(), close_code::protocol_error},
        {error::invalid_utf8, from_client().add(opcode::text, "a\xFF").wire(),
         close_code::invalid_payload},
        {error::invalid_close_reason, from_client().close(1000, "\xFF").wire(),
         close_code::invalid_payload},
        {error::frame_too_big, from_client().add({.length = std::uint64_t{1} << 62}).wire(),
         close_code::message_too_big},
    };
    for (const fault& f : faults) {
        server s;
        const bytes wire = from_client().raw(f.wire).add(opcode::ping, "after").close(1000).wire();
        const auto heard = hear(s, wire);
        ASSERT_FALSE(heard.happenings.empty());
        EXPECT_EQ(heard.happenings.back().fault, f.rule);
        for (int i = 0; i < 3; ++i) {
            const event e = s.poll();
            EXPECT_EQ(e.what, event::type::fault);
            EXPECT_EQ(e.fault, f.rule);
        }
        const auto run = read_by_peer(s, written(s));
        ASSERT_EQ(run.happenings.size(), 1u);
        EXPECT_EQ(run.happenings[0].code, f.code);
        EXPECT_FALSE(s.begin(message_kind::text, true, 0));
    }
}

TEST(Connection, a_fault_after_its_own_close_is_not_told)
{
    server s;
    EXPECT_TRUE(s.close({}, 1));
    hear(s, from_client().add(opcode{0xB}).wire());
    EXPECT_TRUE(s.is_read_closed());
    EXPECT_EQ(frames_of(s, written(s)), "close");
}

TEST(Connection, pings_answered_before_a_close_arrived_leave_before_the_reply)
{
    server s;
    const bytes wire = answer_to(s, from_client().add(opcode::ping, "p").close(1000).wire());
    EXPECT_EQ(frames_of(s, wire), "pong close");
}

TEST(Connection, keeps_what_the_peers_close_said_and_takes_it_along_when_moved)
{
    using fixed = basic_connection<role::client, buffer::fixed<139>>;
    fixed first;
    EXPECT_EQ(first.peer_close().code, close_code::abnormal);
    hear(first, from_server().close(4000, "the reason").add(opcode::ping).wire());
    EXPECT_EQ(first.peer_close().code, close_code{4000});
    fixed second(std::move(first));
    const std::string_view reason = second.peer_close().reason;
    EXPECT_EQ(reason, "the reason");
    const auto* const begin = reinterpret_cast<const char*>(&second);
    EXPECT_TRUE(reason.data() >= begin && reason.data() < begin + sizeof second);
    EXPECT_EQ(static_cast<const void*>(second.poll().bytes.data()), reason.data());

    client silent;
    feed(silent, from_server().add(opcode::close).add(opcode::text, "late").wire());
    EXPECT_EQ(silent.poll().what, event::type::close);
    EXPECT_EQ(silent.peer_close().code, close_code::no_status);
    EXPECT_TRUE(silent.peer_close().reason.empty());
    EXPECT_TRUE(silent.poll().bytes.empty());
}

TEST(Connection, checks_what_it_is_to_say_in_a_close)
{
    for (unsigned code = 0; code < 65536; ++code) {
        const bool may = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
                         (code >= 3000 && code <= 4999) || code == 1005;
        ASSERT_EQ(server::check({close_code(code), {}}) == error::none, may) << code;
    }
    const std::string longest(123, 'r');
    EXPECT_EQ(server::check({close_code::normal, longest}), error::none);
    EXPECT_EQ(server::check({close_code::normal, longest + 'r'}), error::bad_close_reason);
    EXPECT_EQ(server::check({close_code::normal, "\xC3"}), error::bad_close_reason);
    EXPECT_EQ(server::check({close_code::normal, "\xC0\x80"}), error::bad_close_reason);
    EXPECT_EQ(server::check({close_code::no_status, "reason"}), error::bad_close_code);
}

TEST(Connection, checks_text_part_by_part_as_it_is_sent)
{
    server s;
    const auto check = [&](std::string_view part, bool fin) {
        const bytes payload = test::as_bytes(part);
        return s.check_text(test::payload_source{payload, 1}, fin);
    };
    const auto send = [&](std::size_t size, bool fin) {
        s.commit_text();
        ASSERT_TRUE(s.begin(message_kind::text, fin, size));
        written(s, bytes(size));
    };
    EXPECT_TRUE(check("\xE2\x82\xAC", true));
    EXPECT_FALSE(check("\xE2\x82", true)) << "cut short at the end";
    EXPECT_FALSE(check("\xED\xA0\x80", false)) << "a surrogate";
    EXPECT_TRUE(check("\xE2", false));
    send(1, false);
    EXPECT_FALSE(check("a", true)) << "inside a code point";
    EXPECT_TRUE(check("\x82", false));
    send(1, false);
    EXPECT_FALSE(check("", true)) << "the end inside a code point";
    EXPECT_TRUE(check("\xAC", true));
    send(1, true);
    EXPECT_TRUE(check("next", true)) << "a new message is a new text";
    EXPECT_FALSE(check("\xAC", true));
}

TEST(Connection, says_what_kind_of_message_it_receives)
{
    client c;
    feed(c, from_server().add(opcode::text, "t", false).add(opcode::ping).wire());
    while (c.poll().what != event::type::need_more) {
    }
    EXPECT_EQ(c.kind(), message_kind::text);
    EXPECT_TRUE(c.receiving_message());
    feed(c, from_server().add(opcode::continuation, "t").add(opcode::binary, "b").wire());
    while (c.poll().what != event::type::need_more) {
    }
    EXPECT_EQ(c.kind(), message_kind::binary);
    EXPECT_FALSE(c.receiving_message());
}

// Memory is bounded by the buffer policy and the backlog, whatever a header declares.

TEST(Memory, a_declared_length_allocates_no_more_than_the_buffer)
{
    for (const std::uint64_t declared : {std::uint64_t{126}, std::uint64_t{16} << 20}) {
        const bytes wire = from_client().add({.length = declared}).wire();
        proptest::allocations() = {};
        server s;
        feed(s, wire);
        const event e = s.poll();
        const auto seen = proptest::allocations();
        EXPECT_EQ(e.what, event::type::need_more);
        EXPECT_EQ(seen.count, 1u) << "the buffer";
        EXPECT_LE(seen.largest, 8192u);
    }
}

TEST(Memory, an_idle_connection_owns_nothing)
{
    proptest::allocations() = {};
    server s;
    client c;
    EXPECT_EQ(proptest::allocations().count, 0u);
}

TEST(Memory, a_flood_of_pings_allocates_one_backlog)
{
    const bytes ping = from_client().add(opcode::ping, std::string(125, 'p')).wire();
    server s;
    proptest::allocations() = {};
    for (int i = 0; i < 1000; ++i) {
        feed(s, ping);
        while (s.poll().what != event::type::need_more) {
        }
    }
    const auto seen = proptest::allocations();
    EXPECT_EQ(seen.count, 2u) << "the buffer and the queue";
    EXPECT_LE(seen.largest, 8192u);
}

TEST(Memory, a_flood_of_empty_fragments_allocates_nothing_and_ends_at_its_limit)
{
    using limited = basic_connection<role::server, test::any_budget>;
    limited s(test::any_budget{{.fragments = 1000}});
    feed(s, from_client().add(opcode::binary, "", false).wire());
    EXPECT_EQ(s.poll().what, event::type::need_more);
    const bytes fragment = from_client().add(opcode::continuation, "", false).wire();
    proptest::allocations() = {};
    int passed = 1;
    for (; passed < 2000; ++passed) {
        feed(s, fragment);
        if (s.poll().what == event::type::fault)
            break;
    }
    EXPECT_EQ(passed, 1000);
    EXPECT_EQ(s.poll().fault, error::too_many_fragments);
    EXPECT_LE(proptest::allocations().count, 1u) << "the queue for the close frame";
}

TEST(Memory, a_connection_with_a_fixed_buffer_never_allocates)
{
    const bytes ping = from_client().add(opcode::ping, std::string(125, 'p')).wire();
    const bytes message = from_client().add(opcode::text, std::string(500, 't')).wire();
    const bytes payload(5000, std::byte{'x'});
    const bytes reply = from_server().close(1000).wire();
    proptest::allocations() = {};
    basic_connection<role::server, buffer::fixed<700>> s;
    basic_connection<role::client, buffer::fixed<139>> c;
    for (int i = 0; i < 100; ++i) {
        feed(s, i % 2 != 0 ? ping : message);
        while (s.poll().what != event::type::need_more) {
        }
    }
    c.ping({}, 1);
    c.begin(message_kind::binary, true, payload.size());
    test::payload_source source{payload};
    for (std::size_t n = 1; n != 0;) {
        pieces<> out;
        c.gather(out, source);
        n = 0;
        for (const auto& piece : out)
            n += piece.size();
        c.sent(n, source);
    }
    feed(c, reply);
    EXPECT_EQ(c.poll().what, event::type::close);
    EXPECT_EQ(proptest::allocations().count, 0u);
}

// Law 11, for budgets that differ in which limit comes first.
TEST(Limits, a_message_may_have_its_limit_and_no_more)
{
    const budget::limits budgets[] = {
        {.frame_bytes = 125, .message_bytes = 125, .fragments = 2},
        {.frame_bytes = 126, .message_bytes = 200, .fragments = 3},
        {.frame_bytes = 0, .message_bytes = 0, .fragments = 1},
        {.frame_bytes = 65535, .message_bytes = 65536, .fragments = 100},
        {.frame_bytes = 1000, .message_bytes = 10, .fragments = 4},
    };
    for (const budget::limits& limits : budgets) {
        const auto make_server = [&] {
            return basic_connection<role::server, test::any_budget>(test::any_budget{limits});
        };
        const auto make_client = [&] {
            return basic_connection<role::client, test::any_budget, buffer::fixed<139>>(
                test::any_budget{limits});
        };
        EXPECT_EQ(test::a_message_may_have_its_limit_and_no_more(make_server), test::verdict());
        EXPECT_EQ(test::a_message_may_have_its_limit_and_no_more(make_client), test::verdict());
    }
}

TEST(Limits, begin_anew_with_every_message)
{
    using limited = basic_connection<role::server, test::any_budget>;
    limited s(test::any_budget{{.frame_bytes = 4, .message_bytes = 5, .fragments = 2}});
    test::wire_writer wire = from_client();
    for (int i = 0; i < 5; ++i)
        wire.add(opcode::binary, "abcd", false).add(opcode::continuation, "e");
    EXPECT_EQ(hear(s, wire.wire()).happenings.size(), 5u);
    EXPECT_FALSE(s.is_read_closed());
}

TEST(Limits, do_not_apply_to_control_frames)
{
    using limited = basic_connection<role::server, test::any_budget>;
    limited s(test::any_budget{{.frame_bytes = 1, .message_bytes = 1, .fragments = 1}});
    const auto heard = hear(s, from_client()
                                   .add(opcode::ping, std::string(125, 'p'))
                                   .add(opcode::pong, std::string(125, 'p'))
                                   .close(1000, std::string(123, 'r'))
                                   .wire());
    EXPECT_EQ(heard.happenings.size(), 3u);
}

// A length that no sum may contain: what remains of a budget is compared, and nothing is added.
TEST(Limits, the_largest_lengths_are_refused_by_arithmetic_that_cannot_wrap)
{
    constexpr std::uint64_t most = ~std::uint64_t{0};
    using limited = basic_connection<role::client, test::any_budget>;
    for (const std::uint64_t length :
         {most >> 1, (most >> 1) - 13, std::uint64_t{1} << 32, (std::uint64_t{1} << 32) + 5}) {
        limited c(test::any_budget{{.frame_bytes = 100, .message_bytes = 100}});
        hear(c, from_server().add({.length = length}).wire());
        EXPECT_EQ(c.poll().fault, error::frame_too_big);
        limited second(test::any_budget{{.frame_bytes = most, .message_bytes = most >> 1}});
        hear(second, from_server()
                         .add(opcode::binary, "12345678", false)
                         .add({.op = opcode::continuation, .length = most >> 1})
                         .wire());
        EXPECT_EQ(second.poll().fault, error::message_too_big);
        limited third(test::any_budget{{.frame_bytes = most, .message_bytes = most}});
        hear(third, from_server().add({.length = length}).wire());
        EXPECT_EQ(third.poll().what, event::type::need_more);
        EXPECT_EQ(third.direct_size(), length);
    }
}

} // namespace
