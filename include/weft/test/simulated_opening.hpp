// The opening handshake of a simulated stream, and what comes right behind it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_SIMULATED_OPENING_HPP
#define WEFT_TEST_SIMULATED_OPENING_HPP

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <weft/handshake/accept_key.hpp>
#include <weft/test/simulated_wire.hpp>
#include <weft/test/wire_writer.hpp>
#include <weft/test/world.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::test {

namespace detail {

inline constexpr std::string_view usual_request =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

inline std::string response_to(std::span<const std::byte> request)
{
    constexpr std::string_view field = "Sec-WebSocket-Key: ";
    const std::string_view text(reinterpret_cast<const char*>(request.data()), request.size());
    const std::size_t at = text.find(field);
    const auto key = at == text.npos ? "" : text.substr(at + field.size(), handshake::key_size);
    const auto accept = handshake::accept_key(key);
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
           std::string(accept.begin(), accept.end()) + "\r\n\r\n";
}

} // namespace detail

/// Opens `stream` by the handshake, in which nothing is left to chance; `rest` comes in one piece
/// with the end of it. Nothing of it is left on the wire.
template <class Stream>
void open_by_handshake(Stream& stream, simulated_wire& wire, std::span<const std::byte> rest)
{
    world& w = wire.context();
    const bounds luck = std::exchange(w.left, bounds{});
    const auto told = [](error_code) {};
    std::string says(detail::usual_request);
    if constexpr (Stream::policies::role::is_client) {
        stream.async_handshake("a", "/", told);
        w.run();
        says = detail::response_to(wire.written());
    } else {
        stream.async_accept(told);
    }
    wire.peer_says(as_bytes(says));
    wire.peer_says(rest);
    w.run();
    wire.forget(std::min(says.size(), wire.received().size()));
    w.left = luck;
}

} // namespace weft::test

#endif
