// What a client opens with is what its program asked for, or nothing (RFC 6455 §4.1, RFC 9112
// §11.1). SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_HANDSHAKE_OPENING_LAW_HPP
#define WEFT_PROPTEST_HANDSHAKE_OPENING_LAW_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weft/handshake/client.hpp>
#include <weft/handshake/request.hpp>
#include <weft/test/handshake_model.hpp>
#include <weft/test/verdict.hpp>

namespace laws {

// Options as text: host, target, and then subprotocols and fields, which are `name=value`. Between
// them stands the unit separator, which none of them may contain.
inline weft::handshake::client_options options_from(std::string_view text)
{
    weft::handshake::client_options options;
    const auto parts = weft::test::split(text, "\x1F");
    options.host = parts[0];
    options.target = parts.size() < 2 ? "/" : parts[1];
    for (std::size_t i = 2; i < parts.size(); ++i)
        if (const std::size_t at = parts[i].find('='); at == std::string::npos)
            options.subprotocols.push_back(parts[i]);
        else
            options.fields.emplace_back(parts[i].substr(0, at), parts[i].substr(at + 1));
    return options;
}

// RFC 6455 §11.3, and what frames a message (RFC 9112 §6): the handshake's own fields.
inline bool is_the_handshakes_own(std::string_view name)
{
    const std::string lower = weft::test::in_lower_case(name);
    return lower == "host" || lower == "upgrade" || lower == "connection" ||
           lower == "content-length" || lower == "transfer-encoding" ||
           lower.starts_with("sec-websocket-");
}

// RFC 6455 §4.1: a resource name, a host, subprotocols that are tokens and unique, and fields that
// end where they end (RFC 9112 §11.1).
inline bool may_be_asked(const weft::handshake::client_options& options)
{
    using namespace weft::test;
    const auto& names = options.subprotocols;
    return options.target.starts_with('/') && is_resource(options.target) &&
           is_host(options.host) && std::ranges::all_of(names, is_http_token) &&
           std::set(names.begin(), names.end()).size() == names.size() &&
           std::ranges::all_of(options.fields, [](const auto& field) {
               return is_http_token(field.first) && is_text(field.second) &&
                      !is_the_handshakes_own(field.first);
           });
}

// The fields of the request that asks for this, without the blanks that a recipient drops.
inline std::vector<std::pair<std::string, std::string>>
fields_for(const weft::handshake::client_options& options, const std::string& key)
{
    std::vector<std::pair<std::string, std::string>> all{{"Host", options.host},
                                                         {"Upgrade", "websocket"},
                                                         {"Connection", "Upgrade"},
                                                         {"Sec-WebSocket-Key", key},
                                                         {"Sec-WebSocket-Version", "13"}};
    std::string offered;
    for (const std::string& name : options.subprotocols)
        offered += (offered.empty() ? "" : ", ") + name;
    if (!offered.empty())
        all.emplace_back("Sec-WebSocket-Protocol", offered);
    for (const auto& [name, value] : options.fields)
        all.emplace_back(name, weft::test::without_blanks(value));
    return all;
}

// What is written is one request that breaks no rule and asks for exactly this. If this may not be
// asked for, nothing is written.
inline weft::test::verdict
a_client_opens_with_what_it_was_told(const weft::handshake::client_options& options,
                                     const std::array<std::byte, 16>& nonce)
{
    using weft::error;
    const auto made = open(options, nonce);
    if (!may_be_asked(options))
        return made.fault == error::bad_handshake_argument && made.bytes.empty() && made.key.empty()
                   ? weft::test::verdict()
                   : "asks for what it may not: " + made.bytes;
    const auto head = weft::test::http_head::read(made.bytes);
    if (made.fault != error::none || !head || !made.bytes.ends_with("\r\n\r\n") ||
        made.bytes.find("\r\n\r\n") + 4 != made.bytes.size())
        return "opens with what is not one head: " + made.bytes;
    const std::string key =
        weft::test::base64_of({reinterpret_cast<const char*>(nonce.data()), nonce.size()});
    if (made.key != key || head->first_line != "GET " + options.target + " HTTP/1.1" ||
        head->fields != fields_for(options, key) || !broken_by_request(*head).empty())
        return "opens with " + made.bytes;
    return {};
}

inline weft::test::verdict a_client_opens_with_what_it_was_told(std::string_view text)
{
    std::array<std::byte, 16> nonce{};
    std::ranges::copy(std::as_bytes(std::span(text.substr(0, nonce.size()))), nonce.begin());
    return a_client_opens_with_what_it_was_told(options_from(text), nonce);
}

} // namespace laws

#endif
