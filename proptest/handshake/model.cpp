// Weft judges and writes handshakes as the model demands, which knows RFC 6455 §4 and not weft.
// SPDX-License-Identifier: BSL-1.0

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "handshake/messages.hpp"
#include "handshake/model_laws.hpp"
#include "handshake/opening_law.hpp"

using namespace messages;
using namespace weft::test;
using weft::error;

namespace {

broken_rules broken_by(const std::string& wire)
{
    const auto head = http_head::read(wire);
    return head ? broken_by_request(*head) : broken_rules{error::bad_field};
}

broken_rules broken_by_answer(const std::string& wire)
{
    const auto head = http_head::read(wire);
    return head ? broken_by_response(*head, laws::rfc_key, {"chat"})
                : broken_rules{error::bad_field};
}

// Pieces of values, right and wrong, in any order: more of them are nearly right than of letters.
rc::Gen<std::string> nearly_a_value()
{
    return rc::gen::map(
        rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
            "websocket", "Upgrade", "UPGRADE", "keep-alive", ",", ", ", ";", "=", "\"", "\\", " ",
            "\t", "13", "1", "a", "[::1]", "[", "]", ":", ":80", "%41", "%4", "/", "http://", "#",
            "HTTP/1.1", "HTTP/2.0", "101", "dGhlIHNhbXBsZSBub25jZQ", "==", "A", "chat", "\r\n",
            "\r", "\xC3\xA9", "\x7F")),
        [](const std::vector<std::string>& parts) {
            std::string out;
            for (const std::string& part : parts)
                out += part;
            return out;
        });
}

std::array<std::byte, 16> nonce_of(const std::array<std::uint8_t, 16>& octets)
{
    std::array<std::byte, 16> nonce{};
    for (std::size_t i = 0; i < nonce.size(); ++i)
        nonce[i] = std::byte{octets[i]};
    return nonce;
}

} // namespace

TEST(handshake_model, it_knows_the_rfcs_examples)
{
    EXPECT_EQ(accept_of(laws::rfc_key), laws::rfc_accept); // RFC 6455 §1.3
    EXPECT_EQ(base64_of("foob"), "Zm9vYg==");              // RFC 4648 §10
    EXPECT_EQ(base64_of("fooba"), "Zm9vYmE=");
    EXPECT_EQ(base64_decoded("Zm9vYmE="), "fooba");
    EXPECT_EQ(base64_decoded("Zm9vYmE"), std::nullopt);
    EXPECT_EQ(broken_by(rfc_request), broken_rules{});
    EXPECT_EQ(broken_by(browser_request), broken_rules{});
    EXPECT_EQ(broken_by_answer(rfc_response), broken_rules{});
}

TEST(handshake_model, it_names_the_rule_that_is_broken)
{
    const std::vector<std::pair<field, error>> wrong{
        {{"Host", "a:b"}, error::bad_host},
        {{"Host", "[::1"}, error::bad_host},
        {{"Upgrade", "websockets"}, error::bad_upgrade},
        {{"Connection", "keep-alive"}, error::bad_connection},
        {{"Sec-WebSocket-Key", "c2hvcnQ="}, error::bad_key},
        {{"Sec-WebSocket-Version", "8"}, error::bad_version},
        {{"Sec-WebSocket-Protocol", "a b"}, error::bad_subprotocol},
        {{"Sec-WebSocket-Extensions", "a; b=\"c d\""}, error::bad_extension}};
    for (const auto& [changed, rule] : wrong)
        EXPECT_EQ(broken_by(request_of(with(rfc_fields, changed.first, {changed}))),
                  broken_rules{rule})
            << changed.second;
    EXPECT_EQ(broken_by(compose("POST / HTTP/1.1", rfc_fields)),
              broken_rules{error::bad_request_line});
    EXPECT_EQ(broken_by_answer(compose("HTTP/1.1 200 OK", rfc_response_fields)),
              broken_rules{error::declined});
    EXPECT_EQ(broken_by_answer(response_of(with(rfc_response_fields, "Sec-WebSocket-Accept"))),
              broken_rules{error::bad_accept});
    const fields chosen{{"Sec-WebSocket-Protocol", "superchat"}, {"Sec-WebSocket-Extensions", "a"}};
    EXPECT_EQ(
        broken_by_answer(response_of(with(rfc_response_fields, "Sec-WebSocket-Protocol", chosen))),
        (broken_rules{error::unoffered_subprotocol, error::unoffered_extension}));
}

TEST(handshake_model, every_character_in_every_part_of_a_host_is_judged_alike)
{
    for (int i = 0; i < 256; ++i) {
        const std::string c(1, static_cast<char>(i));
        for (const std::string& host :
             {c, "a" + c, "%" + c + "0", "%0" + c, "%" + c, "a:" + c, "a" + c + "80", "[" + c + "]",
              "[a" + c, "[a]" + c, "[a]:" + c, "[%0" + c + "]", c + "[a]"})
            EXPECT_EQ(weft::handshake::is_host(host), is_host(host)) << host;
    }
}

RC_GTEST_PROP(handshake_model, a_message_or_nearly_is_judged_alike, ())
{
    keep(laws::each_side_judges_as_the_model(*request_or_nearly()));
    keep(laws::each_side_judges_as_the_model(rfc_response + *request_or_nearly()));
}

RC_GTEST_PROP(handshake_model, any_value_in_a_handshake_is_judged_alike, ())
{
    const char line = *rc::gen::inRange<char>(0, 80);
    const std::string value = *nearly_a_value();
    RC_LOG() << "line " << int{line} << ": " << value << std::endl;
    keep(laws::one_value_is_judged_as_by_the_model(line + value));
}

RC_GTEST_PROP(handshake_model, a_client_opens_with_what_it_was_told_or_not_at_all, ())
{
    const auto names = *rc::gen::container<std::vector<std::string>>(
        rc::gen::oneOf(token(), token(), nearly_a_value()));
    const auto value_or_nearly = rc::gen::oneOf(value(), nearly_a_value());
    const weft::handshake::client_options options{
        .host = *rc::gen::oneOf(rc::gen::just<std::string>("a:80"), nearly_a_value()),
        .target = "/" + *nearly_a_value(),
        .subprotocols = names,
        .fields = *rc::gen::container<fields>(
            rc::gen::pair(rc::gen::oneOf(token(), any_case("Upgrade")), value_or_nearly))};
    keep(laws::a_client_opens_with_what_it_was_told(
        options, nonce_of(*rc::gen::arbitrary<std::array<std::uint8_t, 16>>())));
}
