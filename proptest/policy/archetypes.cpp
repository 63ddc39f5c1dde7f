// Archetypes: for each slot a policy that has what its concept demands, and nothing else. If a
// client and a server that are made of them talk, the concepts ask for everything that is used.
#include <weft/connection.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <weft/test/generators.hpp>

namespace {

using weft::message_kind;

// ---- The archetypes. Who is only named is never made; who is made is never copied or moved,
// unless the concept demands it. No operator but the demanded ones.

// A constant that converts to bool, and is none.
struct constant_truth
{
    constexpr operator bool() const { return true; }
};

struct client
{
    using slot = weft::role::slot;
    static constexpr constant_truth is_client{};
    client() = delete;
};

struct server
{
    using slot = weft::role::slot;
    static constexpr bool is_client = false;
    server() = delete;
};

struct masks
{
    using slot = weft::masking::slot;
    masks() = delete;
    static void apply(std::span<std::byte> bytes, const weft::masking_key& key,
                      std::size_t phase) noexcept
    {
        ++calls;
        for (std::byte& b : bytes)
            b ^= key[phase++ % 4];
    }
    static inline std::size_t calls = 0;
};

// Made by default, and then stays where it is.
struct rooted_keys
{
    using slot = weft::key_source::slot;
    rooted_keys() = default;
    rooted_keys(rooted_keys&&) = delete;
    weft::masking_key next() noexcept
    {
        const unsigned n = ++drawn;
        return {std::byte{0x5A}, static_cast<std::byte>(n >> 16 & 0xFF),
                static_cast<std::byte>(n >> 8 & 0xFF), static_cast<std::byte>(n & 0xFF)};
    }
    static inline unsigned drawn = 0;
};

// Made by the user alone, and moved in.
struct given_keys
{
    using slot = weft::key_source::slot;
    explicit given_keys(unsigned seed) : state(std::make_unique<unsigned>(seed)) {}
    weft::masking_key next() noexcept
    {
        ++*state;
        return {static_cast<std::byte>(*state & 0xFF), std::byte{1}, std::byte{2}, std::byte{3}};
    }
    std::unique_ptr<unsigned> state;
};

struct demands_masks
{
    using slot = weft::peer_masking::slot;
    static constexpr constant_truth is_required{};
    demands_masks() = delete;
};

// Keeps the whole message to judge it; refuses nothing but the byte FF.
struct remembers_text
{
    using slot = weft::utf8::slot;
    std::size_t write(std::span<const std::byte> bytes) noexcept
    {
        const auto bad = std::ranges::find(bytes, std::byte{0xFF});
        text.insert(text.end(), bytes.begin(), bad);
        return static_cast<std::size_t>(bad - bytes.begin());
    }
    bool finish() noexcept
    {
        ++messages;
        text.clear();
        return true;
    }
    std::vector<std::byte> text;
    static inline std::size_t messages = 0;
};

// The meanest buffer: it moves what it holds whenever it may, and has not a byte of room that was
// not promised. A pointer that is kept too long points to freed memory.
class mean_buffer
{
public:
    using slot = weft::buffer::slot;

    mean_buffer() = default;
    mean_buffer(mean_buffer&&) = default;
    mean_buffer& operator=(mean_buffer&&) = default;

    std::span<std::byte> data() noexcept { return std::span(bytes_.get() + begin_, held_); }

    std::span<std::byte> prepare(std::size_t room)
    {
        const std::size_t most = weft::buffer_size_min - std::min(held_, weft::buffer_size_min);
        const std::size_t given = std::max<std::size_t>(std::min(room, most), held_ == 0 ? 1 : 0);
        auto moved = std::make_unique<std::byte[]>(held_ + given);
        std::ranges::copy(data(), moved.get());
        bytes_ = std::move(moved);
        begin_ = 0;
        return {bytes_.get() + held_, given};
    }

    void commit(std::size_t n) noexcept { held_ += n; }

    void consume(std::size_t n) noexcept
    {
        begin_ += n;
        held_ -= n;
    }

private:
    std::unique_ptr<std::byte[]> bytes_ = std::make_unique<std::byte[]>(1);
    std::size_t begin_ = 0;
    std::size_t held_ = 0;
};

struct rooted_budget
{
    using slot = weft::budget::slot;
    rooted_budget() = default;
    rooted_budget(rooted_budget&&) = delete;
    weft::budget::limits limits() const noexcept { return {.message_bytes = 200'000}; }
};

class given_budget
{
public:
    using slot = weft::budget::slot;
    explicit given_budget(std::uint64_t bytes) : bytes_(std::make_unique<std::uint64_t>(bytes)) {}
    weft::budget::limits limits() const noexcept { return {.message_bytes = *bytes_}; }

private:
    std::unique_ptr<std::uint64_t> bytes_;
};

struct no_clock
{
    using slot = weft::timing::slot;
    no_clock() = delete;
    static weft::timing::limits limits() noexcept { return {}; }
};

template <class Role>
using rooted = weft::basic_connection<mean_buffer, no_clock, masks, Role, rooted_budget,
                                      remembers_text, rooted_keys, demands_masks>;
template <class Role>
using given = weft::basic_connection<given_keys, Role, demands_masks, masks, no_clock, mean_buffer,
                                     remembers_text, given_budget>;

// ---- A conversation.

struct message
{
    message_kind kind = message_kind::binary;
    std::string bytes;
    friend bool operator==(const message&, const message&) = default;
};

struct source
{
    std::span<const std::byte> front() const { return left; }
    void advance(std::size_t n) { left = left.subspan(n); }
    std::span<const std::byte> left;
};

// Carries what `from` has to send to `to`, at most `step` bytes at once.
template <class From, class To>
void carry(From& from, source& payload, To& to, std::size_t step, std::vector<message>& received)
{
    for (;;) {
        weft::pieces<> out;
        from.gather(out, payload);
        if (out.size() == 0)
            return;
        std::vector<std::byte> wire;
        for (const auto piece : out)
            wire.insert(wire.end(), piece.begin(), piece.end());
        wire.resize(std::min(wire.size(), step));
        from.sent(wire.size(), payload);
        for (auto left = std::span<const std::byte>(wire); !left.empty();) {
            const auto room = to.prepare();
            ASSERT_FALSE(room.empty());
            const std::size_t n = std::min(room.size(), left.size());
            std::copy_n(left.begin(), n, room.begin());
            to.commit(n);
            left = left.subspan(n);
            for (auto e = to.poll(); e.what != weft::event::type::need_more; e = to.poll()) {
                ASSERT_NE(e.what, weft::event::type::fault) << describe(e.fault).sentence;
                if (e.what == weft::event::type::close)
                    return;
                if (e.what != weft::event::type::message)
                    continue;
                if (e.first)
                    received.push_back({e.kind, {}});
                received.back().bytes.append(reinterpret_cast<const char*>(e.bytes.data()),
                                             e.bytes.size());
            }
        }
    }
}

template <class From, class To>
void send(From& from, To& to, const message& m, std::size_t step, std::vector<message>& received)
{
    const auto bytes = std::as_bytes(std::span(m.bytes));
    const std::size_t half = bytes.size() / 2;
    source none;
    ASSERT_TRUE(from.ping(bytes.first(std::min<std::size_t>(bytes.size(), 125)), 1));
    for (const bool fin : {false, true}) {
        source payload{fin ? bytes.subspan(half) : bytes.first(half)};
        if (m.kind == message_kind::text) {
            ASSERT_TRUE(from.check_text(payload, fin));
            from.commit_text();
        }
        ASSERT_TRUE(from.begin(m.kind, fin, payload.left.size()));
        carry(from, payload, to, step, received);
        carry(to, none, from, step, received);
    }
}

template <class Client, class Server>
void converse(Client& c, Server& s, const std::vector<message>& script, std::size_t step)
{
    std::vector<message> received;
    for (const message& m : script) {
        send(c, s, m, step, received);
        send(s, c, m, step, received);
    }
    std::vector<message> expected;
    for (const message& m : script)
        expected.insert(expected.end(), 2, m);
    ASSERT_EQ(received, expected);
    ASSERT_TRUE(c.close({weft::close_code::normal, "done"}, 2));
    source none;
    carry(c, none, s, step, received);
    carry(s, none, c, step, received);
    ASSERT_TRUE(c.is_read_closed() && s.is_read_closed());
}

std::vector<message> script_of_edges()
{
    std::vector<message> out;
    for (const std::uint64_t size : weft::test::edge_sizes)
        out.push_back({size % 2 == 0 ? message_kind::text : message_kind::binary,
                       std::string(static_cast<std::size_t>(size), 'x')});
    return out;
}

TEST(archetypes, a_client_and_a_server_of_policies_that_are_made_by_default_converse)
{
    for (const std::size_t step : {1U, 7U, 139U, 100'000U}) {
        const std::size_t messages = remembers_text::messages;
        const std::size_t calls = masks::calls;
        rooted<client> c;
        rooted<server> s;
        converse(c, s, script_of_edges(), step);
        EXPECT_GT(remembers_text::messages, messages) << "the utf8 policy is asked";
        EXPECT_GT(masks::calls, calls) << "the masking policy is used";
    }
}

TEST(archetypes, a_client_and_a_server_of_policies_that_are_handed_in_converse)
{
    for (const std::size_t step : {1U, 7U, 139U, 100'000U}) {
        given<client> c(given_budget(65536), given_keys(7));
        given<server> s(given_budget(65536), given_keys(7));
        converse(c, s, script_of_edges(), step);
    }
}

TEST(archetypes, the_limits_of_a_budget_that_is_handed_in_are_obeyed)
{
    given<client> c(given_budget(10), given_keys(7));
    given<server> s(given_budget(10), given_keys(7));
    EXPECT_EQ(s.limits().message_bytes, 10U);
    source payload{std::as_bytes(std::span("eleven byte", 11))};
    ASSERT_TRUE(c.begin(message_kind::binary, true, 11));
    weft::pieces<> out;
    c.gather(out, payload);
    for (const auto piece : out)
        for (const std::byte b : piece) {
            s.prepare()[0] = b;
            s.commit(1);
        }
    EXPECT_EQ(s.poll().fault, weft::error::message_too_big);
}

// "A new, 32-bit masking key ... chosen for each frame" (RFC 6455 §5.3): control frames as well.
TEST(archetypes, each_frame_of_a_client_takes_one_key_and_a_server_takes_none)
{
    rooted<client> c;
    rooted<server> s;
    std::vector<message> received;
    source payload, none;
    for (unsigned frame = 0; frame < 20; ++frame) {
        const unsigned before = rooted_keys::drawn;
        if (frame % 2 == 0)
            ASSERT_TRUE(c.ping({}, 1));
        else
            ASSERT_TRUE(c.begin(message_kind::binary, true, 0));
        carry(c, payload, s, 3, received);
        carry(s, none, c, 3, received);
        EXPECT_EQ(rooted_keys::drawn, before + 1);
    }
}

RC_GTEST_PROP(archetypes_property, any_messages_arrive_as_they_were_sent, ())
{
    const auto text = rc::gen::map(rc::gen::container<std::vector<int>>(rc::gen::inRange<int>(
                                       0, static_cast<int>(std::size(weft::test::utf8_tokens)))),
                                   [](const std::vector<int>& tokens) {
                                       std::string out;
                                       for (const int i : tokens)
                                           if (weft::test::utf8_tokens[i].valid)
                                               out += weft::test::utf8_tokens[i].bytes;
                                       return message{message_kind::text, out};
                                   });
    const auto binary = rc::gen::map(rc::gen::arbitrary<std::string>(), [](std::string bytes) {
        return message{message_kind::binary, std::move(bytes)};
    });
    const auto script = *rc::gen::container<std::vector<message>>(rc::gen::oneOf(text, binary));
    const auto step = *rc::gen::element<std::size_t>(1, 2, 3, 13, 14, 125, 1000);
    rooted<client> c;
    rooted<server> s;
    converse(c, s, script, step);
    RC_ASSERT(!testing::Test::HasFatalFailure());
}

} // namespace
