// A message's head as HTTP has it, read slowly from the whole text: what the model of the handshake
// stands on (RFC 9110 §5, RFC 9112 §5).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_HTTP_MODEL_HPP
#define WEFT_TEST_HTTP_MODEL_HPP

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weft::test {

using strings = std::vector<std::string>;

inline constexpr std::string_view decimal_digits = "0123456789";
inline constexpr std::string_view hex_digits = "0123456789ABCDEFabcdef";

inline std::string in_lower_case(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

/// Without the spaces and tabs around it (RFC 9110 §5.5).
inline std::string without_blanks(std::string_view text)
{
    const std::size_t first = std::min(text.find_first_not_of(" \t"), text.size());
    return std::string(text.substr(first, text.find_last_not_of(" \t") + 1 - first));
}

inline strings split(std::string_view text, std::string_view separator)
{
    strings out;
    for (std::size_t end = text.find(separator); end != text.npos; end = text.find(separator)) {
        out.emplace_back(text.substr(0, end));
        text.remove_prefix(end + separator.size());
    }
    out.emplace_back(text);
    return out;
}

inline bool is_made_of(std::string_view text, std::string_view letters)
{
    return text.find_first_not_of(letters) == text.npos;
}

inline bool is_visible(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

/// RFC 9110 §5.5: no control characters but the tab.
inline bool is_text(std::string_view text)
{
    return std::ranges::none_of(
        text, [](char c) { return (c >= '\0' && c < ' ' && c != '\t') || c == '\x7F'; });
}

/// RFC 9110 §5.6.2: visible characters without the delimiters.
inline bool is_http_token(std::string_view text)
{
    return !text.empty() && is_visible(text) &&
           text.find_first_of("\"(),/:;<=>?@[\\]{}") == text.npos;
}

/// The elements of a list, of which the empty ones count for nothing (RFC 9110 §5.6.1.2).
inline strings elements(std::string_view list)
{
    strings out;
    for (const std::string& element : split(list, ","))
        if (std::string one = without_blanks(element); !one.empty())
            out.push_back(std::move(one));
    return out;
}

/// The first line and the fields of a message, as it is before its first empty line.
struct http_head
{
    std::string first_line{};
    std::vector<std::pair<std::string, std::string>> fields{};

    /// Nothing if a line is none of HTTP's (RFC 9112 §5).
    static std::optional<http_head> read(std::string_view wire)
    {
        http_head head;
        const std::size_t end = wire.find("\r\n\r\n");
        if (end == wire.npos)
            return std::nullopt;
        strings lines = split(wire.substr(0, end), "\r\n");
        if (!std::ranges::all_of(lines, is_text))
            return std::nullopt;
        head.first_line = lines.front();
        lines.erase(lines.begin());
        for (const std::string& line : lines) {
            const std::size_t colon = line.find(':');
            if (colon == line.npos || !is_http_token(line.substr(0, colon)))
                return std::nullopt;
            head.fields.emplace_back(line.substr(0, colon), without_blanks(line.substr(colon + 1)));
        }
        return head;
    }

    /// The values of all fields of this name.
    strings values(std::string_view name) const
    {
        strings out;
        for (const auto& [its_name, value] : fields)
            if (its_name.size() == name.size() && in_lower_case(its_name) == in_lower_case(name))
                out.push_back(value);
        return out;
    }

    /// The value of a field that must be there once, or nothing.
    std::optional<std::string> only(std::string_view name) const
    {
        const strings all = values(name);
        return all.size() == 1 ? std::optional(all.front()) : std::nullopt;
    }

    /// The elements of all of them, as if they were one list (RFC 9110 §5.3).
    strings list(std::string_view name) const
    {
        strings out;
        for (const std::string& value : values(name))
            for (std::string& element : elements(value))
                out.push_back(std::move(element));
        return out;
    }

    /// Whether it lists this word, in whatever case.
    bool names(std::string_view name, std::string_view word) const
    {
        return std::ranges::any_of(
            list(name), [&](const std::string& one) { return in_lower_case(one) == word; });
    }
};

} // namespace weft::test

#endif
