// What weft makes of a handshake and what the model makes of it, and where weft is stricter or
// looser by right (RFC 6455 §4, RFC 9110). SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_HANDSHAKE_MODEL_LAWS_HPP
#define WEFT_PROPTEST_HANDSHAKE_MODEL_LAWS_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <weft/test/handshake_model.hpp>

#include "handshake/laws.hpp"

namespace laws {

using weft::test::broken_rules;
using weft::test::http_head;

inline std::string print(const broken_rules& broken)
{
    std::string out;
    for (const error rule : broken)
        out += std::string("\n  ") + weft::describe(rule).sentence;
    return out.empty() ? "\n  nothing" : out;
}

// Weft's lists may have quoted strings, and a comma within one separates nothing. Connection and
// Upgrade list tokens (RFC 9110 §7.6.1, §7.8), so nobody may send a quotation mark in one.
inline bool has_quotes(const http_head& head, std::string_view name)
{
    return std::ranges::any_of(
        head.values(name), [](const std::string& value) { return value.find('"') != value.npos; });
}

// RFC 9110 §9.3.1 gives a GET's content no meaning and lets a server refuse it; weft does, since
// frames follow the head at once (RFC 6455 §4.1).
inline bool announces_body(const http_head& head)
{
    const auto lengths = head.values("Content-Length");
    return !head.values("Transfer-Encoding").empty() ||
           std::ranges::any_of(lengths, [](const std::string& length) { return length != "0"; });
}

// "HTTP/1.1 or higher" (RFC 6455 §4.2.1) has HTTP/2.0 in it, but that version has no such lines
// (RFC 9113 §3). Weft takes HTTP/1.1 to HTTP/1.9.
inline bool is_version_without_lines(const http_head& head)
{
    const std::size_t at = head.first_line.find("HTTP/");
    return at != head.first_line.npos && head.first_line.substr(at + 5, 2) != "1.";
}

// Where weft breaks with the model, and may: `e` is what weft says.
inline bool may_differ(const http_head& head, const broken_rules& broken, error e)
{
    if (e == error::request_body)
        return broken.empty() && announces_body(head);
    if (e == error::bad_upgrade)
        return has_quotes(head, "Upgrade");
    if (e == error::bad_connection)
        return has_quotes(head, "Connection");
    return (e == error::bad_request_line || e == error::bad_status_line) &&
           is_version_without_lines(head);
}

// What weft tolerates: subprotocols that are an empty list, as if the field weren't there (RFC 9110
// §5.6.1.2 has a recipient pass over empty elements; RFC 6455 §4.3 wants one that isn't empty).
inline void tolerate(const http_head& asked, broken_rules& broken, const request&)
{
    if (asked.list("Sec-WebSocket-Protocol").empty())
        broken.erase(error::bad_subprotocol);
}

// And a response that names websocket more than once: that is one protocol (RFC 9110 §5.3, §7.8).
inline void tolerate(const http_head& answer, broken_rules& broken, const response&)
{
    const auto names = answer.list("Upgrade");
    if (!names.empty() && std::ranges::all_of(names, [](const std::string& name) {
            return weft::test::in_lower_case(name) == "websocket";
        }))
        broken.erase(error::bad_upgrade);
}

// The model has one rule for a request's first line, and one for any status but 101.
inline error rule_of(error e)
{
    return e == error::bad_method        ? error::bad_request_line
           : e == error::bad_status_line ? error::declined
                                         : e;
}

// Weft accepts what breaks no rule, and names a rule that is broken. `judge` is the model's
// judgement of a whole head, `check` is weft's.
template <class Message, class Judge, class Check>
verdict weft_agrees_with_the_model(std::string_view wire, const slow_head& head, Judge judge,
                                   Check check)
{
    Message by_weft({1 << 30, 1 << 30});
    const auto p = by_weft.feed(bytes(wire));
    if (!head)
        return p.done ? verdict("weft takes what is no head") : verdict();
    const error e = p.done ? check(by_weft) : p.fault;
    if (!p.done && e == error::none)
        return "weft waits for more of a head that is whole";
    broken_rules broken = judge(*head);
    tolerate(*head, broken, by_weft);
    const bool agrees =
        e == error::none ? broken.empty() : broken.contains(e) || broken.contains(rule_of(e));
    if (agrees || may_differ(*head, broken, e))
        return {};
    return "weft says: " + std::string(weft::describe(e).sentence) +
           "\nand broken is:" + print(broken);
}

// RFC 6455 §4.2.1.
inline verdict a_request_is_judged_as_by_the_model(std::string_view wire, const slow_head& asked)
{
    return weft_agrees_with_the_model<request>(
        wire, asked, [](const http_head& head) { return weft::test::broken_by_request(head); },
        [](const request& r) { return r.check(); });
}

// RFC 6455 §4.1.
inline verdict a_response_is_judged_as_by_the_model(std::string_view wire, const slow_head& answer,
                                                    const std::string& key,
                                                    const std::vector<std::string>& subprotocols)
{
    const weft::handshake::client_options options{
        .host = "a", .target = "/", .subprotocols = subprotocols, .fields = {}};
    return weft_agrees_with_the_model<response>(
        wire, answer,
        [&](const http_head& head) {
            return weft::test::broken_by_response(head, key, subprotocols);
        },
        [&](const response& r) { return r.check(key, options); });
}

// RFC 6455 §4.2.2: a server opens the connection in words that the model takes, with the
// subprotocol that is first in the request, or refuses in a message that holds what it announces.
inline verdict a_server_answers_as_the_model_demands(std::string_view wire, const slow_head& asked)
{
    request r;
    const auto p = r.feed(bytes(wire));
    const error e = p.done ? r.check() : p.fault;
    if (!p.done && e == error::none)
        return {};
    auto by = weft::handshake::accept();
    if (const auto offered = r.subprotocols(); !offered.empty())
        by.subprotocol(std::string(offered.front()));
    const auto sent = e == error::none ? answer(r, by) : weft::handshake::reject(e);
    const auto head = http_head::read(sent.bytes);
    if (!head || sent.fault != e)
        return "the answer is no head: " + sent.bytes;
    const std::string body = sent.bytes.substr(sent.bytes.find("\r\n\r\n") + 4);
    const std::string length = std::to_string(body.size());
    if (auto wrong = reply_is_one_response(sent))
        return wrong;
    if (e != error::none)
        return !head->first_line.starts_with("HTTP/1.1 4") ? "refuses with " + head->first_line
               : head->only("Content-Length") != length    ? "announces another body: " + sent.bytes
                                                           : verdict();
    if (!asked)
        return "answers what is no head";
    const auto broken = broken_by_response(*head, asked->only("Sec-WebSocket-Key").value_or(""),
                                           asked->list("Sec-WebSocket-Protocol"));
    if (!broken.empty() || !body.empty() ||
        head->values("Sec-WebSocket-Protocol").size() != (r.subprotocols().empty() ? 0U : 1U))
        return "answers " + sent.bytes + "\nand broken is:" + print(broken);
    return {};
}

// A wire as a server takes it, which answers, and as a client that has sent `rfc_key`.
inline verdict each_side_judges_as_the_model(std::string_view wire)
{
    const slow_head head = http_head::read(wire);
    if (auto wrong = reads_what_is_written<request>(wire, head))
        return wrong;
    if (auto wrong = reads_what_is_written<response>(wire, head))
        return wrong;
    if (auto wrong = a_request_is_judged_as_by_the_model(wire, head))
        return wrong;
    if (auto wrong = a_server_answers_as_the_model_demands(wire, head))
        return wrong;
    return a_response_is_judged_as_by_the_model(wire, head, std::string(rfc_key),
                                                {"chat", "superchat"});
}

// A handshake that is right but for one value: the first byte chooses the line, the others are what
// stands there. Without others there is no such line.
inline verdict one_value_is_judged_as_by_the_model(std::string_view input)
{
    using lines = std::vector<std::string>;
    static const lines messages[] = {
        {"GET / HTTP/1.1", "Host: a", "Upgrade: websocket", "Connection: Upgrade",
         "Sec-WebSocket-Key: " + std::string(rfc_key), "Sec-WebSocket-Version: 13",
         "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Extensions: a; b=c"},
        {"HTTP/1.1 101", "Upgrade: websocket", "Connection: Upgrade",
         "Sec-WebSocket-Accept: " + std::string(rfc_accept), "Sec-WebSocket-Protocol: chat"}};
    if (input.empty())
        return {};
    const auto choice = static_cast<unsigned char>(input[0]);
    const lines& all = messages[choice % 2];
    std::string text;
    for (const std::string& line : all)
        if (&line != &all[choice / 2 % all.size()])
            text += line + "\r\n";
        else if (input.size() > 1)
            text += line.substr(0, line.find(' ') + 1).append(input.substr(1)) + "\r\n";
    return each_side_judges_as_the_model(text + "\r\n");
}

} // namespace laws

#endif
