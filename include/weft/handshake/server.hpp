// What a server sends back: the 101 that opens the connection, or a refusal (RFC 6455 §4.2.2).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_SERVER_HPP
#define WEFT_HANDSHAKE_SERVER_HPP

#include <cstddef>
#include <string>
#include <string_view>

#include <weft/handshake/accept_key.hpp>
#include <weft/handshake/decision.hpp>
#include <weft/handshake/refusal.hpp>
#include <weft/handshake/request.hpp>
#include <weft/wire/error.hpp>

namespace weft::handshake {

/// The response's bytes. Without a fault they open the connection; with one they end it.
struct [[nodiscard]] reply
{
    std::string bytes;
    error fault = error::none;
    std::string subprotocol; ///< what was agreed on, or empty
};

/// The response to a request that could not be parsed or broke a rule: 400, or the status that
/// fits (`refusal_status`), with the rule in words. `fault` is `why`. O(1).
inline reply reject(error why) { return {compose_refusal(why), why, {}}; }

namespace detail {

inline reply open_connection(const request& from, const decision& by)
{
    constexpr std::string_view first = "HTTP/1.1 101 Switching Protocols\r\n"
                                       "Upgrade: websocket\r\n"
                                       "Connection: Upgrade\r\n"
                                       "Sec-WebSocket-Accept: ";
    const auto accept = accept_key(from.key());
    reply made;
    std::string& text = made.bytes;
    constexpr std::size_t around = std::string_view("Sec-WebSocket-Protocol: \r\n\r\n\r\n").size();
    text.reserve(first.size() + accept.size() + by.subprotocol().size() + size_of(by.fields()) +
                 around);
    text.append(first).append(accept.data(), accept.size()).append("\r\n");
    if (!by.subprotocol().empty())
        append_field(text, "Sec-WebSocket-Protocol", by.subprotocol());
    append_fields(text, by.fields());
    text.append("\r\n");
    made.subprotocol = by.subprotocol();
    return made;
}

} // namespace detail

/// The response that `by` decides. A refusal has the fault `refused`. If the decision may not be
/// sent (a subprotocol that was not offered, a field that is reserved or has control characters, a
/// status that is not from 200 to 599, a body where its status allows none), the fault is
/// `bad_handshake_argument` and the client gets a plain 500.
/// Precondition: `from.check() == error::none`. O(bytes of both).
inline reply answer(const request& from, const decision& by)
{
    if (!may_send(by.fields()))
        return reject(error::bad_handshake_argument);
    if (!by.accepts()) {
        if (!by.subprotocol().empty() || !may_refuse(by.status(), by.body()))
            return reject(error::bad_handshake_argument);
        return {compose_refusal(by.status(), by.fields(), by.body()), error::refused, {}};
    }
    if (!by.subprotocol().empty() && !from.offers(by.subprotocol()))
        return reject(error::bad_handshake_argument);
    return detail::open_connection(from, by);
}

} // namespace weft::handshake

#endif
