// The rules of RFC 6455 §4.1 for the server's response, and the start of a refusal's body.
// SPDX-License-Identifier: BSL-1.0

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <weft/handshake/response.hpp>
#include <weft/handshake/server.hpp>

#include "handshake/messages.hpp"
#include "handshake/model_laws.hpp"

using namespace messages;
using weft::error;
using weft::handshake::client_options;
using weft::handshake::request;
using weft::handshake::response;

namespace {

const client_options offer{
    .host = "a", .target = "/", .subprotocols = {"chat", "superchat"}, .fields = {}};

response parsed(std::string_view text, weft::handshake::limits allowed = {})
{
    response r(allowed);
    EXPECT_TRUE(r.feed(laws::bytes(text)).done) << text;
    return r;
}

error check(std::string_view text, const client_options& options = offer)
{
    return parsed(text).check(laws::rfc_key, options);
}

} // namespace

TEST(handshake_response, the_response_of_the_rfc_opens)
{
    const response r = parsed(rfc_response);
    EXPECT_EQ(r.status(), 101U);
    EXPECT_EQ(r.reason(), "Switching Protocols");
    EXPECT_EQ(r.subprotocol(), "chat");
    EXPECT_EQ(r.body_expected(), std::size_t{0});
    EXPECT_EQ(r.check(laws::rfc_key, offer), error::none);
}

TEST(handshake_response, every_rule_has_its_code)
{
    const std::string accept(laws::rfc_accept);
    struct row
    {
        std::string_view name;
        fields instead;
        error fault;
    };
    const std::vector<row> rows{
        {"Upgrade", {}, error::bad_upgrade},
        {"Upgrade", {{"Upgrade", "h2c"}}, error::bad_upgrade},
        {"Upgrade", {{"Upgrade", "websocket, h2c"}}, error::bad_upgrade},
        {"Upgrade", {{"Upgrade", "websocket"}, {"Upgrade", "h2c"}}, error::bad_upgrade},
        {"Upgrade", {{"Upgrade", "WebSocket"}}, error::none},
        {"Connection", {}, error::bad_connection},
        {"Connection", {{"Connection", "close"}}, error::bad_connection},
        {"Connection", {{"Connection", "keep-alive, upgrade"}}, error::none},
        {"Sec-WebSocket-Accept", {}, error::bad_accept},
        {"Sec-WebSocket-Accept",
         {{"Sec-WebSocket-Accept", std::string(laws::rfc_key)}},
         error::bad_accept},
        {"Sec-WebSocket-Accept", {{"Sec-WebSocket-Accept", accept + "="}}, error::bad_accept},
        {"Sec-WebSocket-Accept",
         {{"Sec-WebSocket-Accept", "S3pPLMBiTxaQ9kYGzzhZRbK+xOo="}},
         error::bad_accept},
        {"", {{"Sec-WebSocket-Accept", accept}}, error::bad_accept},
        {"Sec-WebSocket-Accept", {{"Sec-WebSocket-Accept", accept + " "}}, error::none},
        {"Sec-WebSocket-Protocol", {}, error::none},
        {"Sec-WebSocket-Protocol", {{"Sec-WebSocket-Protocol", "superchat"}}, error::none},
        {"Sec-WebSocket-Protocol",
         {{"Sec-WebSocket-Protocol", "Chat"}},
         error::unoffered_subprotocol},
        {"Sec-WebSocket-Protocol", {{"Sec-WebSocket-Protocol", ""}}, error::unoffered_subprotocol},
        {"Sec-WebSocket-Protocol",
         {{"Sec-WebSocket-Protocol", "chat, superchat"}},
         error::unoffered_subprotocol},
        {"", {{"Sec-WebSocket-Protocol", "chat"}}, error::unoffered_subprotocol},
        {"", {{"Sec-WebSocket-Extensions", "permessage-deflate"}}, error::unoffered_extension},
        {"", {{"sec-websocket-extensions", ""}}, error::unoffered_extension},
    };
    for (const row& r : rows)
        EXPECT_EQ(check(response_of(with(rfc_response_fields, r.name, r.instead))), r.fault)
            << r.name << testing::PrintToString(r.instead);
    EXPECT_EQ(check(rfc_response, {.host = "a"}), error::unoffered_subprotocol);
    EXPECT_EQ(check(compose("HTTP/1.0 101 x", rfc_response_fields)), error::bad_status_line);
}

TEST(handshake_response, any_other_status_declines)
{
    for (const std::string_view line :
         {"HTTP/1.1 200 OK", "HTTP/1.1 100 Continue", "HTTP/1.0 502 Bad Gateway", "HTTP/1.1 401",
          "HTTP/1.1 999 "})
        EXPECT_EQ(check(compose(line, rfc_response_fields)), error::declined) << line;
    EXPECT_EQ(parsed("HTTP/1.1 401\r\n\r\n").status(), 401U);
    EXPECT_EQ(parsed("HTTP/1.1 401\r\n\r\n").reason(), "");
    EXPECT_EQ(parsed("HTTP/1.1 401 \r\n\r\n").reason(), "");
    EXPECT_EQ(parsed("HTTP/1.1 401 \t\xC3\xA9 b \r\n\r\n").reason(), "\t\xC3\xA9 b ");
}

TEST(handshake_response, what_is_not_a_status_line_fails_with_its_first_wrong_byte)
{
    const std::array<std::pair<std::string_view, std::size_t>, 14> rows{{
        {"\x15\x03\x01", 0}, // a TLS alert
        {"GET / HTTP/1.1", 0},
        {"ICY 200 OK", 0},
        {"\r\nHTTP/1.1 101 x", 0},
        {"http/1.1 101 x", 0},
        {"HTTP/2 101 x", 5},
        {"HTTP/1.x 101", 7},
        {"HTTP/1.11 101", 8},
        {"HTTP/1.1  101", 9},
        {"HTTP/1.1 011 x", 9},
        {"HTTP/1.1 1O1 x", 10},
        {"HTTP/1.1 1010 x", 12},
        {"HTTP/1.1 101 a\x01", 14},
        {"HTTP/1.1 101 a\n", 14},
    }};
    for (const auto& [wire, consumed] : rows) {
        const auto seen = laws::read_whole<response>(wire);
        EXPECT_EQ(seen.fault, error::bad_status_line) << wire;
        EXPECT_EQ(seen.consumed, consumed) << wire;
    }
    EXPECT_EQ(laws::read_whole<response>("HTTP/1.1 101 x\r\nA : b\r\n").fault, error::bad_field);
}

TEST(handshake_response, a_body_is_taken_up_to_its_length_and_the_limit)
{
    const auto with_length = [](std::string_view lines, std::string_view status = "503") {
        return parsed("HTTP/1.1 " + std::string(status) + " x\r\n" + std::string(lines) + "\r\n",
                      {100, 5});
    };
    EXPECT_EQ(with_length("Content-Length: 7\r\n").body_expected(), std::size_t{7});
    EXPECT_EQ(with_length("Content-Length: 00007\r\n").body_expected(), std::size_t{7});
    EXPECT_EQ(with_length("Content-Length: 100\r\n").body_expected(), std::size_t{100});
    EXPECT_EQ(with_length("Content-Length: 101\r\n").body_expected(), std::size_t{100});
    EXPECT_EQ(with_length("Content-Length: 18446744073709551617000000000\r\n").body_expected(),
              std::size_t{100});
    EXPECT_EQ(with_length("Content-Length: 7\r\n", "204").body_expected(), std::size_t{0});
    for (const std::string_view unknown :
         {"", "Content-Length:\r\n", "Content-Length: -7\r\n", "Content-Length: 7x\r\n",
          "Content-Length: 7\r\nContent-Length: 7\r\n",
          "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n"})
        EXPECT_EQ(with_length(unknown).body_expected(), std::nullopt) << unknown;

    response r = with_length("Content-Length: 7\r\n");
    EXPECT_EQ(r.take_body(laws::bytes("0123")), 4U);
    EXPECT_EQ(r.take_body(laws::bytes("45678")), 3U);
    EXPECT_EQ(r.body(), "0123456");
    response endless = with_length("");
    EXPECT_EQ(endless.take_body(laws::bytes(std::string(99, 'a'))), 99U);
    EXPECT_EQ(endless.take_body(laws::bytes("aa")), 1U);
    EXPECT_EQ(endless.take_body(laws::bytes("a")), 0U);
}

RC_GTEST_PROP(handshake_response, a_client_and_a_server_agree,
              (const std::array<std::uint8_t, 16>& random))
{
    client_options options{.host = "a", .target = "/", .subprotocols = {}, .fields = {}};
    for (const std::string& name : *rc::gen::container<std::vector<std::string>>(token()))
        if (std::find(options.subprotocols.begin(), options.subprotocols.end(), name) ==
            options.subprotocols.end())
            options.subprotocols.push_back(name);
    const auto sent = open(options, std::bit_cast<std::array<std::byte, 16>>(random));
    request asked({std::size_t{1} << 20, 10});
    RC_ASSERT(asked.feed(laws::bytes(sent.bytes)).done);
    const auto offered = asked.subprotocols();
    const std::string chosen = offered.empty() ? "" : std::string(*rc::gen::elementOf(offered));
    const auto reply = answer(asked, weft::handshake::accept().subprotocol(chosen));
    response got({std::size_t{1} << 20, 10});
    RC_ASSERT(got.feed(laws::bytes(reply.bytes + "\x81\x01x")).consumed == reply.bytes.size());
    RC_ASSERT(got.check(sent.key, options) == error::none);
    RC_ASSERT(got.subprotocol() == chosen);
    RC_ASSERT(got.check(laws::rfc_key, options) == error::bad_accept);
}

TEST(handshake_response, every_byte_in_every_place_opens_or_has_a_code)
{
    for (std::size_t at = 0; at < rfc_response.size(); ++at)
        for (int c = 0; c < 256; ++c) {
            std::string text = rfc_response;
            text[at] = static_cast<char>(c);
            ASSERT_EQ(laws::each_side_judges_as_the_model(text), std::nullopt) << at << ' ' << c;
            const auto seen = laws::read_whole<response>(text);
            const error e = seen.fault == error::none ? seen.broken : seen.fault;
            ASSERT_TRUE(e == error::none || describe(e).family == weft::condition::handshake_failed)
                << at << ' ' << c;
        }
}
