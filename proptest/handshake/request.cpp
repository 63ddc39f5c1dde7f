// The rules of RFC 6455 §4.2.1: every one of them, the status that answers, and what changes
// nothing. SPDX-License-Identifier: BSL-1.0

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <weft/handshake/request.hpp>
#include <weft/handshake/server.hpp>

#include "handshake/messages.hpp"
#include "handshake/model_laws.hpp"

using namespace messages;
using weft::error;
using weft::handshake::request;

namespace {

request parsed(std::string_view text)
{
    request r;
    EXPECT_TRUE(r.feed(laws::bytes(text)).done) << text;
    return r;
}

struct broken_rule
{
    std::string_view name; // the field that is taken out
    fields instead;
    error fault;
    unsigned status;
};

const std::string key(laws::rfc_key);

const std::vector<broken_rule> broken_rules{
    {"Host", {}, error::bad_host, 400},
    {"Host", {{"Host", ""}}, error::bad_host, 400},
    {"Host", {{"Host", "a"}, {"host", "a"}}, error::bad_host, 400},
    {"Host", {{"Host", "a b"}}, error::bad_host, 400},
    {"Host", {{"Host", "a/b"}}, error::bad_host, 400},
    {"Host", {{"Host", "user@a"}}, error::bad_host, 400},
    {"Host", {{"Host", "a:b"}}, error::bad_host, 400},
    {"Host", {{"Host", "::1"}}, error::bad_host, 400},
    {"Host", {{"Host", "[::1"}}, error::bad_host, 400},
    {"Host", {{"Host", "a%4"}}, error::bad_host, 400},
    {"Upgrade", {}, error::bad_upgrade, 400},
    {"Upgrade", {{"Upgrade", ""}}, error::bad_upgrade, 400},
    {"Upgrade", {{"Upgrade", "web"}}, error::bad_upgrade, 400},
    {"Upgrade", {{"Upgrade", "websockets"}}, error::bad_upgrade, 400},
    {"Upgrade", {{"Upgrade", "\"websocket\""}}, error::bad_upgrade, 400},
    {"Upgrade", {{"Upgrade", "h2c"}}, error::bad_upgrade, 400},
    {"Connection", {}, error::bad_connection, 400},
    {"Connection", {{"Connection", "keep-alive"}}, error::bad_connection, 400},
    {"Connection", {{"Connection", "x=\"upgrade\""}}, error::bad_connection, 400},
    {"Sec-WebSocket-Version", {}, error::bad_version, 426},
    {"Sec-WebSocket-Version", {{"Sec-WebSocket-Version", "8"}}, error::bad_version, 426},
    {"Sec-WebSocket-Version", {{"Sec-WebSocket-Version", "013"}}, error::bad_version, 426},
    {"Sec-WebSocket-Version", {{"Sec-WebSocket-Version", "13, 8"}}, error::bad_version, 426},
    {"", {{"Sec-WebSocket-Version", "13"}}, error::bad_version, 426},
    {"Sec-WebSocket-Key", {}, error::bad_key, 400},
    {"", {{"Sec-WebSocket-Key", key}}, error::bad_key, 400},
    {"Sec-WebSocket-Key", {{"Sec-WebSocket-Key", ""}}, error::bad_key, 400},
    {"Sec-WebSocket-Key", {{"Sec-WebSocket-Key", "x"}}, error::bad_key, 400},
    {"Sec-WebSocket-Key", {{"Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA"}}, error::bad_key, 400},
    {"Sec-WebSocket-Key", {{"Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA="}}, error::bad_key, 400},
    {"Sec-WebSocket-Key", {{"Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAA="}}, error::bad_key, 400},
    {"Sec-WebSocket-Key", {{"Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAAA"}}, error::bad_key, 400},
    {"Sec-WebSocket-Key", {{"Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAA===="}}, error::bad_key, 400},
    {"Sec-WebSocket-Key", {{"Sec-WebSocket-Key", "AAAAAAAAAA=AAAAAAAAAAA=="}}, error::bad_key, 400},
    {"Sec-WebSocket-Key", {{"Sec-WebSocket-Key", "AAAAAAAAAA-AAAAAAAAAAA=="}}, error::bad_key, 400},
    {"Sec-WebSocket-Key", {{"Sec-WebSocket-Key", "AAAAAAAAAA AAAAAAAAAAA=="}}, error::bad_key, 400},
    {"Sec-WebSocket-Protocol", {{"Sec-WebSocket-Protocol", "a b"}}, error::bad_subprotocol, 400},
    {"Sec-WebSocket-Protocol",
     {{"Sec-WebSocket-Protocol", "a, \"b\""}},
     error::bad_subprotocol,
     400},
    {"Sec-WebSocket-Protocol", {{"Sec-WebSocket-Protocol", "a;b"}}, error::bad_subprotocol, 400},
    {"", {{"Sec-WebSocket-Extensions", ""}}, error::bad_extension, 400},
    {"", {{"Sec-WebSocket-Extensions", "a;"}}, error::bad_extension, 400},
    {"",
     {{"Sec-WebSocket-Extensions", "a"}, {"Sec-WebSocket-Extensions", "b c"}},
     error::bad_extension,
     400},
    {"", {{"Content-Length", "1"}}, error::request_body, 400},
    {"", {{"Content-Length", "0"}, {"Content-Length", "7"}}, error::request_body, 400},
    {"", {{"Content-Length", "-0"}}, error::request_body, 400},
    {"", {{"Transfer-Encoding", "chunked"}}, error::request_body, 400},
};

} // namespace

TEST(handshake_request, the_request_of_the_rfc_is_read)
{
    const request r = parsed(rfc_request);
    EXPECT_EQ(r.check(), error::none);
    EXPECT_EQ(r.target(), "/chat");
    EXPECT_EQ(r.host(), "server.example.com");
    EXPECT_EQ(r.origin(), "http://example.com");
    EXPECT_EQ(r.subprotocols(), (std::vector<std::string_view>{"chat", "superchat"}));
    EXPECT_TRUE(r.offers("chat") && !r.offers("Chat") && !r.offers("") &&
                !r.offers("chat, superchat"));
    EXPECT_EQ(std::distance(r.begin(), r.end()), 7);
    EXPECT_EQ((*r.begin()).name, "Host");
}

TEST(handshake_request, a_browsers_request_passes)
{
    const request r = parsed(browser_request);
    EXPECT_EQ(r.check(), error::none);
    EXPECT_EQ(r.target(), "/feed?room=a%20b");
    EXPECT_TRUE(r.subprotocols().empty());
}

TEST(handshake_request, every_rule_has_its_code_and_its_status)
{
    for (const broken_rule& rule : broken_rules) {
        const request r = parsed(request_of(with(rfc_fields, rule.name, rule.instead)));
        const auto what = testing::PrintToString(rule.instead) + std::string(rule.name);
        EXPECT_EQ(r.check(), rule.fault) << what;
        const auto sent = weft::handshake::reject(r.check());
        EXPECT_EQ(sent.fault, rule.fault) << what;
        EXPECT_TRUE(sent.bytes.starts_with("HTTP/1.1 " + std::to_string(rule.status) + " "))
            << what;
        EXPECT_EQ(laws::reply_is_one_response(sent), std::nullopt) << what;
    }
}

TEST(handshake_request, what_no_rule_forbids_is_accepted)
{
    const std::vector<std::pair<std::string_view, fields>> harmless{
        {"Host", {{"Host", "[::1]:8080"}}},
        {"Host", {{"Host", "xn--e1afmkfd.example."}}},
        {"Upgrade", {{"Upgrade", "h2c, WebSocket"}}},
        {"Upgrade", {{"Upgrade", "h2c"}, {"upgrade", "websocket"}}},
        {"Connection", {{"Connection", ",keep-alive ,\tUPGRADE,"}}},
        {"Connection", {{"Connection", "keep-alive"}, {"Connection", "upgrade"}}},
        {"Sec-WebSocket-Key",
         {{"Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAB=="}}}, // §4.3's grammar
        {"Sec-WebSocket-Protocol", {{"Sec-WebSocket-Protocol", ""}}},
        {"Sec-WebSocket-Protocol", {{"Sec-WebSocket-Protocol", "a,,a"}}},
        {"", {{"Sec-WebSocket-Extensions", "a, b; c; d=\"e\""}, {"Sec-WebSocket-Extensions", ""}}},
        {"", {{"Content-Length", "0"}}},
    };
    for (const auto& [name, instead] : harmless)
        EXPECT_EQ(parsed(request_of(with(rfc_fields, name, instead))).check(), error::none)
            << testing::PrintToString(instead);
    for (const std::string_view line : {"GET http://a/chat HTTP/1.1", "GET HTTPS://a/ HTTP/1.2"})
        EXPECT_EQ(parsed(compose(line, rfc_fields)).check(), error::none);
    for (const std::string_view line :
         {"GET h HTTP/1.1", "GET http:/a HTTP/1.1", "GET httpx://a HTTP/1.1"})
        EXPECT_EQ(parsed(compose(line, rfc_fields)).check(), error::bad_request_line);
}

RC_GTEST_PROP(handshake_request, order_and_case_and_blanks_mean_nothing, ())
{
    fields all = rfc_fields;
    std::minstd_rand shuffler(*rc::gen::arbitrary<std::uint32_t>());
    std::shuffle(all.begin(), all.end(), shuffler);
    std::string text = "GET /chat HTTP/1.1\r\n";
    for (const auto& [name, content] : all) {
        const bool ignores_case = name == "Upgrade" || name == "Connection";
        text += *any_case(name) + ":" + *blanks() + (ignores_case ? *any_case(content) : content);
        text += *blanks() + "\r\n";
        if (*rc::gen::arbitrary<bool>())
            text += "X-" + *token() + ":" + *value() + "\r\n";
    }
    request r({std::size_t{1} << 20, 100});
    RC_ASSERT(r.feed(laws::bytes(text + "\r\n")).done);
    RC_ASSERT(r.check() == error::none);
    RC_ASSERT(r.subprotocols().size() == 2U);
    const auto sent = answer(r, weft::handshake::accept());
    RC_ASSERT(sent.bytes.find(laws::rfc_accept) != std::string::npos);
}

RC_GTEST_PROP(handshake_request, offers_come_in_the_clients_order_from_all_fields, ())
{
    const auto names = *rc::gen::container<std::vector<std::string>>(token());
    fields all = with(rfc_fields, "Sec-WebSocket-Protocol");
    for (std::size_t i = 0; i < names.size(); ++i)
        if (i == 0 || *rc::gen::arbitrary<bool>())
            all.emplace_back("Sec-WebSocket-Protocol", names[i]);
        else
            all.back().second += *blanks() + "," + *blanks() + names[i];
    request r({std::size_t{1} << 20, 1000});
    RC_ASSERT(r.feed(laws::bytes(request_of(all))).done);
    const request moved(std::move(r));
    const auto offered = moved.subprotocols();
    RC_ASSERT(std::equal(names.begin(), names.end(), offered.begin(), offered.end()));
    RC_ASSERT(moved.check() == error::none);
}

RC_GTEST_PROP(handshake_request, whatever_comes_a_server_answers_with_one_response, ())
{
    keep(laws::each_side_judges_as_the_model(*request_or_nearly()));
    keep(laws::each_side_judges_as_the_model(*rc::gen::arbitrary<std::string>()));
}

RC_GTEST_PROP(handshake_request, what_one_parser_read_another_reads_alike, ())
{
    keep(laws::parts_give_the_same_request(*request_or_nearly()));
}

RC_GTEST_PROP(handshake_request, parts_from_another_parser_give_the_same_request, ())
{
    const auto more = *rc::gen::container<fields>(rc::gen::pair(token(), value()));
    const fields all = with(rfc_fields, "", more);
    const request made = request::from("/chat", all, {std::size_t{1} << 20, 1000});
    RC_ASSERT(made.done() && made.fault() == error::none);
    RC_ASSERT(made.target() == "/chat");
    RC_ASSERT(made.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        RC_ASSERT(made[i] == (weft::handshake::field{all[i].first, all[i].second}));
}

TEST(handshake_request, parts_that_could_not_be_sent_are_refused)
{
    const auto fault = [](std::string_view target, const fields& more,
                          weft::handshake::limits allowed = {}) {
        const request r = request::from(target, with(rfc_fields, "", more), allowed);
        EXPECT_EQ(r.done(), r.fault() == error::none);
        return r.fault();
    };
    EXPECT_EQ(fault("/", {}), error::none);
    for (const std::string_view target :
         {"", "*", "a", "/ HTTP/1.1\r\nA: b", "/ ", "/\n", "/\xFF", "/#"})
        EXPECT_EQ(fault(target, {}), error::bad_request_line) << target;
    const fields injections{
        {"A", "b\r\nC: d"}, {"A", "b\n"}, {"A", "\r"}, {"A", std::string(1, '\0')},
        {"", "x"},          {"A:", "b"},  {"A b", ""}, {"A\r\nB", ""}};
    for (const field& f : injections)
        EXPECT_EQ(fault("/", {f}), error::bad_field);
    EXPECT_EQ(fault("/", {}, {100, 100}), error::handshake_too_big);
    EXPECT_EQ(fault("/", {}, {8192, 6}), error::too_many_fields);
}
