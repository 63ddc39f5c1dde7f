// The request that a client sends, and what its options may not smuggle in (RFC 6455 §4.1).
// SPDX-License-Identifier: BSL-1.0

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <weft/handshake/client.hpp>

#include "handshake/messages.hpp"

using namespace messages;
using weft::error;
using weft::handshake::client_options;
using weft::handshake::request;

namespace {

using nonce = std::array<std::byte, 16>;

client_options usual()
{
    return {.host = "example.com:8080",
            .target = "/chat?a=%20",
            .subprotocols = {"b", "a"},
            .fields = {{"Origin", "null"}}};
}

} // namespace

TEST(handshake_client, the_request_has_what_the_rfc_demands)
{
    const auto sent = open(usual(), nonce{});
    EXPECT_EQ(sent.key, "AAAAAAAAAAAAAAAAAAAAAA==");
    EXPECT_EQ(sent.bytes, compose("GET /chat?a=%20 HTTP/1.1", {{"Host", "example.com:8080"},
                                                               {"Upgrade", "websocket"},
                                                               {"Connection", "Upgrade"},
                                                               {"Sec-WebSocket-Key", sent.key},
                                                               {"Sec-WebSocket-Version", "13"},
                                                               {"Sec-WebSocket-Protocol", "b, a"},
                                                               {"Origin", "null"}}));
    const auto plain = open(client_options{.host = "a"}, nonce{});
    EXPECT_TRUE(plain.bytes.starts_with("GET / HTTP/1.1\r\nHost: a\r\n"));
    EXPECT_EQ(plain.bytes.find("Protocol"), std::string::npos);
}

TEST(handshake_client, the_key_is_the_nonce)
{
    nonce n{};
    const std::string_view text = "the sample nonce"; // RFC 6455 §1.3
    for (std::size_t i = 0; i < n.size(); ++i)
        n[i] = static_cast<std::byte>(text[i]);
    EXPECT_EQ(open(usual(), n).key, laws::rfc_key);
}

TEST(handshake_client, what_may_not_be_sent_is_refused_and_nothing_is_sent)
{
    std::vector<client_options> wrong;
    const auto add = [&](auto change) { change(wrong.emplace_back(usual())); };
    for (const char* host :
         {"", " ", "a b", "a\r\nX: y", "a\n", "a/b", "a@b", "a?b", "a#b", "\xC3\xA9", "a\x7F"})
        add([&](client_options& o) { o.host = host; });
    for (const char* target : {"", "chat", "*", "http://a/", "/a b", "/a#b", "/\r\nX: y", "/\n",
                               "/\t", "/\xC3\xA9", "/\x7F"})
        add([&](client_options& o) { o.target = target; });
    add([&](client_options& o) { o.target = std::string("/\0", 2); });
    for (const char* name : {"", "c d", "c,d", "c\r\nX: y", "\"c\"", "a", "\xC3\xA9"})
        add([&](client_options& o) { o.subprotocols.push_back(name); });
    const fields bad{{"", "x"},
                     {"A:", "x"},
                     {"A B", "x"},
                     {"A\r\nB", "x"},
                     {"A", "b\r\nC: d"},
                     {"A", "b\n"},
                     {"A", "\r"},
                     {"A", std::string(1, '\0')},
                     {"host", "a"},
                     {"UPGRADE", "a"},
                     {"connection", "a"},
                     {"Content-Length", "1"},
                     {"Transfer-Encoding", "chunked"},
                     {"Sec-WebSocket-Key", "a"},
                     {"Sec-WebSocket-Extensions", "a"},
                     {"sec-websocket-protocol", "a"}};
    for (const field& f : bad)
        add([&](client_options& o) { o.fields.push_back(f); });

    for (const client_options& options : wrong) {
        const auto sent = open(options, nonce{});
        EXPECT_EQ(sent.fault, error::bad_handshake_argument) << sent.bytes;
        EXPECT_TRUE(sent.bytes.empty() && sent.key.empty());
    }
}

RC_GTEST_PROP(handshake_client, any_options_are_read_back_by_a_server_or_refused,
              (const std::array<std::uint8_t, 16>& random))
{
    const nonce n = std::bit_cast<nonce>(random);
    const auto text = rc::gen::weightedOneOf<std::string>({{30, of_chars("aZ09-._~%=")},
                                                           {1, rc::gen::arbitrary<std::string>()},
                                                           {1, of_chars("a\r\n: /#?")}});
    client_options options;
    options.host = *rc::gen::nonEmpty(text);
    options.target = "/" + *text;
    options.subprotocols =
        *rc::gen::resize(10, rc::gen::container<std::vector<std::string>>(token()));
    options.fields = *rc::gen::resize(
        10, rc::gen::container<fields>(rc::gen::pair(token(), rc::gen::oneOf(value(), text))));
    const auto sent = open(options, n);
    RC_CLASSIFY(sent.fault == error::none, "sent");
    if (sent.fault != error::none) {
        RC_ASSERT(sent.fault == error::bad_handshake_argument && sent.bytes.empty());
        return;
    }
    request r({std::size_t{1} << 20, 1000});
    const auto p = r.feed(laws::bytes(sent.bytes));
    RC_ASSERT(p.done && p.consumed == sent.bytes.size());
    RC_ASSERT(r.check() == error::none);
    RC_ASSERT(r.target() == options.target);
    RC_ASSERT(r.host() == options.host);
    RC_ASSERT(r.key() == sent.key);
    const auto offered = r.subprotocols();
    RC_ASSERT(std::equal(offered.begin(), offered.end(), options.subprotocols.begin(),
                         options.subprotocols.end()));
    const std::size_t own = options.subprotocols.empty() ? 5 : 6;
    RC_ASSERT(r.size() == own + options.fields.size());
    for (std::size_t i = 0; i < options.fields.size(); ++i) {
        RC_ASSERT(r[own + i].name == options.fields[i].first);
        RC_ASSERT(r[own + i].value == weft::handshake::trimmed(options.fields[i].second));
    }
}
