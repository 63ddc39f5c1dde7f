// The character classes of HTTP that the opening handshake is made of (RFC 9110 §5.6, RFC 9112).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_CHARS_HPP
#define WEFT_HANDSHAKE_CHARS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::handshake {

/// Sets of characters, as bits: a character may belong to several.
enum class chars : std::uint8_t {
    none = 0,
    token = 1,  ///< tchar: names, list elements (RFC 9110 §5.6.2)
    value = 2,  ///< what a field's value or a reason may hold: no controls but the tab (§5.5)
    target = 4, ///< printable ASCII but the space and '#' (RFC 6455 §3: no fragment)
    host = 8,   ///< uri-host and port, which `is_host` takes apart (RFC 3986 §3.2.2)
    base64 = 16 ///< the alphabet without padding (RFC 4648 §4)
};

namespace detail {

constexpr bool is_alphanumeric(unsigned c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr std::array<std::uint8_t, 256> make_char_table() noexcept
{
    std::array<std::uint8_t, 256> table{};
    const auto add = [&table](std::size_t c, chars set) {
        table[c] = static_cast<std::uint8_t>(table[c] | static_cast<unsigned>(set));
    };
    for (unsigned c = 0; c < 256; ++c) {
        if (is_alphanumeric(c))
            for (const chars set : {chars::token, chars::host, chars::base64})
                add(c, set);
        if (c > 0x20 && c < 0x7F && c != '#')
            add(c, chars::target);
        if (c == '\t' || (c >= 0x20 && c != 0x7F))
            add(c, chars::value);
    }
    for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
        add(static_cast<unsigned char>(c), chars::token);
    for (const char c : std::string_view("-._~!$&'()*+,;=%:[]"))
        add(static_cast<unsigned char>(c), chars::host);
    add('+', chars::base64);
    add('/', chars::base64);
    return table;
}

inline constexpr std::array<std::uint8_t, 256> char_table = make_char_table();

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

} // namespace detail

/// Whether `c` belongs to `set`.
constexpr bool is(chars set, char c) noexcept
{
    return (detail::char_table[static_cast<unsigned char>(c)] & static_cast<unsigned>(set)) != 0;
}

/// Whether every character of `text` belongs to `set`; the empty text does. O(size).
constexpr bool all(chars set, std::string_view text) noexcept
{
    for (const char c : text)
        if (!is(set, c))
            return false;
    return true;
}

/// One or more token characters: field names, subprotocols, extension names.
constexpr bool is_token(std::string_view text) noexcept
{
    return !text.empty() && all(chars::token, text);
}

/// OWS: a space or a tab (RFC 9110 §5.6.3).
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

/// `text` without the blanks at both ends. O(size).
constexpr std::string_view trimmed(std::string_view text) noexcept
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

/// Equality that ignores the case of ASCII letters and nothing else. O(size).
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept
{
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (detail::lower(a[i]) != detail::lower(b[i]))
            return false;
    return true;
}

static_assert(is_token("Sec-WebSocket-Key") && !is_token("a b") && !is_token("") &&
              !is_token("a:"));
static_assert(all(chars::value, "a\tb \xC3\xA9") && !all(chars::value, "a\rb"));
static_assert(equal_ignoring_case("WebSocket", "websocket") && !equal_ignoring_case("[", "{"));
static_assert(trimmed(" \tx y\t ") == "x y" && trimmed(" ").empty());

} // namespace weft::handshake

#endif
