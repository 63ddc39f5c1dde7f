// The incremental parser of a head: cuts, limits, and where errors are settled (RFC 9112 §2–§5).
// SPDX-License-Identifier: BSL-1.0

#include <array>
#include <string>
#include <string_view>

#include <weft/handshake/head.hpp>

#include "handshake/messages.hpp"
#include "handshake/model_laws.hpp"

using namespace messages;
using weft::error;
using weft::handshake::head;
using weft::handshake::limits;
using weft::handshake::request;
using weft::handshake::response;

namespace {

const std::array whole_messages{rfc_request, browser_request};

error fault_of(std::string_view text, limits allowed = {})
{
    return laws::read_whole<request>(text, allowed).fault;
}

// Bytes that finish any request which can still be finished.
bool can_be_finished(const std::string& prefix)
{
    static const std::string line = "GET / HTTP/1.1\r\n";
    static const std::array<std::string, 5> ends{"\r\n\r\n", "\n\r\n", "x:\r\n\r\n", ":\r\n\r\n",
                                                 "\n"};
    for (const std::string& end : ends)
        if (request r; r.feed(laws::bytes(prefix + end)).done)
            return true;
    for (std::size_t at = 0; at < line.size(); ++at)
        if (request r; r.feed(laws::bytes(prefix + line.substr(at) + "\r\n")).done)
            return true;
    return false;
}

} // namespace

TEST(handshake_head, one_cut_anywhere_changes_nothing)
{
    for (const std::string& text : whole_messages) {
        const auto whole = laws::read_whole<request>(text + "frame");
        EXPECT_EQ(whole.consumed, text.size());
        for (std::size_t cut = 1; cut < text.size(); ++cut) {
            request r;
            std::size_t size = cut;
            EXPECT_EQ(laws::read(r, text + "frame", [&] { return std::exchange(size, 9999); }),
                      whole);
        }
    }
    const auto whole = laws::read_whole<response>(rfc_response);
    for (std::size_t cut = 1; cut < rfc_response.size(); ++cut) {
        response r;
        std::size_t size = cut;
        EXPECT_EQ(laws::read(r, rfc_response, [&] { return std::exchange(size, 9999); }), whole);
    }
}

RC_GTEST_PROP(handshake_head, any_partition_and_a_move_change_nothing, ())
{
    const std::string text = *request_or_nearly();
    keep(laws::pieces_change_nothing<request>(text, *sizes()));
    keep(laws::pieces_change_nothing<response>(text, *sizes()));
    keep(laws::pieces_change_nothing<response>(rfc_response + text, *sizes()));
}

RC_GTEST_PROP(handshake_head, a_head_takes_its_own_bytes_only, ())
{
    const std::string text = *request_or_nearly();
    keep(laws::takes_its_own_bytes_only<request>(text));
    keep(laws::takes_its_own_bytes_only<response>(rfc_response + text));
    const limits few{*rc::gen::inRange<std::size_t>(0, 400), *rc::gen::inRange<std::size_t>(0, 10)};
    keep(laws::takes_its_own_bytes_only<request>(text, few));
    keep(laws::has_a_last_word<request>(text, few));
    keep(laws::pieces_change_nothing<request>(text, *sizes(), few));
}

RC_GTEST_PROP(handshake_head, a_slow_reader_of_the_whole_finds_the_same, ())
{
    keep(laws::reads_what_is_written<request>(*request_or_nearly()));
    keep(laws::reads_what_is_written<response>(rfc_response + *request_or_nearly()));
}

RC_GTEST_PROP(handshake_head, an_error_is_settled_by_its_byte_and_not_before, ())
{
    const std::string text = *request_or_nearly();
    const auto seen = laws::read_whole<request>(text);
    const std::string before = text.substr(0, seen.consumed);
    if (seen.fault == error::none)
        RC_ASSERT(laws::read_whole<request>(before).fault == error::none);
    else
        RC_ASSERT(can_be_finished(before));
}

TEST(handshake_head, every_byte_in_every_place_is_settled_at_once)
{
    for (std::size_t at = 0; at < rfc_request.size(); ++at)
        for (int c = 0; c < 256; ++c) {
            std::string text = rfc_request;
            text[at] = static_cast<char>(c);
            const auto seen = laws::read_whole<request>(text + std::string(4, '\0'));
            const bool settled = seen.fault != error::none;
            EXPECT_TRUE(!settled || can_be_finished(text.substr(0, seen.consumed)))
                << at << ' ' << c;
            ASSERT_TRUE(seen.fault == error::none || seen.fault == error::bad_field ||
                        seen.fault == error::bad_request_line || seen.fault == error::bad_method);
            ASSERT_EQ(laws::each_side_judges_as_the_model(text), std::nullopt) << at << ' ' << c;
        }
}

RC_GTEST_PROP(handshake_head, the_fields_come_back_as_they_were_sent, ())
{
    const auto all = *rc::gen::container<fields>(rc::gen::pair(token(), value()));
    std::string text = "GET / HTTP/1.1\r\n";
    for (const auto& [name, value] : all)
        text += name + ":" + *blanks() + value + *blanks() + "\r\n";
    const auto seen = laws::read_whole<request>(text + "\r\n", {std::size_t{1} << 20, 1000});
    RC_ASSERT(seen.fault == error::none);
    RC_ASSERT(seen.fields == all);
}

TEST(handshake_head, the_byte_limit_is_reached_and_not_exceeded)
{
    const std::size_t size = rfc_request.size();
    EXPECT_EQ(fault_of(rfc_request, {size, 100}), error::none);
    EXPECT_EQ(fault_of(rfc_request, {size - 1, 100}), error::handshake_too_big);
    EXPECT_EQ(fault_of("G", {0, 100}), error::handshake_too_big);

    // Without another byte, and one byte at a time.
    request r({10, 100});
    for (int i = 0; i < 9; ++i)
        EXPECT_EQ(
            r.feed(laws::bytes(std::string_view("GET /aaaaaaaa").substr(std::size_t(i), 1))).fault,
            error::none);
    EXPECT_EQ(r.feed(laws::bytes("a")).fault, error::handshake_too_big);
    EXPECT_EQ(r.feed(laws::bytes("a")).fault, error::handshake_too_big);
}

TEST(handshake_head, the_field_limit_is_reached_and_not_exceeded)
{
    EXPECT_EQ(fault_of(rfc_request, {8192, rfc_fields.size()}), error::none);
    EXPECT_EQ(fault_of(rfc_request, {8192, rfc_fields.size() - 1}), error::too_many_fields);
    // The first letter of the field too many is enough.
    EXPECT_EQ(fault_of("GET / HTTP/1.1\r\nA:\r\nB", {8192, 1}), error::too_many_fields);
    EXPECT_EQ(fault_of("GET / HTTP/1.1\r\nA:\r\n\r\n", {8192, 1}), error::none);
    EXPECT_EQ(fault_of("GET / HTTP/1.1\r\n\r\n", {8192, 0}), error::none);
}

TEST(handshake_head, hundreds_of_fields_are_found_again)
{
    std::string text = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 300; ++i)
        text += "X" + std::to_string(i) + ": " + std::to_string(i) + "\r\n";
    request r({65536, 300});
    ASSERT_TRUE(r.feed(laws::bytes(text + "\r\n")).done);
    request moved(std::move(r));
    ASSERT_EQ(moved.size(), 300U);
    for (int i = 0; i < 300; ++i)
        EXPECT_EQ(moved.find("x" + std::to_string(i)), std::to_string(i));
}

TEST(handshake_head, a_field_that_is_not_there_is_not_found_among_any_number_of_others)
{
    std::string text = "GET / HTTP/1.1\r\n";
    for (std::size_t n = 0; n < 60; ++n, text += "A: b\r\n") {
        request r;
        ASSERT_TRUE(r.feed(laws::bytes(text + "\r\n")).done);
        EXPECT_FALSE(r.find("B")) << n;
        EXPECT_EQ(r.count("B"), 0U) << n;
        EXPECT_EQ(r.count("a"), n);
    }
}

TEST(handshake_head, what_is_not_an_opening_fails_with_its_first_wrong_byte)
{
    struct row
    {
        std::string_view wire;
        error fault;
        std::size_t consumed;
    };
    const std::array rows{
        row{"\x16\x03\x01\x02", error::bad_request_line, 0}, // a TLS ClientHello
        row{"PRI * HTTP/2.0", error::bad_method, 0},
        row{"POST / HTTP/1.1", error::bad_method, 0},
        row{"GETS / HTTP/1.1", error::bad_method, 3},
        row{"get / HTTP/1.1", error::bad_method, 0},
        row{"G / HTTP/1.1", error::bad_method, 1},
        row{" GET / HTTP/1.1", error::bad_request_line, 0},
        row{"\r\nGET / HTTP/1.1", error::bad_request_line, 0},
        row{"GET  / HTTP/1.1", error::bad_request_line, 4},
        row{"GET * HTTP/1.1", error::bad_request_line, 4},
        row{"GET /a#b HTTP/1.1", error::bad_request_line, 6},
        row{"GET /\xC3\xA9 HTTP/1.1", error::bad_request_line, 5},
        row{"GET /\r\n", error::bad_request_line, 5}, // HTTP/0.9
        row{"GET /  HTTP/1.1", error::bad_request_line, 6},
        row{"GET / http/1.1", error::bad_request_line, 6},
        row{"GET / HTTP/1.0\r\n", error::bad_request_line, 13},
        row{"GET / HTTP/2.0\r\n", error::bad_request_line, 11},
        row{"GET / HTTP/1.1 \r\n", error::bad_request_line, 14},
        row{"GET / HTTP/1.10\r\n", error::bad_request_line, 14},
        row{"GET / HTTP/1.1\n", error::bad_request_line, 14},
        row{"GET / HTTP/1.1\r\r", error::bad_request_line, 15},
        row{"GET / HTTP/1.1\r\n A: folded", error::bad_field, 16},
        row{"GET / HTTP/1.1\r\nA: b\r\n folded\r\n", error::bad_field, 22},
        row{"GET / HTTP/1.1\r\nA: b\r\n\tfolded\r\n", error::bad_field, 22},
        row{"GET / HTTP/1.1\r\nA : b\r\n", error::bad_field, 17},
        row{"GET / HTTP/1.1\r\n: b\r\n", error::bad_field, 16},
        row{"GET / HTTP/1.1\r\nA\r\n", error::bad_field, 17},
        row{"GET / HTTP/1.1\r\nA: b\nB: c\r\n", error::bad_field, 20},
        row{"GET / HTTP/1.1\r\nA: b\rB: c\r\n", error::bad_field, 21},
        row{"GET / HTTP/1.1\r\nA: b\x7F\r\n", error::bad_field, 20},
        row{"GET / HTTP/1.1\r\nA: \n", error::bad_field, 19},
        row{std::string_view("GET / HTTP/1.1\r\nA: b\0\r\n", 23), error::bad_field, 20},
        row{"GET / HTTP/1.1\r\n\n", error::bad_field, 16},
        row{"GET / HTTP/1.1\r\n\rx", error::bad_field, 17},
    };
    for (const row& r : rows) {
        const auto seen = laws::read_whole<request>(r.wire);
        EXPECT_EQ(seen.fault, r.fault) << r.wire;
        EXPECT_EQ(seen.consumed, r.consumed) << r.wire;
        // The bytes before it settle nothing.
        EXPECT_EQ(fault_of(r.wire.substr(0, r.consumed)), error::none) << r.wire;
        EXPECT_EQ(fault_of(r.wire.substr(0, r.consumed + 1)), r.fault) << r.wire;
    }
}

TEST(handshake_head, a_list_joins_its_fields_and_respects_quotes)
{
    request r;
    ASSERT_TRUE(
        r.feed(laws::bytes("GET / HTTP/1.1\r\nL: a , \"b, c\\\", d\" ,,\r\nX: y\r\nl:E\r\n\r\n"))
            .done);
    EXPECT_TRUE(r.has_token("l", "A"));
    EXPECT_TRUE(r.has_token("L", "e"));
    EXPECT_TRUE(r.has_token("L", "\"b, c\\\", d\""));
    for (const std::string_view no : {"b", "\"b", "c", "d", "d\"", "y", "", "a ", "a, e"})
        EXPECT_FALSE(r.has_token("L", no)) << no;
    EXPECT_EQ(r.count("L"), 2U);
    EXPECT_EQ(r.find_only("L"), std::nullopt);
    EXPECT_EQ(r.find("M"), std::nullopt);
}
