// Sec-WebSocket-Accept: the server's proof that it read the client's key (RFC 6455 §4.2.2).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_ACCEPT_KEY_HPP
#define WEFT_HANDSHAKE_ACCEPT_KEY_HPP

#include <array>
#include <cstddef>
#include <string_view>

#include <weft/handshake/base64.hpp>
#include <weft/handshake/sha1.hpp>

namespace weft::handshake {

/// Characters of a client's key: 16 bytes in Base64 (RFC 6455 §4.1).
inline constexpr std::size_t key_size = 24;

/// The answer to `key`: Base64 of SHA-1 of the key and the GUID of RFC 6455 §1.3. A key that has
/// not `key_size` characters is answered as if it were cut or padded with NUL to that size. O(1).
constexpr std::array<char, 28> accept_key(std::string_view key) noexcept
{
    constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<char, key_size + guid.size()> text{};
    for (std::size_t i = 0; i < key_size && i < key.size(); ++i)
        text[i] = key[i];
    for (std::size_t i = 0; i < guid.size(); ++i)
        text[key_size + i] = guid[i];
    return base64(sha1({text.data(), text.size()}));
}

namespace detail {

template <std::size_t N>
constexpr std::string_view as_text(const std::array<char, N>& text) noexcept
{
    return {text.data(), text.size()};
}

} // namespace detail

// RFC 6455 §1.3.
static_assert(detail::as_text(accept_key("dGhlIHNhbXBsZSBub25jZQ==")) ==
              "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");

} // namespace weft::handshake

#endif
