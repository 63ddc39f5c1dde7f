// Errors: one code for each rule, its family, and the close code that RFC 6455 demands for it.
#include <weft/wire/error_code.hpp>

#include <set>
#include <string>
#include <system_error>
#include <vector>

#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

namespace {

using weft::close_code;
using weft::condition;
using weft::error;

struct meaning
{
    error code;
    condition family;
    close_code told; // to the peer; `abnormal`: nothing is told
};

// Written from the RFC, not from the table under test: §7.1.7 and §7.4.1 say what a peer is told.
std::vector<meaning> meanings()
{
    std::vector<meaning> out;
    const auto all = [&out](condition family, close_code told, std::initializer_list<error> codes) {
        for (const error e : codes)
            out.push_back({e, family, told});
    };
    using enum error;
    constexpr auto nothing = close_code::abnormal;
    all(condition::none, nothing, {error::none, closed, connection_lost, write_cut});
    all(condition::timeout, nothing, {error::timeout});
    // "1002 indicates that an endpoint is terminating the connection due to a protocol error."
    all(condition::protocol_violation, close_code{1002},
        {reserved_bits, reserved_opcode, fragmented_control, control_too_long, length_not_minimal,
         length_top_bit, unmasked_frame, masked_frame, unexpected_continuation, unfinished_message,
         close_body_of_one_byte, invalid_close_code});
    // "1007 ... data within a message that was not consistent with the type of the message
    // (e.g., non-UTF-8 [RFC3629] data within a text message)."
    all(condition::protocol_violation, close_code{1007}, {invalid_utf8, invalid_close_reason});
    // "1009 ... a message that is too big for it to process."
    all(condition::limit_exceeded, close_code{1009}, {frame_too_big, message_too_big});
    // "1008 ... a message that violates its policy."
    all(condition::limit_exceeded, close_code{1008}, {too_many_fragments});
    // There is no WebSocket yet that could carry a close frame.
    all(condition::limit_exceeded, nothing, {handshake_too_big, too_many_fields});
    all(condition::handshake_failed, nothing,
        {bad_request_line, bad_method, bad_status_line, bad_field, request_body, bad_host,
         bad_upgrade, bad_connection, bad_version, bad_key, bad_accept, unoffered_subprotocol,
         unoffered_extension, bad_subprotocol, bad_extension, refused, declined});
    all(condition::misuse, nothing,
        {operation_in_progress, not_open, already_open, bad_handshake_argument, bad_close_code,
         bad_close_reason, control_payload_too_long, text_not_utf8, buffer_too_small,
         write_queue_full});
    return out;
}

constexpr condition all_conditions[] = {condition::handshake_failed, condition::protocol_violation,
                                        condition::limit_exceeded, condition::timeout,
                                        condition::misuse};

TEST(error, the_list_of_meanings_names_every_error_once)
{
    std::set<error> named;
    for (const meaning& m : meanings())
        EXPECT_TRUE(named.insert(m.code).second) << static_cast<int>(m.code);
    EXPECT_EQ(named.size(), static_cast<std::size_t>(weft::last_error) + 1);
    EXPECT_EQ(*named.rbegin(), weft::last_error);
}

TEST(error, each_has_the_family_and_the_close_code_of_its_rule)
{
    for (const meaning& m : meanings()) {
        EXPECT_EQ(weft::describe(m.code).family, m.family) << weft::describe(m.code).sentence;
        EXPECT_EQ(weft::describe(m.code).close, m.told) << weft::describe(m.code).sentence;
    }
}

TEST(error, what_the_peer_is_told_may_be_on_the_wire)
{
    for (const meaning& m : meanings())
        EXPECT_TRUE(m.told == close_code::abnormal ||
                    weft::may_be_on_wire(weft::describe(m.code).close));
}

TEST(error, each_has_a_sentence_of_its_own)
{
    std::set<std::string> sentences;
    for (const meaning& m : meanings()) {
        const weft::error_code ec = m.code;
        EXPECT_GE(ec.message().size(), 8U);
        EXPECT_TRUE(sentences.insert(ec.message()).second) << ec.message();
        EXPECT_EQ(ec.message(), weft::describe(m.code).sentence);
        EXPECT_EQ(ec.message().find('\n'), std::string::npos);
    }
    EXPECT_FALSE(sentences.contains("unknown error"));
}

TEST(error, any_other_number_is_described_as_unknown)
{
    for (int n = static_cast<int>(weft::last_error) + 1; n < 256; ++n) {
        EXPECT_STREQ(weft::describe(static_cast<error>(n)).sentence, "unknown error");
        EXPECT_EQ(weft::describe(static_cast<error>(n)).close, close_code::abnormal);
        EXPECT_EQ(weft::error_category().message(n), "unknown error");
    }
}

TEST(error, an_error_code_carries_the_number_and_the_category)
{
    for (const meaning& m : meanings()) {
        const weft::error_code ec = m.code;
        EXPECT_EQ(ec.value(), static_cast<int>(m.code));
        EXPECT_EQ(&ec.category(), &weft::error_category());
        EXPECT_STREQ(ec.category().name(), "weft");
        EXPECT_EQ(ec, m.code);
        EXPECT_EQ(ec.failed(), m.code != error::none);
    }
}

TEST(error, an_error_code_equals_the_condition_of_its_family_and_no_other)
{
    for (const meaning& m : meanings())
        for (const condition c : all_conditions)
            EXPECT_EQ(weft::error_code(m.code) == c, m.family == c)
                << weft::describe(m.code).sentence;
}

TEST(error, an_error_of_another_category_with_the_same_number_is_another)
{
    for (const meaning& m : meanings()) {
        const weft::error_code other(static_cast<int>(m.code), boost::system::generic_category());
        EXPECT_NE(other, weft::error_code(m.code));
        for (const condition c : all_conditions)
            EXPECT_FALSE(other == c);
    }
}

TEST(error, each_condition_has_a_sentence_of_its_own)
{
    std::set<std::string> sentences;
    for (const condition c : all_conditions) {
        const boost::system::error_condition ec = c;
        EXPECT_STREQ(ec.category().name(), "weft.condition");
        EXPECT_FALSE(ec.message().empty());
        EXPECT_TRUE(sentences.insert(ec.message()).second) << ec.message();
    }
    EXPECT_EQ(weft::make_error_condition(condition{99}).message(), "unknown condition");
}

TEST(error, it_can_be_thrown_and_becomes_a_standard_error_code)
{
    try {
        throw boost::system::system_error(error::length_top_bit, "reading");
    } catch (const boost::system::system_error& e) {
        EXPECT_EQ(e.code(), error::length_top_bit);
        EXPECT_NE(std::string(e.what()).find("top bit"), std::string::npos);
    }
    const std::error_code standard = weft::error_code(error::closed);
    EXPECT_EQ(standard.value(), static_cast<int>(error::closed));
    EXPECT_EQ(standard.message(), weft::describe(error::closed).sentence);
}

} // namespace
