// Requests and responses for the tests of the handshake, and generators of more.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_HANDSHAKE_MESSAGES_HPP
#define WEFT_PROPTEST_HANDSHAKE_MESSAGES_HPP

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "handshake/laws.hpp"

namespace weft {

// GoogleTest and RapidCheck print the rule and not its number.
inline void PrintTo(error e, std::ostream* out) { *out << describe(e).sentence; }

inline std::ostream& operator<<(std::ostream& out, error e) { return out << describe(e).sentence; }

} // namespace weft

namespace messages {

// A law in a property.
inline void keep(const laws::verdict& broken)
{
    if (broken)
        RC_FAIL(*broken);
}

using field = std::pair<std::string, std::string>;
using fields = std::vector<field>;

// RFC 6455 §1.2.
inline const fields rfc_fields{
    {"Host", "server.example.com"},   {"Upgrade", "websocket"},
    {"Connection", "Upgrade"},        {"Sec-WebSocket-Key", std::string(laws::rfc_key)},
    {"Origin", "http://example.com"}, {"Sec-WebSocket-Protocol", "chat, superchat"},
    {"Sec-WebSocket-Version", "13"}};

inline const fields rfc_response_fields{{"Upgrade", "websocket"},
                                        {"Connection", "Upgrade"},
                                        {"Sec-WebSocket-Accept", std::string(laws::rfc_accept)},
                                        {"Sec-WebSocket-Protocol", "chat"}};

inline std::string compose(std::string_view start_line, const fields& all)
{
    std::string text = std::string(start_line) + "\r\n";
    for (const auto& [name, value] : all)
        text += name + ": " + value + "\r\n";
    return text + "\r\n";
}

inline std::string request_of(const fields& all) { return compose("GET /chat HTTP/1.1", all); }

inline std::string response_of(const fields& all)
{
    return compose("HTTP/1.1 101 Switching Protocols", all);
}

inline const std::string rfc_request = request_of(rfc_fields);
inline const std::string rfc_response = response_of(rfc_response_fields);

// What Firefox sends, in its order.
inline const std::string browser_request = compose(
    "GET /feed?room=a%20b HTTP/1.1",
    {{"Host", "127.0.0.1:8080"},
     {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
     {"Accept", "*/*"},
     {"Accept-Language", "en-US,en;q=0.5"},
     {"Accept-Encoding", "gzip, deflate, br, zstd"},
     {"Sec-WebSocket-Version", "13"},
     {"Origin", "null"},
     {"Sec-WebSocket-Extensions", "permessage-deflate"},
     {"Sec-WebSocket-Key", "x3JJHMbDL1EzLkh9GBhXDw=="},
     {"DNT", "1"},
     {"Connection", "keep-alive, Upgrade"},
     {"Cookie", "a=\"1,2\"; b=\xC3\xA9"},
     {"Sec-Fetch-Dest", "empty"},
     {"Sec-Fetch-Mode", "websocket"},
     {"Sec-Fetch-Site", "cross-site"},
     {"Pragma", "no-cache"},
     {"Cache-Control", "no-cache"},
     {"Upgrade", "websocket"}});

// The fields of `all` without those of this name, and then `more`.
inline fields with(fields all, std::string_view name, const fields& more = {})
{
    std::erase_if(all, [&](const field& f) { return f.first == name; });
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

inline rc::Gen<std::string> any_case(std::string text)
{
    return rc::gen::map(
        rc::gen::container<std::vector<bool>>(text.size(), rc::gen::arbitrary<bool>()),
        [text](const std::vector<bool>& upper) {
            std::string out = text;
            for (std::size_t i = 0; i < out.size(); ++i)
                if ((out[i] >= 'a' && out[i] <= 'z') || (out[i] >= 'A' && out[i] <= 'Z'))
                    out[i] = static_cast<char>(upper[i] ? out[i] & ~0x20 : out[i] | 0x20);
            return out;
        });
}

inline rc::Gen<std::string> of_chars(std::string alphabet)
{
    return rc::gen::container<std::string>(rc::gen::elementOf(std::move(alphabet)));
}

inline rc::Gen<std::string> blanks() { return of_chars(" \t"); }

inline rc::Gen<std::string> token() { return rc::gen::nonEmpty(of_chars("aZ09!#$%&'*+-.^_`|~")); }

// Any bytes that a value may have, and no blanks around them.
inline rc::Gen<std::string> value()
{
    return rc::gen::map(of_chars("aZ09 \t,;=\"\\:()\x80\xFF~"), [](const std::string& text) {
        return std::string(weft::handshake::trimmed(text));
    });
}

inline rc::Gen<std::vector<std::uint8_t>> sizes()
{
    return rc::gen::container<std::vector<std::uint8_t>>(rc::gen::inRange<std::uint8_t>(1, 40));
}

// One of the messages above, or of its family, maybe with one byte changed or cut off.
inline rc::Gen<std::string> request_or_nearly()
{
    return rc::gen::exec([] {
        std::string text = *rc::gen::element(rfc_request, browser_request);
        const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
        switch (*rc::gen::inRange(0, 4)) {
        case 0:
            text[at] = *rc::gen::arbitrary<char>();
            break;
        case 1:
            text[at] = *rc::gen::element('\r', '\n', ' ', '\t', '\0', ':', ',', '"');
            break;
        case 2:
            text.erase(at, *rc::gen::inRange<std::size_t>(1, 30));
            break;
        default:
            break;
        }
        return text + *rc::gen::arbitrary<std::string>();
    });
}

} // namespace messages

#endif
