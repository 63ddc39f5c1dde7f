// The receiving half at its edges: what arrives in one piece, in many, or not at all.
#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include <protocol/endpoint.hpp>

namespace {

using namespace weft;
using test::bytes;

event::type poll(auto& connection) { return connection.poll().what; }

TEST(Receiver, hands_out_no_more_than_part_max_and_everything_of_it)
{
    const bytes payload(1000, std::byte{'x'});
    const bytes wire = from_server().add({.payload = payload}).wire();
    for (const std::size_t part_max : {1u, 2u, 3u, 7u, 999u, 1000u, 1001u}) {
        client c;
        feed(c, wire);
        std::size_t got = 0;
        for (;;) {
            const event e = c.poll(part_max);
            ASSERT_EQ(e.what, event::type::message);
            ASSERT_LE(e.bytes.size(), part_max);
            ASSERT_EQ(e.first, got == 0);
            got += e.bytes.size();
            ASSERT_EQ(e.last, got == payload.size());
            if (e.last)
                break;
            ASSERT_EQ(e.bytes.size(), part_max);
        }
        EXPECT_EQ(poll(c), event::type::need_more);
    }
}

TEST(Receiver, a_direct_receive_equals_a_buffered_one_for_every_split)
{
    const std::string text = "\xE0\xA6\xAC masked text, split anywhere \xF0\x9F\x98\x80!";
    const bytes wire = from_client().add(opcode::text, text).wire();
    const std::size_t header = wire.size() - text.size();
    for (std::size_t buffered = 0; buffered < text.size(); ++buffered) {
        for (std::size_t direct = 1; direct <= text.size() - buffered; ++direct) {
            server s;
            std::string got;
            feed(s, std::span(wire).first(header + buffered));
            for (event e = s.poll(); e.what != event::type::need_more; e = s.poll())
                got += text_of(e.bytes);
            ASSERT_EQ(s.direct_size(), text.size() - buffered);
            bytes caller(wire.begin() + static_cast<std::ptrdiff_t>(header + buffered),
                         wire.begin() + static_cast<std::ptrdiff_t>(header + buffered + direct));
            const event e = s.direct(caller);
            ASSERT_EQ(e.what, event::type::message);
            ASSERT_EQ(e.bytes.data(), caller.data());
            got += text_of(e.bytes);
            ASSERT_EQ(e.last, got.size() == text.size());
            const auto rest = std::span(wire).subspan(header + buffered + direct);
            if (!rest.empty()) {
                feed(s, rest);
                got += text_of(s.poll().bytes);
            }
            ASSERT_EQ(got, text);
            ASSERT_EQ(s.direct_size(), 0u);
        }
    }
}

TEST(Receiver, offers_no_direct_receive_while_a_part_is_still_to_be_polled)
{
    server s;
    const bytes wire = from_client().add(opcode::binary, "abcdef").wire();
    feed(s, std::span(wire).first(10));
    for (const std::uint64_t offered : {0u, 0u, 0u, 2u}) {
        ASSERT_EQ(s.poll(1).bytes.size(), 1u);
        EXPECT_EQ(s.direct_size(), offered);
    }
}

TEST(Receiver, offers_a_direct_receive_only_for_payload_of_which_nothing_waits)
{
    server s;
    const bytes wire = from_client().add(opcode::binary, "abcdef").add(opcode::ping, "p").wire();
    EXPECT_EQ(s.direct_size(), 0u);
    feed(s, std::span(wire).first(5));
    EXPECT_EQ(poll(s), event::type::need_more);
    EXPECT_EQ(s.direct_size(), 0u) << "half a header";
    feed(s, std::span(wire).subspan(5, 3));
    EXPECT_EQ(s.direct_size(), 0u) << "bytes wait to be polled";
    EXPECT_EQ(poll(s), event::type::message);
    EXPECT_EQ(s.direct_size(), 4u) << "those handed out are no obstacle";
    feed(s, std::span(wire).subspan(8, 4 + 3));
    EXPECT_EQ(poll(s), event::type::message);
    EXPECT_EQ(poll(s), event::type::need_more);
    EXPECT_EQ(s.direct_size(), 0u) << "a control frame is never received directly";
}

TEST(Receiver, nothing_is_received_directly_after_a_fault_in_the_middle_of_a_frame)
{
    server s;
    const bytes wire = from_client().add(opcode::text, "ok\xFF and more").wire();
    feed(s, std::span(wire).first(6 + 3));
    EXPECT_EQ(poll(s), event::type::message);
    EXPECT_EQ(s.direct_size(), 0u);
    EXPECT_EQ(poll(s), event::type::fault);
    EXPECT_EQ(s.direct_size(), 0u);
}

TEST(Receiver, a_direct_receive_reports_the_good_bytes_and_then_the_fault)
{
    server s;
    const bytes wire = from_client().add(opcode::text, "good\xFF and more").wire();
    feed(s, std::span(wire).first(6));
    EXPECT_EQ(poll(s), event::type::need_more);
    bytes caller(wire.begin() + 6, wire.end());
    const event e = s.direct(caller);
    EXPECT_EQ(e.what, event::type::message);
    EXPECT_FALSE(e.last);
    EXPECT_EQ(text_of(e.bytes), "good");
    EXPECT_EQ(s.poll().fault, error::invalid_utf8);
    EXPECT_TRUE(s.close_queued());
}

TEST(Receiver, a_message_of_no_bytes_is_one_event_and_arrives_with_its_header)
{
    client c;
    feed(c, from_server().add(opcode::text).wire());
    const event e = c.poll();
    EXPECT_EQ(e.what, event::type::message);
    EXPECT_TRUE(e.first && e.last && e.bytes.empty());
    EXPECT_EQ(e.kind, message_kind::text);
    EXPECT_EQ(poll(c), event::type::need_more);
}

TEST(Receiver, empty_fragments_are_silent_until_the_last)
{
    client c;
    feed(c,
         from_server().add(opcode::binary, "", false).add(opcode::continuation, "", false).wire());
    EXPECT_EQ(poll(c), event::type::need_more);
    EXPECT_TRUE(c.receiving_message());
    feed(c, from_server().add(opcode::continuation, "a", false).wire());
    event e = c.poll();
    EXPECT_TRUE(e.first && !e.last && e.bytes.size() == 1);
    feed(c, from_server().add(opcode::continuation).wire());
    e = c.poll();
    EXPECT_TRUE(e.what == event::type::message && !e.first && e.last && e.bytes.empty());
    EXPECT_FALSE(c.receiving_message());
}

TEST(Receiver, events_come_in_the_order_of_the_wire)
{
    client c;
    feed(c, from_server()
                .add(opcode::ping, "1")
                .add(opcode::text, "2", false)
                .add(opcode::pong, "3")
                .add(opcode::continuation, "4")
                .add(opcode::binary, "5")
                .close(1000, "6")
                .add(opcode::ping, "never")
                .wire());
    for (const char n : {'1', '2', '3', '4', '5', '6'})
        EXPECT_EQ(text_of(c.poll().bytes), std::string(1, n));
    EXPECT_EQ(poll(c), event::type::close);
    EXPECT_EQ(text_of(c.poll().bytes), "6") << "the reason stays";
}

TEST(Receiver, a_frame_of_the_smallest_legal_buffer_is_handed_out_whole)
{
    using tight = basic_connection<role::server, buffer::fixed<139>>;
    tight s;
    const std::string payload(125, 'p');
    const bytes wire = from_client().add(opcode::ping, payload).add(opcode::ping, payload).wire();
    std::size_t fed = 0, pings = 0;
    while (fed < wire.size()) {
        const auto room = s.prepare();
        ASSERT_FALSE(room.empty());
        const std::size_t n = std::min(room.size(), wire.size() - fed);
        std::memcpy(room.data(), wire.data() + fed, n);
        s.commit(n);
        fed += n;
        for (event e = s.poll(); e.what == event::type::control; e = s.poll(), ++pings)
            EXPECT_EQ(text_of(e.bytes), payload);
    }
    EXPECT_EQ(pings, 2u);
}

TEST(Receiver, there_is_room_after_every_event_even_in_a_full_buffer_of_the_smallest_size)
{
    using tight = basic_connection<role::client, buffer::fixed<139>>;
    const bytes flood(139, std::byte{0});
    for (const auto& first :
         {from_server().add(opcode::ping).wire(), from_server().add(opcode::text, "x").wire(),
          from_server().close(1000, std::string(123, 'r')).wire(),
          from_server().add(opcode::text, "x\xFF").wire(), flood}) {
        tight c;
        bytes wire = first;
        wire.resize(139, std::byte{0xFF});
        feed(c, wire);
        EXPECT_NE(poll(c), event::type::need_more);
        EXPECT_FALSE(c.prepare().empty()) << test::print(wire);
    }
}

TEST(Receiver, drains_without_end_what_comes_after_a_fault_or_a_close)
{
    using tight = basic_connection<role::client, buffer::fixed<139>>;
    for (const auto& first :
         {from_server().close(1000, std::string(123, 'r')).wire(), bytes(139, std::byte{0x83})}) {
        tight c;
        feed(c, first);
        const event::type end = poll(c);
        for (int i = 0; i < 1000; ++i) {
            const auto room = c.prepare();
            ASSERT_FALSE(room.empty());
            std::memset(room.data(), 0x89, room.size());
            c.commit(room.size());
            ASSERT_EQ(poll(c), end);
        }
        EXPECT_EQ(c.poll().bytes.size(), end == event::type::close ? 123u : 0u);
    }
}

TEST(Receiver, the_first_masked_frame_says_nothing_about_the_second)
{
    server s;
    const auto heard = hear(s, from_client()
                                   .add(opcode::binary, "masked")
                                   .raw(from_server().add(opcode::binary, "bare").wire())
                                   .wire());
    ASSERT_EQ(heard.happenings.size(), 2u);
    EXPECT_EQ(heard.happenings[1].fault, error::unmasked_frame);
}

TEST(Receiver, unread_bytes_can_be_read_as_something_else_first)
{
    server s;
    bytes wire = test::as_bytes("GET / HTTP/1.1\r\n\r\n");
    const std::size_t head = wire.size();
    for (const std::byte b : from_client().add(opcode::text, "coalesced").wire())
        wire.push_back(b);
    feed(s, wire);
    EXPECT_EQ(s.unread().size(), wire.size());
    s.consume(head);
    const event e = s.poll();
    EXPECT_EQ(text_of(e.bytes), "coalesced");
}

} // namespace
