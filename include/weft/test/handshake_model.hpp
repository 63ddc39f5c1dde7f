// RFC 6455's opening handshake as the simplest program that can say what is wrong with it (§4.1,
// §4.2.1, §4.3, §9.1, §11.3): the oracle of handshakes.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_HANDSHAKE_MODEL_HPP
#define WEFT_TEST_HANDSHAKE_MODEL_HPP

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include <weft/test/accept_model.hpp>
#include <weft/test/http_model.hpp>
#include <weft/wire/error.hpp>

namespace weft::test {

/// The rules that a message breaks, by the name that an error has for each.
using broken_rules = std::set<error>;

/// "HTTP/1.1 or higher" (§4.1, §4.2.1).
inline bool is_version(std::string_view text)
{
    return text.size() == 8 && text.starts_with("HTTP/") && text[6] == '.' &&
           is_made_of(text.substr(5, 1), decimal_digits) &&
           is_made_of(text.substr(7), decimal_digits) && text.substr(5) >= "1.1";
}

/// §3: a path and a query, or an http or https URI that has them (§4.2.1), without a fragment.
inline bool is_resource(std::string_view target)
{
    const std::string text = in_lower_case(target);
    return is_visible(text) && text.find('#') == text.npos &&
           (text.starts_with("/") || text.starts_with("http://") || text.starts_with("https://"));
}

/// RFC 9110 §7.2: a name or an address, and maybe a port (RFC 3986 §3.2.2, §3.2.3).
inline bool is_host(std::string_view text)
{
    const bool address = text.starts_with('['); // of IPv6, or of a version to come
    const std::string_view name = text.substr(0, address ? text.find(']') : text.find(':'));
    const std::string_view rest = text.substr(name.size());
    const std::string letters = std::string(base64_letters.substr(0, 62)) + "-._~!$&'()*+,;=";
    if (address)
        return name.size() > 1 && is_made_of(name.substr(1), letters + ":") &&
               (rest == "]" ||
                (rest.starts_with("]:") && is_made_of(rest.substr(2), decimal_digits)));
    const strings parts = split(name, "%"); // two digits behind each
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (!is_made_of(parts[i], letters) ||
            (i != 0 && (parts[i].size() < 2 || !is_made_of(parts[i].substr(0, 2), hex_digits))))
            return false;
    return !name.empty() && (rest.empty() || is_made_of(rest.substr(1), decimal_digits));
}

/// §9.1: a token, or one in quotes, with backslashes that count for nothing.
inline bool is_parameter_value(std::string_view text)
{
    if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"'))
        return is_http_token(text);
    std::string plain;
    text = text.substr(1, text.size() - 2);
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && ++at == text.size())
            return false;
        plain += text[at];
    }
    return is_http_token(plain);
}

/// §9.1: `name; parameter; parameter=value`. No separator is part of a value, quoted or not.
inline bool is_extension(std::string_view text)
{
    const strings parts = split(text, ";");
    return std::ranges::all_of(parts, [&](const std::string& part) {
        const std::size_t equals = &part == &parts.front() ? part.npos : part.find('=');
        return is_http_token(without_blanks(std::string_view(part).substr(0, equals))) &&
               (equals == part.npos || is_parameter_value(without_blanks(part.substr(equals + 1))));
    });
}

/// The rules of §4.2.1, one by one, that a client's request breaks.
inline broken_rules broken_by_request(const http_head& asked)
{
    broken_rules out;
    const auto demand = [&](bool kept, error rule) { kept ? void() : void(out.insert(rule)); };
    const strings line = split(asked.first_line, " ");
    demand(line.size() == 3 && line[0] == "GET" && is_resource(line[1]) && is_version(line[2]),
           error::bad_request_line);
    demand(is_host(asked.only("Host").value_or("")), error::bad_host);
    demand(asked.names("Upgrade", "websocket"), error::bad_upgrade);
    demand(asked.names("Connection", "upgrade"), error::bad_connection);
    const auto key = base64_decoded(asked.only("Sec-WebSocket-Key").value_or(""));
    demand(key && key->size() == 16, error::bad_key);
    demand(asked.only("Sec-WebSocket-Version") == "13", error::bad_version);
    const strings protocols = asked.list("Sec-WebSocket-Protocol");
    demand(std::ranges::all_of(protocols, is_http_token), error::bad_subprotocol);
    const strings extensions = asked.list("Sec-WebSocket-Extensions");
    demand(std::ranges::all_of(extensions, is_extension), error::bad_extension);
    // §4.3: of either list there is none, or there are elements in it.
    demand(protocols.empty() == asked.values("Sec-WebSocket-Protocol").empty(),
           error::bad_subprotocol);
    demand(extensions.empty() == asked.values("Sec-WebSocket-Extensions").empty(),
           error::bad_extension);
    return out;
}

/// The rules of §4.1 that a server's response breaks, for the client that sent this key, asked for
/// one of these subprotocols and for no extension.
inline broken_rules broken_by_response(const http_head& answer, std::string_view key,
                                       const strings& subprotocols)
{
    broken_rules out;
    const auto demand = [&](bool kept, error rule) { kept ? void() : void(out.insert(rule)); };
    const strings line = split(answer.first_line, " ");
    demand(line.size() > 1 && line[1] == "101", error::declined);
    demand(is_version(line[0]), error::bad_status_line); // RFC 9110 §15.2: none before 1.1
    demand(in_lower_case(answer.only("Upgrade").value_or("")) == "websocket", error::bad_upgrade);
    demand(answer.names("Connection", "upgrade"), error::bad_connection);
    demand(answer.only("Sec-WebSocket-Accept") == accept_of(key), error::bad_accept);
    demand(answer.values("Sec-WebSocket-Extensions").empty(), error::unoffered_extension);
    // §11.3.4: at most once in a response.
    const strings chosen = answer.values("Sec-WebSocket-Protocol");
    demand(chosen.empty() || (chosen.size() == 1 &&
                              std::ranges::find(subprotocols, chosen[0]) != subprotocols.end()),
           error::unoffered_subprotocol);
    return out;
}

} // namespace weft::test

#endif
