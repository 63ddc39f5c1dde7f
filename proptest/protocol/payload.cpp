// Masked text in the core: unmasked and checked in one pass, or in two, it is the same (RFC 6455
// §5.3, §8.1); and a policy of the user's is never passed over.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <protocol/endpoint.hpp>
#include <weft/test/generators.hpp>

namespace {

using namespace weft;
using test::bytes;

// The reference: one byte at a time, in two passes.
class bytewise_utf8
{
public:
    using slot = utf8::slot;
    std::size_t write(std::span<const std::byte> part) noexcept { return dfa_.write(part); }
    bool finish() noexcept { return std::exchange(dfa_, {}).complete(); }

private:
    kernel::utf8_dfa dfa_;
};

using in_one_pass = basic_connection<role::server>;
using in_two = basic_connection<role::server, masking::bytewise, bytewise_utf8>;

static_assert(checks_while_unmasking<utf8::strict, masking::simd>);
static_assert(checks_while_unmasking<utf8::deferred, masking::simd>);
static_assert(!checks_while_unmasking<utf8::strict, masking::word>);
static_assert(!checks_while_unmasking<utf8::unchecked, masking::simd>);

// What a program sees of a wire that arrives `step` bytes at a time.
struct seen
{
    std::string payload{};
    std::vector<std::size_t> ends{}; // of whole messages, in `payload`
    error fault = error::none;
    bool operator==(const seen&) const = default;
};

template <class Connection>
void take_events(Connection& connection, std::size_t part_max, seen& out)
{
    event e = connection.poll(part_max);
    for (; e.what == event::type::message || e.what == event::type::control;
         e = connection.poll(part_max)) {
        if (e.what == event::type::control)
            continue;
        out.payload += text_of(e.bytes);
        if (e.last)
            out.ends.push_back(out.payload.size());
    }
    out.fault = e.fault;
}

template <class Connection>
seen read(std::span<const std::byte> wire, std::size_t step, std::size_t part_max)
{
    Connection connection;
    seen out;
    while (!wire.empty()) {
        const std::size_t n = std::min({step, wire.size(), connection.prepare().size()});
        feed(connection, wire.first(n));
        wire = wire.subspan(n);
        take_events(connection, part_max, out);
    }
    return out;
}

// Every token, right or wrong, between ASCII of a vector's length and code points of four bytes.
std::vector<std::string> texts()
{
    std::vector<std::string> all{""};
    for (const auto& token : test::utf8_tokens) {
        std::string text(all.size() * 5 % 160, 'x');
        text += "\xF0\x9F\x98\x80";
        text += token.bytes;
        for (std::size_t i = 0; i < 50; ++i)
            text += "\xE2\x82\xAC";
        all.push_back(text);
    }
    return all;
}

TEST(Payload, masked_text_is_the_same_in_one_pass_and_in_two_however_it_is_cut)
{
    for (const std::string& text : texts())
        for (const std::size_t cut : {0U, 1U, 2U, 3U, 64U, 130U}) {
            const std::size_t first = std::min<std::size_t>(cut, text.size());
            const bytes wire = from_client()
                                   .add(opcode::text, text.substr(0, first), false)
                                   .add(opcode::ping, "between")
                                   .add(opcode::continuation, text.substr(first))
                                   .add(opcode::text, "and one more")
                                   .wire();
            const std::string sent = text + "and one more";
            for (const std::size_t step : {1U, 2U, 3U, 5U, 63U, 64U, 65U, 130U, 100'000U})
                for (const std::size_t part_max : {std::size_t{3}, std::size_t{70}, SIZE_MAX}) {
                    const seen got = read<in_one_pass>(wire, step, part_max);
                    ASSERT_EQ(got, read<in_two>(wire, step, part_max))
                        << testing::PrintToString(text) << " cut at " << cut << ", " << step
                        << " at a time, parts of " << part_max;
                    ASSERT_TRUE(sent.starts_with(got.payload));
                    ASSERT_EQ(got.ends.size(), got.fault == error::none ? 2U : 0U);
                }
        }
}

TEST(Payload, bytes_behind_an_error_are_unmasked_in_the_callers_memory_too)
{
    const std::string text = std::string(100, 'a') + "\xFF" + std::string(200, 'b');
    const bytes wire = from_client().add(opcode::text, text).wire();
    in_one_pass connection;
    feed(connection, std::span(wire).first(8));
    EXPECT_EQ(connection.poll().what, event::type::need_more);
    bytes memory(wire.begin() + 8, wire.end());
    EXPECT_EQ(connection.direct(memory).bytes.size(), 100U);
    EXPECT_EQ(text_of(memory), text);
}

// ---- Policies of a user, who may have made them of ours.

struct counts_masking : masking::simd
{
    static void apply(std::span<std::byte> part, masking_key key, std::size_t phase) noexcept
    {
        ++calls;
        masking::simd::apply(part, key, phase);
    }
    static inline std::size_t calls = 0;
};

struct counts_checks : utf8::strict
{
    std::size_t write(std::span<const std::byte> part) noexcept
    {
        ++calls;
        return utf8::strict::write(part);
    }
    static inline std::size_t calls = 0;
};

struct counts_passes : utf8::strict
{
    std::size_t write_masked(counts_masking, std::span<std::byte> part, masking_key key,
                             std::size_t phase) noexcept
    {
        ++calls;
        return utf8::strict::write_masked(masking::simd{}, part, key, phase);
    }
    static inline std::size_t calls = 0;
};

template <class... Policies>
void expect_heard()
{
    const bytes wire = from_client().add(opcode::text, "h\xC3\xA9llo").wire();
    EXPECT_EQ((read<basic_connection<role::server, Policies...>>(wire, 100, 100).payload),
              "h\xC3\xA9llo");
}

TEST(Payload, a_masking_policy_that_derives_from_ours_is_called)
{
    counts_masking::calls = 0;
    expect_heard<counts_masking>();
    EXPECT_EQ(counts_masking::calls, 1U);
}

TEST(Payload, a_utf8_policy_that_derives_from_ours_is_called)
{
    counts_checks::calls = 0;
    expect_heard<counts_checks>();
    EXPECT_EQ(counts_checks::calls, 1U);
}

TEST(Payload, a_user_may_bring_one_pass_for_two_policies)
{
    counts_passes::calls = 0;
    counts_masking::calls = 0;
    expect_heard<counts_passes, counts_masking>();
    EXPECT_EQ(counts_passes::calls, 1U);
    EXPECT_EQ(counts_masking::calls, 0U);
}

} // namespace
