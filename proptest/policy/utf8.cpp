// The policies of the slot `utf8` (RFC 6455 §5.6, §8.1).
#include <weft/policy/utf8.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <weft/test/generators.hpp>

namespace {

namespace utf8 = weft::utf8;
using parts = std::vector<std::string>;

static_assert(weft::policy<utf8::strict> && weft::utf8_policy<utf8::strict>);
static_assert(weft::policy<utf8::deferred> && weft::utf8_policy<utf8::deferred>);
static_assert(weft::policy<utf8::unchecked> && weft::utf8_policy<utf8::unchecked>);
static_assert(std::is_empty_v<utf8::unchecked>);

template <class Policy>
std::size_t write(Policy& policy, std::string_view text)
{
    return policy.write(std::as_bytes(std::span(text)));
}

// Whether `message` is valid, as the protocol asks: it stops at the first part that is refused.
template <class Policy>
bool accepts(Policy& policy, const parts& message)
{
    for (const std::string& part : message)
        if (write(policy, part) != part.size()) {
            policy.finish();
            return false;
        }
    return policy.finish();
}

template <class Policy>
bool accepts(const parts& message)
{
    Policy fresh;
    return accepts(fresh, message);
}

rc::Gen<parts> messages()
{
    std::vector<std::string> good, all;
    for (const auto& token : weft::test::utf8_tokens) {
        all.emplace_back(token.bytes);
        if (token.valid)
            good.emplace_back(token.bytes);
        // A code point in two parts is as valid as in one.
        good.emplace_back();
    }
    return rc::gen::container<parts>(rc::gen::weightedOneOf<std::string>(
        {{12, rc::gen::elementOf(good)},
         {1, rc::gen::elementOf(all)},
         {2, rc::gen::element<std::string>("\xE2\x82\xAC", "\xE2", "\x82", "\x82\xAC", "\xAC")}}));
}

TEST(utf8_policy, strict_stops_at_the_first_byte_that_cannot_be_mended)
{
    utf8::strict strict;
    EXPECT_EQ(write(strict, "abc\xE2\x82"), 5U);
    EXPECT_EQ(write(strict, "\xAC\xED\xA0\x80"), 2U);
}

TEST(utf8_policy, deferred_takes_every_byte_and_speaks_at_the_end)
{
    utf8::deferred deferred;
    EXPECT_EQ(write(deferred, "abc\xFF"), 4U);
    EXPECT_EQ(write(deferred, "well again"), 10U);
    EXPECT_FALSE(deferred.finish());
}

TEST(utf8_policy, text_that_ends_inside_a_code_point_is_invalid)
{
    for (const char* cut : {"\xC2", "\xE2\x82", "\xF0\x9F\x98"}) {
        EXPECT_FALSE(accepts<utf8::strict>({"text ", cut}));
        EXPECT_FALSE(accepts<utf8::deferred>({"text ", cut}));
    }
}

TEST(utf8_policy, unchecked_accepts_anything)
{
    for (const auto& token : weft::test::utf8_tokens)
        EXPECT_TRUE(accepts<utf8::unchecked>({std::string(token.bytes)}));
}

TEST(utf8_policy, each_token_is_judged_alike_by_strict_and_deferred)
{
    for (const auto& token : weft::test::utf8_tokens) {
        EXPECT_EQ(accepts<utf8::strict>({std::string(token.bytes)}), token.valid);
        EXPECT_EQ(accepts<utf8::deferred>({std::string(token.bytes)}), token.valid);
    }
}

// Whatever came before, `finish` makes the object as new: valid text passes, and text that would
// complete the last message's does not.
template <class Policy>
void expect_fresh_after_finish()
{
    for (const auto& token : weft::test::utf8_tokens) {
        Policy policy;
        if (write(policy, token.bytes) != token.bytes.size())
            policy.finish();
        else
            EXPECT_EQ(policy.finish(), token.valid);
        EXPECT_TRUE(accepts(policy, {"a\xE2", "\x82\xAC"})) << testing::PrintToString(token.bytes);
        EXPECT_EQ(accepts(policy, {std::string(token.bytes)}), token.valid);
        EXPECT_FALSE(accepts(policy, {"\x80"})) << testing::PrintToString(token.bytes);
        EXPECT_TRUE(accepts(policy, {}));
    }
}

TEST(utf8_policy, strict_is_fresh_after_finish) { expect_fresh_after_finish<utf8::strict>(); }
TEST(utf8_policy, deferred_is_fresh_after_finish) { expect_fresh_after_finish<utf8::deferred>(); }

RC_GTEST_PROP(utf8_policy_property, the_verdict_of_deferred_at_the_end_is_that_of_strict, ())
{
    utf8::strict strict;
    utf8::deferred deferred;
    for (int message = 0; message < 3; ++message) {
        const parts text = *messages();
        const bool valid = accepts(strict, text);
        RC_ASSERT(accepts(deferred, text) == valid);
        std::string whole;
        for (const std::string& part : text)
            whole += part;
        RC_ASSERT(accepts<utf8::strict>({whole}) == valid);
        RC_TAG(valid);
    }
}

RC_GTEST_PROP(utf8_policy_property, a_copy_judges_on_as_its_original_does, ())
{
    const parts before = *messages();
    const parts after = *messages();
    utf8::deferred original;
    for (const std::string& part : before)
        write(original, part);
    utf8::deferred copy = original;
    const bool first = accepts(original, after);
    RC_ASSERT(accepts(copy, after) == first);
}

} // namespace
