// The sending half: short writes, what may stand between what, and whose bytes are whose.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include <protocol/endpoint.hpp>

namespace {

using namespace weft;
using test::bytes;

// Keys that count, so that each frame's can be told from the others.
struct counting_keys
{
    using slot = key_source::slot;
    masking_key next() noexcept
    {
        return {std::byte{7}, {}, std::byte{9}, static_cast<std::byte>(n++ % 256)};
    }
    unsigned n = 1;
};

using counting_client = basic_connection<role::client, counting_keys, buffer::flat<139>>;

bytes some_bytes(std::size_t n)
{
    bytes out;
    for (std::size_t i = 0; i < n; ++i)
        out.push_back(static_cast<std::byte>(i * 7 + i / 251));
    return out;
}

template <class Connection>
class Sender : public testing::Test
{};
using both_roles = testing::Types<client, server, counting_client,
                                  basic_connection<role::server, buffer::fixed<139>>>;
TYPED_TEST_SUITE(Sender, both_roles);

// In as many writes as it takes.
template <class Connection>
void write_exactly(Connection& c, test::payload_source& source, std::size_t n, bytes& wire)
{
    while (n != 0)
        n -= test::write_some(c, source, n, wire);
}

TYPED_TEST(Sender, writes_cut_at_any_size_give_the_same_frames)
{
    for (const std::size_t size : {0u, 1u, 5u, 125u, 126u, 1000u, 70000u}) {
        const bytes payload = some_bytes(size);
        const bytes unchanged = payload;
        for (const std::size_t most : {1u, 2u, 3u, 5u, 6u, 7u, 13u, 14u, 15u, 139u, 4096u}) {
            TypeParam c;
            c.ping(bytes{std::byte{'p'}}, 1);
            ASSERT_TRUE(c.begin(message_kind::binary, true, size));
            bytes wire = written(c, payload, most);
            ASSERT_FALSE(c.in_frame());
            const auto run = read_by_peer(c, wire);
            ASSERT_EQ(run.happenings.size(), 2u);
            ASSERT_EQ(run.happenings[1].payload, payload) << size << " by " << most;
            ASSERT_EQ(run.happenings[1].settled, wire.size());
            ASSERT_EQ(payload, unchanged);
        }
    }
}

TYPED_TEST(Sender, goes_on_in_a_span_or_a_text_where_the_last_write_has_ended)
{
    const std::string text(300, 't');
    const bytes same = test::as_bytes(text);
    for (span_source source : {span_source(text), span_source(same)}) {
        TypeParam c;
        ASSERT_TRUE(c.begin(message_kind::text, true, text.size()));
        bytes wire;
        while (test::write_some(c, source, 7, wire) != 0) {
        }
        const auto run = read_by_peer(c, wire);
        ASSERT_EQ(run.happenings.size(), 1u);
        EXPECT_EQ(text_of(run.happenings[0].payload), text);
        EXPECT_TRUE(source.front().empty());
    }
}

TYPED_TEST(Sender, counts_exactly_the_payload_that_has_left)
{
    const bytes payload = some_bytes(300);
    for (const std::size_t most : {1u, 3u, 4u, 9u, 100u, 400u}) {
        TypeParam c;
        ASSERT_TRUE(c.begin(message_kind::binary, true, payload.size()));
        test::payload_source source{payload, 64};
        std::size_t total = 0, all = 0;
        pieces<> out; // one for all: what it held before is gone
        while (c.in_frame()) {
            c.gather(out, source);
            std::size_t shown = 0;
            for (const auto& piece : out)
                shown += piece.size();
            const std::size_t n = std::min(most, shown);
            total += c.sent(n, source);
            all += n;
            const std::size_t head = all - total;
            ASSERT_LE(head, 8u);
            ASSERT_TRUE(total == 0 ||
                        head == frame_header_size(300, TypeParam::policies::role::is_client));
        }
        EXPECT_EQ(total, payload.size());
    }
}

TYPED_TEST(Sender, a_sequence_of_buffers_of_any_size_gives_the_same_payload)
{
    const bytes payload = some_bytes(500);
    for (const std::size_t piece : {1u, 2u, 63u, 64u, 499u, 500u}) {
        TypeParam c;
        ASSERT_TRUE(c.begin(message_kind::binary, true, payload.size()));
        const bytes wire = written(c, payload, SIZE_MAX, piece);
        EXPECT_EQ(read_by_peer(c, wire).happenings.at(0).payload, payload);
    }
}

TYPED_TEST(Sender, a_control_frame_waits_for_the_end_of_the_frame_that_has_begun_to_leave)
{
    const bytes payload = some_bytes(40);
    const std::size_t frame = 40 + frame_header_size(40, TypeParam::policies::role::is_client);
    for (std::size_t cut = 1; cut < frame; ++cut) {
        TypeParam c;
        ASSERT_TRUE(c.begin(message_kind::binary, false, payload.size()));
        bytes wire;
        test::payload_source source{payload, 7};
        write_exactly(c, source, cut, wire);
        c.ping(bytes{std::byte{'p'}}, 1);
        EXPECT_FALSE(c.owes_control());
        while (test::write_some(c, source, 1, wire) != 0) {
        }
        EXPECT_EQ(frames_of(c, wire), "binary+ ping") << cut;
        ASSERT_EQ(read_by_peer(c, wire).unfinished, payload);
    }
}

TYPED_TEST(Sender, a_control_frame_overtakes_a_data_frame_of_which_nothing_has_left)
{
    TypeParam c;
    ASSERT_TRUE(c.begin(message_kind::text, true, 2));
    c.ping({}, 1);
    const bytes wire = written(c, test::as_bytes("hi"));
    EXPECT_EQ(frames_of(c, wire), "ping text");
}

TYPED_TEST(Sender, a_close_never_overtakes_a_frame_that_was_begun)
{
    const bytes payload = some_bytes(200);
    for (std::size_t cut = 0; cut < 200; ++cut) {
        TypeParam c;
        ASSERT_TRUE(c.begin(message_kind::binary, true, payload.size()));
        bytes wire;
        test::payload_source source{payload};
        test::write_some(c, source, cut, wire);
        c.ping({}, 1);
        ASSERT_TRUE(c.close({}, 2));
        ASSERT_FALSE(c.begin(message_kind::binary, true, 0));
        while (test::write_some(c, source, 50, wire) != 0) {
        }
        ASSERT_EQ(frames_of(c, wire), cut == 0 ? "ping binary close" : "binary ping close") << cut;
        ASSERT_TRUE(read_by_peer(c, wire).ended);
    }
}

TYPED_TEST(Sender, many_control_frames_before_a_frame_still_leave_room_for_it)
{
    TypeParam c;
    for (unsigned i = 1; i <= 16; ++i)
        ASSERT_TRUE(c.ping(bytes{static_cast<std::byte>(i)}, i));
    ASSERT_TRUE(c.begin(message_kind::binary, true, 100));
    const bytes wire = written(c, some_bytes(100), SIZE_MAX, 9);
    const auto run = read_by_peer(c, wire);
    ASSERT_EQ(run.happenings.size(), 17u);
    EXPECT_EQ(run.frames.size(), 17u);
    for (const auto& h : run.happenings)
        if (h.what == event::type::message) {
            EXPECT_EQ(h.payload, some_bytes(100));
        }
}

TYPED_TEST(Sender, the_first_frame_of_a_message_names_its_kind_and_the_others_continue_it)
{
    TypeParam c;
    bytes wire;
    const auto send = [&](message_kind kind, bool fin, std::string_view payload) {
        ASSERT_TRUE(c.begin(kind, fin, payload.size()));
        EXPECT_EQ(c.in_message(), !fin);
        for (const std::byte b : written(c, test::as_bytes(payload)))
            wire.push_back(b);
    };
    send(message_kind::text, false, "a");
    send(message_kind::text, false, "");
    send(message_kind::text, true, "b");
    send(message_kind::binary, true, "");
    EXPECT_EQ(frames_of(c, wire), "text+ continuation+ continuation binary");
}

TYPED_TEST(Sender, cuts_a_message_into_frames_of_one_size)
{
    constexpr bool masked = TypeParam::policies::role::is_client;
    for (const std::size_t size : {0u, 1u, 5u, 126u, 127u, 252u, 1000u, 70000u})
        for (const std::size_t each : {1u, 5u, 125u, 126u, 500u, 65'536u, 70'000u})
            for (const std::size_t most : {3u, 15u, 139u, 100'000u}) {
                if (size / each > 2000)
                    continue;
                const bytes payload = some_bytes(size);
                TypeParam c;
                ASSERT_TRUE(c.begin(message_kind::binary, true, size, each));
                const bytes wire = written(c, payload, most, 64);
                ASSERT_FALSE(c.in_frame() || c.in_message());
                const auto run = read_by_peer(c, wire);
                ASSERT_EQ(run.happenings.size(), 1u);
                ASSERT_EQ(run.happenings[0].payload, payload) << size << " by " << each;
                std::size_t left = size;
                for (const test::frame_place& f : run.frames) {
                    const std::size_t here = std::min(left, each);
                    ASSERT_EQ(f.payload - f.begin, frame_header_size(here, masked));
                    ASSERT_EQ(f.size, here);
                    left -= here;
                }
                ASSERT_EQ(run.frames.size(), size == 0 ? 1 : (size + each - 1) / each);
            }
}

TYPED_TEST(Sender, shows_several_frames_to_one_write)
{
    const bytes payload = some_bytes(100);
    TypeParam c;
    ASSERT_TRUE(c.begin(message_kind::binary, true, payload.size(), 10));
    test::payload_source source{payload};
    bytes wire;
    test::write_some(c, source, SIZE_MAX, wire);
    EXPECT_GE(read_by_peer(c, wire).frames.size(), 4u);
}

TYPED_TEST(Sender, counts_the_payload_of_a_row_of_frames)
{
    constexpr std::size_t head = TypeParam::policies::role::is_client ? 6 : 2;
    const bytes payload = some_bytes(300);
    for (const std::size_t most : {1u, 3u, 9u, 100u, 400u}) {
        TypeParam c;
        ASSERT_TRUE(c.begin(message_kind::binary, true, payload.size(), 100));
        test::payload_source source{payload, 64};
        bytes wire;
        std::size_t sent = 0;
        while (c.in_frame()) {
            test::write_some(c, source, most, wire, &sent);
            const std::size_t whole = wire.size() / (head + 100), rest = wire.size() % (head + 100);
            ASSERT_EQ(sent, whole * 100 + (rest > head ? rest - head : 0)) << wire.size();
            ASSERT_EQ(c.is_cut(), rest != 0);
        }
    }
}

TYPED_TEST(Sender, control_frames_leave_between_the_frames_of_a_row)
{
    constexpr std::size_t frame = 30 + (TypeParam::policies::role::is_client ? 6 : 2);
    const bytes payload = some_bytes(90);
    for (std::size_t cut = 0; cut <= 3 * frame; ++cut) {
        TypeParam c;
        ASSERT_TRUE(c.begin(message_kind::binary, true, payload.size(), 30));
        bytes wire;
        test::payload_source source{payload, 7};
        write_exactly(c, source, cut, wire);
        c.ping({}, 1);
        ASSERT_TRUE(c.close({}, 2));
        while (test::write_some(c, source, 5, wire) != 0) {
        }
        const auto run = read_by_peer(c, wire);
        ASSERT_EQ(run.happenings.size(), 3u) << cut;
        const std::string text = frames_of(c, wire);
        const std::string one = "binary+", more = " continuation+", last = " continuation";
        // Between those that have left and those that have not, and never inside.
        const std::string ping = " ping";
        ASSERT_EQ(text, cut == 0           ? "ping " + one + more + last + " close"
                        : cut <= frame     ? one + ping + more + last + " close"
                        : cut <= 2 * frame ? one + more + ping + last + " close"
                                           : one + more + last + ping + " close")
            << cut;
        ASSERT_EQ(run.happenings[cut <= 2 * frame ? 1 : 0].payload, payload);
    }
}

TYPED_TEST(Sender, that_takes_back_a_frame_is_where_it_was)
{
    TypeParam c;
    ASSERT_TRUE(c.begin(message_kind::binary, true, 2));
    (void)written(c, test::as_bytes("hi"));
    ASSERT_TRUE(c.begin(message_kind::binary, true, 2));
    EXPECT_TRUE(c.retract());
    EXPECT_FALSE(c.in_message());
    ASSERT_TRUE(c.begin(message_kind::binary, false, 2));
    bytes wire = written(c, test::as_bytes("he"));
    ASSERT_TRUE(c.begin(message_kind::binary, true, 3));
    EXPECT_FALSE(c.in_message());
    EXPECT_TRUE(c.retract());
    EXPECT_TRUE(c.in_message());
    ASSERT_TRUE(c.begin(message_kind::text, true, 3));
    for (const std::byte b : written(c, test::as_bytes("llo")))
        wire.push_back(b);
    EXPECT_EQ(frames_of(c, wire), "binary+ continuation");
}

TYPED_TEST(Sender, takes_back_the_frames_of_a_row_that_have_not_begun_to_leave)
{
    constexpr std::size_t frame = 30 + (TypeParam::policies::role::is_client ? 6 : 2);
    const bytes payload = some_bytes(90);
    for (std::size_t cut = 0; cut <= 2 * frame; ++cut) {
        TypeParam c;
        ASSERT_TRUE(c.begin(message_kind::binary, true, payload.size(), 30));
        bytes wire;
        test::payload_source source{payload};
        write_exactly(c, source, cut, wire);
        ASSERT_EQ(c.retract(), cut % frame == 0) << cut;
        if (cut % frame != 0)
            continue;
        ASSERT_FALSE(c.in_frame());
        ASSERT_EQ(c.in_message(), cut != 0);
        ASSERT_TRUE(c.begin(message_kind::binary, true, 2));
        for (const std::byte b : written(c, test::as_bytes("hi")))
            wire.push_back(b);
        const auto run = read_by_peer(c, wire);
        ASSERT_EQ(run.happenings.size(), 1u);
        bytes expected(payload.begin(),
                       payload.begin() + static_cast<std::ptrdiff_t>(cut / frame * 30));
        for (const std::byte b : test::as_bytes("hi"))
            expected.push_back(b);
        EXPECT_EQ(run.happenings[0].payload, expected) << cut;
    }
}

TYPED_TEST(Sender, takes_back_a_frame_of_which_nothing_has_left_and_no_other)
{
    const bytes payload = test::as_bytes("payload");
    TypeParam c;
    EXPECT_FALSE(c.retract());
    ASSERT_TRUE(c.begin(message_kind::text, false, payload.size()));
    EXPECT_TRUE(c.retract());
    EXPECT_FALSE(c.in_frame() || c.in_message());
    EXPECT_TRUE(written(c, payload).empty());

    // Shown to a write that took nothing of it: it can still be taken back.
    ASSERT_TRUE(c.begin(message_kind::text, false, payload.size()));
    test::payload_source source{payload};
    bytes wire;
    EXPECT_EQ(test::write_some(c, source, 0, wire), 0u);
    EXPECT_TRUE(c.retract());

    // Only a ping has left.
    c.ping({}, 1);
    ASSERT_TRUE(c.begin(message_kind::text, false, payload.size()));
    source = {payload};
    const std::size_t ping = TypeParam::policies::role::is_client ? 6 : 2;
    EXPECT_EQ(test::write_some(c, source, ping, wire), ping);
    EXPECT_TRUE(c.retract());
    wire.clear();

    // The message that follows is whole, and its continuation continues it.
    ASSERT_TRUE(c.begin(message_kind::binary, false, payload.size()));
    source = {payload};
    EXPECT_EQ(test::write_some(c, source, 1, wire), 1u);
    EXPECT_FALSE(c.retract());
    while (test::write_some(c, source, 3, wire) != 0) {
    }
    ASSERT_TRUE(c.begin(message_kind::binary, true, payload.size()));
    EXPECT_TRUE(c.retract());
    EXPECT_TRUE(c.in_message());
    ASSERT_TRUE(c.begin(message_kind::binary, true, payload.size()));
    source = {payload};
    while (test::write_some(c, source, 3, wire) != 0) {
    }
    EXPECT_EQ(frames_of(c, wire), "binary+ continuation");
    EXPECT_EQ(text_of(read_by_peer(c, wire).happenings.at(0).payload), "payloadpayload");
}

TEST(Sending_client, uses_a_key_of_its_own_for_every_frame_and_control_frame)
{
    counting_client c;
    bytes wire;
    hear(c, from_server().add(opcode::ping, "automatic").wire());
    c.ping(test::as_bytes("mine"), 1);
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(c.begin(message_kind::binary, i == 2, 300));
        for (const std::byte b : written(c, some_bytes(300)))
            wire.push_back(b);
    }
    c.close({}, 2);
    for (const std::byte b : written(c))
        wire.push_back(b);
    const auto run = read_by_peer(c, wire);
    std::set<masking_key> keys;
    for (const test::frame_place& f : run.frames)
        keys.insert(f.key);
    EXPECT_EQ(run.frames.size(), 6u);
    EXPECT_EQ(keys.size(), run.frames.size());
}

TEST(Sending_client, never_repeats_a_key_of_the_default_source)
{
    client c;
    std::set<masking_key> keys;
    for (int i = 0; i < 500; ++i) {
        ASSERT_TRUE(c.begin(message_kind::binary, true, 1));
        const bytes wire = written(c, some_bytes(1));
        keys.insert(read_by_peer(c, wire).frames.at(0).key);
    }
    EXPECT_GE(keys.size(), 499u) << "two of 500 are equal once in 34 000 runs, three never";
}

TEST(Sending_server, shows_the_callers_own_bytes)
{
    server s;
    const bytes payload = some_bytes(1000);
    ASSERT_TRUE(s.begin(message_kind::binary, true, payload.size()));
    test::payload_source source{payload};
    pieces<> out;
    s.gather(out, source);
    ASSERT_EQ(out.size(), 2u);
    EXPECT_EQ(out.begin()[1].data(), payload.data());
}

} // namespace
