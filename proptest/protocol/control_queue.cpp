// Control frames that wait: their order, their bound, and what a write holds (RFC 6455 §5.5).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>

#include <protocol/endpoint.hpp>
#include <protocol/wires.hpp>

namespace {

using namespace weft;
using test::bytes;

constexpr std::uint16_t backlog = 4;

template <class... Policies>
auto peer_with_backlog(std::uint16_t n = backlog)
{
    return basic_connection<role::server, test::any_budget, Policies...>(
        test::any_budget{{.control_backlog = n}});
}

bytes payload(unsigned n) { return {static_cast<std::byte>(n)}; }

// The payloads of the control frames on a wire.
std::string payloads(std::span<const std::byte> wire)
{
    std::string out;
    for (const auto& h : test::model::read({.from_client = false}, wire).happenings)
        out += h.what == event::type::close ? "close" : text_of(h.payload);
    return out;
}

bytes letter(char c) { return test::as_bytes(std::string(1, c)); }

TEST(Control_queue, frames_leave_in_the_order_in_which_they_were_queued)
{
    auto s = peer_with_backlog();
    EXPECT_TRUE(s.ping(letter('a'), 1) && s.pong(letter('b'), 2) && s.ping(letter('c'), 3));
    EXPECT_TRUE(s.close({}, 4));
    const bytes wire = written(s);
    EXPECT_EQ(payloads(wire), "abcclose");
    EXPECT_EQ(frames_of(s, wire), "ping pong ping close");
}

TEST(Control_queue, takes_its_backlog_and_refuses_one_frame_more)
{
    auto s = peer_with_backlog();
    for (unsigned i = 1; i <= backlog; ++i)
        EXPECT_TRUE(s.ping(payload(i), i));
    EXPECT_FALSE(s.ping(payload(9), 9));
    EXPECT_FALSE(s.holds(9));
    for (unsigned i = 1; i <= backlog; ++i)
        EXPECT_TRUE(s.holds(i));
    EXPECT_EQ(read_by_peer(s, written(s)).happenings.size(), backlog);
    EXPECT_TRUE(s.ping(payload(9), 9)) << "there is room again";
}

TEST(Control_queue, answers_the_latest_ping_though_it_is_full_of_frames_that_somebody_waits_for)
{
    for (const bool held : {false, true}) {
        auto s = peer_with_backlog();
        for (unsigned i = 1; i <= backlog; ++i)
            EXPECT_TRUE(s.ping(letter('a'), i));
        pieces<> out;
        test::payload_source nothing;
        if (held)
            s.gather(out, nothing);
        hear(s, from_client().add(opcode::ping, "1").add(opcode::ping, "2").wire());
        EXPECT_FALSE(s.ping(letter('b'), 9));
        EXPECT_TRUE(s.close({}, 10));
        EXPECT_EQ(payloads(written(s)), "aaaa2close");
    }
}

TEST(Control_queue, answers_the_latest_ping_though_a_write_holds_all_that_wait)
{
    auto s = peer_with_backlog();
    for (unsigned i = 1; i <= backlog; ++i)
        EXPECT_TRUE(s.ping(letter('a'), i));
    test::payload_source nothing;
    bytes wire;
    const auto hold = [&] {
        pieces<> out;
        s.gather(out, nothing);
    };
    hold();
    for (const char c : {'1', '2'}) { // the second write holds no more than the first
        hear(s, from_client().add(opcode::ping, std::string_view(&c, 1)).wire());
        hold();
    }
    EXPECT_EQ(payloads(written(s)), "aaaa2");
}

TEST(Control_queue, a_close_finds_room_in_a_full_one)
{
    auto s = peer_with_backlog();
    for (unsigned i = 1; i <= backlog; ++i)
        EXPECT_TRUE(s.ping(letter('p'), i));
    EXPECT_TRUE(s.close({close_code::going_away, "bye"}, 9));
    EXPECT_EQ(payloads(written(s)), "ppppclose");
}

TEST(Control_queue, at_the_smallest_backlog_two_frames_and_a_close_have_room)
{
    for (const auto n : std::initializer_list<std::uint16_t>{0, 1, 2}) {
        auto s = peer_with_backlog(n);
        EXPECT_TRUE(s.ping(letter('a'), 1) && s.ping(letter('b'), 2));
        EXPECT_FALSE(s.ping(letter('c'), 3));
        EXPECT_TRUE(s.close({}, 4));
        EXPECT_EQ(payloads(written(s)), "abclose");
    }
}

TEST(Control_queue, the_oldest_pong_makes_room_for_a_new_one_and_nothing_else_does)
{
    auto s = peer_with_backlog();
    EXPECT_TRUE(s.ping(letter('U'), 1));
    for (const char c : {'a', 'b', 'c', 'd', 'e'})
        hear(s, from_client().add(opcode::ping, std::string(1, c)).wire());
    EXPECT_EQ(payloads(written(s)), "Ucde");
}

TEST(Control_queue, a_flood_of_pings_is_answered_newest_last_whatever_its_length)
{
    auto s = peer_with_backlog(16);
    for (int i = 0; i < 1000; ++i)
        hear(s, from_client()
                    .add(opcode::ping, std::string(1, static_cast<char>('a' + i % 26)))
                    .wire());
    std::string expected;
    for (int i = 1000 - 16; i < 1000; ++i)
        expected += static_cast<char>('a' + i % 26);
    EXPECT_EQ(payloads(written(s)), expected);
}

TEST(Control_queue, what_a_write_holds_neither_moves_nor_vanishes)
{
    auto s = peer_with_backlog();
    for (const char c : {'a', 'b'})
        hear(s, from_client().add(opcode::ping, std::string(1, c)).wire());
    pieces<> out;
    test::payload_source nothing;
    s.gather(out, nothing);
    ASSERT_EQ(out.size(), 2u);
    const bytes first(out.begin()[0].begin(), out.begin()[0].end());
    const bytes second(out.begin()[1].begin(), out.begin()[1].end());
    // While that write is under way: more pings than there is room for, a close, a withdrawal.
    for (const char c : {'c', 'd', 'e', 'f', 'g'})
        hear(s, from_client().add(opcode::ping, std::string(1, c)).wire());
    EXPECT_TRUE(s.close({}, 7));
    EXPECT_FALSE(s.withdraw(0));
    EXPECT_TRUE(std::equal(first.begin(), first.end(), out.begin()[0].begin()));
    EXPECT_TRUE(std::equal(second.begin(), second.end(), out.begin()[1].begin()));
    bytes wire = first;
    wire.insert(wire.end(), second.begin(), second.end());
    s.sent(wire.size(), nothing);
    const bytes rest = written(s);
    wire.insert(wire.end(), rest.begin(), rest.end());
    EXPECT_EQ(payloads(wire), "abfgclose");
}

// §5.5.2: a ping is answered "unless it already received a Close frame"; ours may wait for long,
// behind a message that is on its way.
TEST(Control_queue, a_ping_is_answered_in_front_of_a_close_that_waits)
{
    auto s = peer_with_backlog();
    EXPECT_TRUE(s.ping(letter('U'), 1) && s.close({}, 2));
    for (const char c : {'a', 'b', 'c', 'd', 'e'})
        hear(s, from_client().add(opcode::ping, std::string(1, c)).wire());
    EXPECT_FALSE(s.ping(letter('V'), 3)) << "the program has said that it has nothing more to say";
    EXPECT_EQ(payloads(written(s)), "Ucdeclose");
    hear(s, from_client().add(opcode::ping, "f").wire());
    EXPECT_FALSE(s.owes_control()) << "the close has left";
}

TEST(Control_queue, a_ping_is_not_answered_behind_a_close_that_has_begun_to_leave)
{
    auto s = peer_with_backlog();
    EXPECT_TRUE(s.close({}, 1));
    bytes wire;
    test::payload_source nothing;
    test::write_some(s, nothing, 1, wire);
    hear(s, from_client().add(opcode::ping, "a").wire());
    const bytes rest = written(s);
    wire.insert(wire.end(), rest.begin(), rest.end());
    EXPECT_EQ(payloads(wire), "close");

    auto t = peer_with_backlog();
    EXPECT_TRUE(t.close({}, 1));
    pieces<> held;
    t.gather(held, nothing);
    ASSERT_EQ(held.size(), 1u);
    hear(t, from_client().add(opcode::ping, "a").wire());
    t.sent(held.begin()->size(), nothing);
    EXPECT_FALSE(t.owes_control());
}

TEST(Control_queue, a_frame_that_has_begun_to_leave_is_neither_dropped_nor_withdrawn)
{
    auto s = peer_with_backlog();
    EXPECT_TRUE(s.ping(letter('U'), 5));
    bytes wire;
    test::payload_source nothing;
    test::write_some(s, nothing, 1, wire);
    EXPECT_FALSE(s.withdraw(5));
    EXPECT_TRUE(s.holds(5));
    const bytes rest = written(s);
    wire.insert(wire.end(), rest.begin(), rest.end());
    EXPECT_EQ(payloads(wire), "U");

    wire.clear();
    for (const char c : {'a', 'b', 'c', 'd'})
        hear(s, from_client().add(opcode::ping, std::string(1, c)).wire());
    test::write_some(s, nothing, 1, wire);
    hear(s, from_client().add(opcode::ping, "e").wire());
    const bytes more = written(s);
    wire.insert(wire.end(), more.begin(), more.end());
    EXPECT_EQ(payloads(wire), "acde");
}

TEST(Control_queue, a_frame_of_which_nothing_has_left_can_be_withdrawn)
{
    auto s = peer_with_backlog();
    EXPECT_TRUE(s.ping(letter('a'), 1) && s.ping(letter('b'), 2) && s.ping(letter('c'), 3));
    EXPECT_TRUE(s.withdraw(2));
    EXPECT_FALSE(s.withdraw(2));
    EXPECT_FALSE(s.withdraw(8)) << "nobody's";
    EXPECT_TRUE(!s.holds(2) && s.holds(1) && s.holds(3));
    EXPECT_EQ(payloads(written(s)), "ac");
    EXPECT_FALSE(s.withdraw(1));
    EXPECT_TRUE(s.ping(letter('d'), 4) && s.withdraw(4));
    EXPECT_FALSE(s.owes_control());
    EXPECT_TRUE(written(s).empty());
}

TEST(Control_queue, a_ticket_is_held_until_the_last_byte_has_left)
{
    auto s = peer_with_backlog();
    EXPECT_TRUE(s.ping(letter('a'), 1));
    bytes wire;
    test::payload_source nothing;
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(s.holds(1));
        EXPECT_TRUE(s.owes_control());
        EXPECT_EQ(test::write_some(s, nothing, 1, wire), 1u);
    }
    EXPECT_FALSE(s.holds(1));
    EXPECT_FALSE(s.owes_control());
}

TEST(Control_queue, more_frames_than_a_write_can_show_leave_in_several)
{
    auto s = peer_with_backlog(40);
    std::string expected;
    for (unsigned i = 0; i < 40; ++i) {
        EXPECT_TRUE(s.ping(letter(static_cast<char>('a' + i % 26)), i + 1));
        expected += static_cast<char>('a' + i % 26);
    }
    EXPECT_EQ(payloads(written(s)), expected);
}

// It may answer differently each time it is asked.
struct changing
{
    using slot = budget::slot;
    static inline std::uint16_t limit = 0;
    static budget::limits limits() noexcept { return {.control_backlog = limit}; }
};

TEST(Control_queue, a_budget_that_grows_while_frames_wait_takes_no_more_than_has_room)
{
    changing::limit = 2;
    basic_connection<role::server, changing> s;
    EXPECT_TRUE(s.ping(letter('a'), 1) && s.ping(letter('b'), 2));
    changing::limit = 100;
    for (unsigned i = 3; i < 50; ++i)
        EXPECT_FALSE(s.ping(letter('c'), i));
    EXPECT_TRUE(s.close({}, 99));
    EXPECT_EQ(payloads(written(s)), "abclose");
    EXPECT_FALSE(s.owes_control());
}

TEST(Control_queue, a_budget_that_shrinks_while_frames_wait_still_answers_the_latest_ping)
{
    changing::limit = 16;
    basic_connection<role::server, changing> s;
    for (unsigned i = 0; i < 10; ++i)
        EXPECT_TRUE(s.ping(letter(static_cast<char>('a' + i)), i + 1));
    changing::limit = 2;
    hear(s, from_client().add(opcode::ping, "p").wire());
    EXPECT_EQ(payloads(written(s)), "abcdefghijp");
    // And now it counts.
    EXPECT_TRUE(s.ping(letter('x'), 1) && s.ping(letter('y'), 2));
    EXPECT_FALSE(s.ping(letter('z'), 3));
}

// A plain list of frames does the same as the queue under any commands.
RC_GTEST_PROP(Control_queue, is_a_bounded_list_from_which_only_unsent_frames_vanish, ())
{
    auto s = peer_with_backlog();
    struct waiting
    {
        unsigned ticket;
        char c;
    };
    std::deque<waiting> list;
    std::size_t gone = 0; // bytes of the first that have left; each frame has three
    std::string left;
    bytes wire;
    test::payload_source nothing;
    for (std::size_t steps = wires::below(60), n = 1; n <= steps; ++n) {
        const char c = static_cast<char>('a' + n % 26);
        const auto ticket = static_cast<unsigned>(n);
        switch (wires::below(4)) {
        case 0: {
            hear(s, from_client().add(opcode::ping, std::string(1, c)).wire());
            auto drop = list.begin() + (gone != 0 ? 1 : 0);
            if (list.size() >= backlog) {
                drop = std::find_if(drop, list.end(), [](auto& w) { return w.ticket == 0; });
                if (drop != list.end())
                    list.erase(drop);
            }
            list.push_back({0, c});
            break;
        }
        case 1: {
            const bool has_room = list.size() < backlog;
            RC_ASSERT(s.ping(letter(c), ticket) == has_room);
            if (has_room)
                list.push_back({ticket, c});
            break;
        }
        case 2: {
            const std::size_t most = wires::below(8);
            const std::size_t wrote = test::write_some(s, nothing, most, wire);
            RC_ASSERT(wrote == std::min(most, list.size() * 3 - gone));
            for (gone += wrote; gone >= 3; gone -= 3, list.pop_front())
                left += list.front().c;
            break;
        }
        default: {
            if (list.empty())
                break;
            const std::size_t at = wires::below(list.size());
            if (const unsigned of = list[at].ticket; of != 0) {
                RC_ASSERT(s.withdraw(of) == (at != 0 || gone == 0));
                if (at != 0 || gone == 0)
                    list.erase(list.begin() + static_cast<std::ptrdiff_t>(at));
            }
        }
        }
        RC_ASSERT(s.owes_control() == !list.empty());
    }
    for (const waiting& w : list)
        left += w.c;
    const bytes rest = written(s);
    wire.insert(wire.end(), rest.begin(), rest.end());
    RC_ASSERT(payloads(wire) == left);
}

} // namespace
