// The request with which a client opens a connection (RFC 6455 §4.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_CLIENT_HPP
#define WEFT_HANDSHAKE_CLIENT_HPP

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <weft/handshake/base64.hpp>
#include <weft/handshake/chars.hpp>
#include <weft/handshake/field.hpp>
#include <weft/handshake/host.hpp>
#include <weft/wire/error.hpp>

namespace weft::handshake {

/// What a client asks for.
struct client_options
{
    std::string host;         ///< the Host field: a name or address, and the port if not the usual
    std::string target = "/"; ///< the resource name (§3): path and query, percent-encoded
    std::vector<std::string> subprotocols{}; ///< the preferred first; tokens, none twice
    field_list fields{};                     ///< more fields, for instance Origin or Authorization
};

/// The request's bytes, and the key that the response must answer.
struct [[nodiscard]] opening
{
    std::string bytes;
    std::string key;
    error fault = error::none;
};

/// Whether the options can be sent as they are: a host and maybe a port, a target that begins with
/// '/' and is printable ASCII without '#', subprotocols that are different tokens, and fields that
/// `may_send` allows. O(size), and quadratic in the number of subprotocols.
inline bool is_sendable(const client_options& options) noexcept
{
    if (!is_host(options.host))
        return false;
    if (options.target.empty() || options.target.front() != '/' ||
        !all(chars::target, options.target))
        return false;
    for (std::size_t i = 0; i < options.subprotocols.size(); ++i) {
        if (!is_token(options.subprotocols[i]))
            return false;
        for (std::size_t earlier = 0; earlier < i; ++earlier)
            if (options.subprotocols[earlier] == options.subprotocols[i])
                return false;
    }
    return may_send(options.fields);
}

/// The opening request. `nonce` must be fresh and unpredictable for each connection (§4.1). If the
/// options may not be sent, the fault is `bad_handshake_argument` and there are no bytes. O(size).
inline opening open(const client_options& options, const std::array<std::byte, 16>& nonce)
{
    if (!is_sendable(options))
        return {{}, {}, error::bad_handshake_argument};
    const auto key = base64(nonce);
    opening made;
    made.key.assign(key.data(), key.size());

    std::string& text = made.bytes;
    std::size_t size = 192 + options.target.size() + options.host.size() + size_of(options.fields);
    for (const std::string& name : options.subprotocols)
        size += name.size() + 2;
    text.reserve(size);

    text.append("GET ").append(options.target).append(" HTTP/1.1\r\n");
    append_field(text, "Host", options.host);
    text.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
    append_field(text, "Sec-WebSocket-Key", made.key);
    append_field(text, "Sec-WebSocket-Version", "13");
    std::string_view before = "Sec-WebSocket-Protocol: ";
    for (const std::string& name : options.subprotocols) {
        text.append(before).append(name);
        before = ", ";
    }
    if (!options.subprotocols.empty())
        text.append("\r\n");
    append_fields(text, options.fields);
    text.append("\r\n");
    return made;
}

} // namespace weft::handshake

#endif
