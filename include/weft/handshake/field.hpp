// A header field, and the rules for those that we send (RFC 9110 §5, RFC 9112 §5).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_FIELD_HPP
#define WEFT_HANDSHAKE_FIELD_HPP

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weft/handshake/chars.hpp>

namespace weft::handshake {

/// A field of a head that was received; both views point into that head.
struct field
{
    std::string_view name;
    std::string_view value; ///< without the blanks around it

    friend constexpr bool operator==(const field&, const field&) = default;
};

/// Fields that a program wants to send, in its order.
using field_list = std::vector<std::pair<std::string, std::string>>;

/// Whether a field can be written without changing what stands around it: the name is a token and
/// the value has no control characters but tabs (RFC 9112 §11.1: no CR, no LF, no NUL). O(size).
constexpr bool is_sendable(std::string_view name, std::string_view value) noexcept
{
    return is_token(name) && all(chars::value, value);
}

/// Whether the opening handshake itself decides about this field, so that a program may not: the
/// fields of RFC 6455 §11.3, and those that frame an HTTP message. O(1).
constexpr bool is_reserved(std::string_view name) noexcept
{
    constexpr std::string_view prefix = "Sec-WebSocket-";
    for (const std::string_view mine :
         {"Host", "Upgrade", "Connection", "Content-Length", "Transfer-Encoding"})
        if (equal_ignoring_case(name, mine))
            return true;
    return equal_ignoring_case(name.substr(0, prefix.size()), prefix);
}

/// Whether a program may have all of `fields` sent. O(total size).
inline bool may_send(const field_list& fields) noexcept
{
    for (const auto& [name, value] : fields)
        if (!is_sendable(name, value) || is_reserved(name))
            return false;
    return true;
}

/// Appends `name: value` and the end of the line.
inline void append_field(std::string& text, std::string_view name, std::string_view value)
{
    text.append(name).append(": ").append(value).append("\r\n");
}

/// Appends all of `fields`.
inline void append_fields(std::string& text, const field_list& fields)
{
    for (const auto& [name, value] : fields)
        append_field(text, name, value);
}

/// The bytes that `append_fields` appends.
inline std::size_t size_of(const field_list& fields) noexcept
{
    std::size_t size = 0;
    for (const auto& [name, value] : fields)
        size += name.size() + value.size() + 4;
    return size;
}

static_assert(is_sendable("X-Trace", "a b") && !is_sendable("X", "a\r\nb") &&
              !is_sendable("a b", ""));
static_assert(is_reserved("upgrade") && is_reserved("sec-websocket-x") && !is_reserved("Sec-Web"));

} // namespace weft::handshake

#endif
