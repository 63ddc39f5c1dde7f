// What a server sends: the 101, the hook's refusals, and nothing that the hook could smuggle in.
// SPDX-License-Identifier: BSL-1.0

#include <array>
#include <string>
#include <string_view>

#include <weft/handshake/server.hpp>

#include "allocations.hpp"
#include "handshake/messages.hpp"

using namespace messages;
using weft::error;
using weft::handshake::accept;
using weft::handshake::answer;
using weft::handshake::decision;
using weft::handshake::refuse;
using weft::handshake::reject;
using weft::handshake::request;
using weft::handshake::response;

namespace {

const request& client()
{
    static const request r = [] {
        request made;
        EXPECT_TRUE(made.feed(laws::bytes(rfc_request)).done);
        return made;
    }();
    return r;
}

response parsed(std::string_view text)
{
    response r;
    const auto p = r.feed(laws::bytes(text));
    EXPECT_TRUE(p.done) << text;
    EXPECT_EQ(r.take_body(laws::bytes(text.substr(p.consumed))), text.size() - p.consumed);
    return r;
}

const fields injections{{"A", "b\r\nC: d"},
                        {"A", "b\nC: d"},
                        {"A", "b\r"},
                        {"A", std::string("b\0", 2)},
                        {"A", "\x7F"},
                        {"A", "\x1B[2J"},
                        {"", "b"},
                        {"A:", "b"},
                        {"A B", "b"},
                        {"A\r\nC", "b"},
                        {"\xC3\xA9", "b"},
                        {"upgrade", "h2c"},
                        {"Connection", "close"},
                        {"Host", "a"},
                        {"Content-Length", "5"},
                        {"transfer-encoding", "chunked"},
                        {"Sec-WebSocket-Accept", "x"},
                        {"Sec-WebSocket-Protocol", "x"},
                        {"Sec-WebSocket-Extensions", "x"},
                        {"SEC-WEBSOCKET-VERSION", "8"}};

} // namespace

TEST(handshake_server, the_rfcs_request_gets_the_rfcs_answer)
{
    const auto sent = answer(client(), accept().subprotocol("chat"));
    EXPECT_EQ(sent.fault, error::none);
    EXPECT_EQ(sent.subprotocol, "chat");
    EXPECT_EQ(sent.bytes, rfc_response);
    EXPECT_EQ(answer(client(), decision()).bytes,
              response_of(with(rfc_response_fields, "Sec-WebSocket-Protocol")));
}

TEST(handshake_server, what_accepts_says_so_and_has_the_status_of_an_opening)
{
    EXPECT_TRUE(accept().accepts());
    EXPECT_EQ(accept().status(), 101U);
    EXPECT_FALSE(refuse(403).accepts());
}

TEST(handshake_server, the_hooks_fields_are_sent_in_order)
{
    decision by;
    by.field("Set-Cookie", "a=1");
    by.field("Set-Cookie", "b=2").field("Server", "");
    const response r = parsed(answer(client(), by).bytes);
    EXPECT_EQ(r.status(), 101U);
    EXPECT_EQ(r[r.size() - 3].value, "a=1");
    EXPECT_EQ(r[r.size() - 2].value, "b=2");
    EXPECT_EQ(r.find("server"), "");
}

TEST(handshake_server, a_refusal_is_a_whole_response_that_closes)
{
    const auto sent = answer(client(), refuse(403, "not you").field("Content-Type", "text/plain"));
    EXPECT_EQ(sent.fault, error::refused);
    const response r = parsed(sent.bytes);
    EXPECT_EQ(r.status(), 403U);
    EXPECT_EQ(r.reason(), "Forbidden");
    EXPECT_EQ(r.body(), "not you");
    EXPECT_EQ(r.body_expected(), std::size_t{7});
    EXPECT_EQ(r.find("Content-Type"), "text/plain");
    EXPECT_TRUE(r.has_token("Connection", "close"));
    EXPECT_EQ(r.check(laws::rfc_key, {.host = "a"}), error::declined);

    EXPECT_EQ(parsed(answer(client(), refuse(302).field("Location", "/b")).bytes).find("Location"),
              "/b");
    EXPECT_TRUE(answer(client(), refuse(599)).bytes.starts_with("HTTP/1.1 599 \r\n"));
    EXPECT_EQ(parsed(answer(client(), refuse(204)).bytes).count("Content-Length"), 0U);
}

TEST(handshake_server, a_decision_that_may_not_be_sent_becomes_a_plain_500)
{
    std::vector<decision> wrong{refuse(0),
                                refuse(101),
                                refuse(100),
                                refuse(199),
                                refuse(600),
                                refuse(1000),
                                refuse(204, "body"),
                                refuse(304, "body"),
                                accept().subprotocol("soap"),
                                accept().subprotocol("Chat"),
                                accept().subprotocol("chat, superchat"),
                                accept().subprotocol("chat\r\nA: b"),
                                refuse(403).subprotocol("chat")};
    for (const auto& [name, value] : injections) {
        wrong.push_back(accept().field("Fine", "x").field(name, value));
        wrong.push_back(refuse(403, "body").field(name, value));
    }
    const std::string plain = reject(error::bad_handshake_argument).bytes;
    EXPECT_EQ(parsed(plain).status(), 500U);
    EXPECT_EQ(parsed(plain).size(), 2U);
    for (const decision& by : wrong) {
        const auto sent = answer(client(), by);
        EXPECT_EQ(sent.fault, error::bad_handshake_argument) << sent.bytes;
        EXPECT_EQ(sent.bytes, plain);
        EXPECT_EQ(sent.subprotocol, "");
    }
}

RC_GTEST_PROP(handshake_server, no_field_of_the_hook_adds_another, ())
{
    const auto name = *rc::gen::oneOf(token(), rc::gen::arbitrary<std::string>());
    const auto value =
        *rc::gen::oneOf(messages::value(), rc::gen::arbitrary<std::string>(), of_chars("a\r\n: "));
    const auto sent = answer(client(), accept().field(name, value));
    const response r = parsed(sent.bytes);
    keep(laws::reply_is_one_response(sent));
    if (sent.fault == error::none) {
        RC_ASSERT(r.size() == 4U);
        RC_ASSERT(r[3].name == name);
        RC_ASSERT(r[3].value == weft::handshake::trimmed(value));
    } else {
        RC_ASSERT(r.status() == 500U);
    }
}

RC_GTEST_PROP(handshake_server, a_sound_field_is_never_refused, (bool accepts))
{
    const auto name = "X-" + *token();
    const auto value = *messages::value();
    const auto sent = answer(client(), (accepts ? accept() : refuse(404)).field(name, value));
    RC_ASSERT(sent.fault == (accepts ? error::none : error::refused));
    RC_ASSERT(parsed(sent.bytes).find(name) == value);
}

TEST(handshake_server, every_error_has_a_response)
{
    for (int code = 0; code <= static_cast<int>(weft::last_error); ++code) {
        const auto e = static_cast<error>(code);
        const auto sent = reject(e);
        EXPECT_EQ(sent.fault, e);
        const response r = parsed(sent.bytes);
        EXPECT_TRUE(r.has_token("Connection", "close")) << e;
        const bool handshake = describe(e).family == weft::condition::handshake_failed;
        EXPECT_TRUE(!handshake || (r.status() >= 400 && r.status() < 500)) << e;
        EXPECT_FALSE(r.reason().empty());
        EXPECT_EQ(r.body(), r.status() == 500 ? "" : describe(e).sentence);
    }
    EXPECT_EQ(parsed(reject(error::handshake_too_big).bytes).status(), 431U);
    EXPECT_EQ(parsed(reject(error::too_many_fields).bytes).status(), 431U);
    EXPECT_EQ(parsed(reject(error::timeout).bytes).status(), 408U);
    EXPECT_EQ(parsed(reject(error::bad_method).bytes).status(), 405U);
    EXPECT_EQ(parsed(reject(error::bad_method).bytes).find("Allow"), "GET");
}

TEST(handshake_server, a_refusal_has_the_words_of_rfc_9110)
{
    const std::pair<unsigned, std::string_view> usual[] = {{200, "OK"},
                                                           {301, "Moved Permanently"},
                                                           {302, "Found"},
                                                           {303, "See Other"},
                                                           {307, "Temporary Redirect"},
                                                           {308, "Permanent Redirect"},
                                                           {400, "Bad Request"},
                                                           {401, "Unauthorized"},
                                                           {403, "Forbidden"},
                                                           {404, "Not Found"},
                                                           {405, "Method Not Allowed"},
                                                           {408, "Request Timeout"},
                                                           {409, "Conflict"},
                                                           {410, "Gone"},
                                                           {426, "Upgrade Required"},
                                                           {429, "Too Many Requests"},
                                                           {431, "Request Header Fields Too Large"},
                                                           {500, "Internal Server Error"},
                                                           {503, "Service Unavailable"},
                                                           {599, ""}};
    for (const auto& [status, words] : usual)
        EXPECT_EQ(weft::handshake::compose_refusal(status, {}, {}).substr(9, 5 + words.size()),
                  std::to_string(status) + ' ' + std::string(words) + '\r');
}

TEST(handshake_server, another_version_is_told_ours)
{
    const response r = parsed(reject(error::bad_version).bytes);
    EXPECT_EQ(r.status(), 426U);
    EXPECT_EQ(r.find("Sec-WebSocket-Version"), "13");
    EXPECT_EQ(r.find("Upgrade"), "websocket");
    EXPECT_TRUE(r.has_token("Connection", "upgrade"));
}

TEST(handshake_server, a_browsers_handshake_allocates_twice)
{
    auto& record = weft::proptest::allocations();
    record = {};
    request r;
    const bool done = r.feed(laws::bytes(browser_request)).done;
    const bool sound = r.check() == error::none;
    const auto sent = answer(r, accept());
    EXPECT_EQ(record.count, 2U);
    EXPECT_TRUE(done && sound && sent.fault == error::none);
}

TEST(handshake_server, a_peer_costs_twice_what_it_sent)
{
    auto& record = weft::proptest::allocations();
    record = {};
    request r({100000, 100});
    EXPECT_EQ(record.count, 0U) << "before the first byte";
    EXPECT_EQ(r.feed(laws::bytes("GET /")).fault, error::none);
    for (std::size_t sent = 5; sent < 99999; ++sent) {
        ASSERT_EQ(r.feed(laws::bytes("a")).fault, error::none);
        ASSERT_LE(record.largest, std::max<std::size_t>(1025, 2 * sent + 3));
    }
    EXPECT_EQ(r.feed(laws::bytes("a")).fault, error::handshake_too_big);
}
