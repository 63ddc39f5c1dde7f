// The responses that do not open a connection (RFC 6455 §4.2.2, §4.4; RFC 9110 §15).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_REFUSAL_HPP
#define WEFT_HANDSHAKE_REFUSAL_HPP

#include <string>
#include <string_view>

#include <weft/handshake/field.hpp>
#include <weft/wire/error.hpp>

namespace weft::handshake {

/// The status that answers a request with this fault (RFC 9110 §15.5, RFC 6585 §5).
constexpr unsigned refusal_status(error why) noexcept
{
    switch (why) {
    case error::bad_method:
        return 405;
    case error::timeout:
        return 408;
    case error::bad_version:
        return 426; // RFC 6455 §4.4
    case error::handshake_too_big:
    case error::too_many_fields:
        return 431;
    default:
        return describe(why).family == condition::handshake_failed ? 400 : 500;
    }
}

/// The usual words for a status that a server refuses with; empty for others.
constexpr std::string_view reason_of(unsigned status) noexcept
{
    switch (status) {
    case 200:
        return "OK";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 303:
        return "See Other";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    default:
        return {};
    }
}

/// Whether a response of this status has no body, and says no length (RFC 9110 §8.6, §15.4.5).
constexpr bool is_bodiless(unsigned status) noexcept
{
    return status < 200 || status == 204 || status == 304;
}

/// Whether a server may refuse like this: 101 and the other interim ones refuse nothing.
constexpr bool may_refuse(unsigned status, std::string_view body) noexcept
{
    return status >= 200 && status <= 599 && (body.empty() || !is_bodiless(status));
}

/// A response that ends the connection. `connection` is the value of that field.
/// Precondition: `may_refuse(status, body) && may_send(fields)`. O(size).
inline std::string compose_refusal(unsigned status, const field_list& fields, std::string_view body,
                                   std::string_view connection = "close")
{
    std::string text;
    text.reserve(128 + size_of(fields) + body.size());
    text.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reason_of(status));
    text.append("\r\n");
    append_field(text, "Connection", connection);
    if (!is_bodiless(status))
        append_field(text, "Content-Length", std::to_string(body.size()));
    append_fields(text, fields);
    return text.append("\r\n").append(body);
}

/// The response to a request with this fault: its status, what the status demands, and the rule in
/// words. A fault that is the program's own is not explained to the peer.
inline std::string compose_refusal(error why)
{
    const unsigned status = refusal_status(why);
    if (status == 500)
        return compose_refusal(status, {}, {});
    field_list fields{{"Content-Type", "text/plain; charset=utf-8"}};
    if (why == error::bad_method)
        fields.emplace_back("Allow", "GET");
    if (why == error::bad_version) {
        fields.emplace_back("Sec-WebSocket-Version", "13");
        fields.emplace_back("Upgrade", "websocket");
    }
    // Upgrade is a field of this hop, so Connection names it (RFC 9110 §7.8).
    return compose_refusal(status, fields, describe(why).sentence,
                           why == error::bad_version ? "Upgrade, close" : "close");
}

static_assert(refusal_status(error::bad_key) == 400 && refusal_status(error::none) == 500);
static_assert(may_refuse(403, "no") && !may_refuse(101, "") && !may_refuse(204, "x"));

} // namespace weft::handshake

#endif
