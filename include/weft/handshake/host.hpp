// The value of Host: whom a request is for (RFC 9110 §7.2, RFC 3986 §3.2).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_HOST_HPP
#define WEFT_HANDSHAKE_HOST_HPP

#include <cstddef>
#include <string_view>

#include <weft/handshake/chars.hpp>

namespace weft::handshake {

namespace detail {

constexpr bool is_hexadecimal(char c) noexcept
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f');
}

// reg-name: a server that has virtual hosts would look up what it decodes to.
constexpr bool is_host_name(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' &&
            (text.size() - i < 3 || !is_hexadecimal(text[i + 1]) || !is_hexadecimal(text[i + 2])))
            return false;
        if (text[i] == ':' || text[i] == '[' || text[i] == ']' || !is(chars::host, text[i]))
            return false;
    }
    return !text.empty();
}

// What stands between brackets: an address of IPv6, or of a later version; which, isn't looked at.
constexpr bool is_literal_address(std::string_view text) noexcept
{
    return !text.empty() && all(chars::host, text) &&
           text.find_first_of("[]%") == std::string_view::npos;
}

} // namespace detail

/// Whether `text` is a host and maybe a port; the port may be empty. A server must refuse any other
/// Host (RFC 9112 §3.2). O(size).
constexpr bool is_host(std::string_view text) noexcept
{
    const std::size_t end = text.find_last_not_of("0123456789");
    if (end != std::string_view::npos && text[end] == ':')
        text = text.substr(0, end);
    if (text.size() > 1 && text.front() == '[' && text.back() == ']')
        return detail::is_literal_address(text.substr(1, text.size() - 2));
    return detail::is_host_name(text);
}

static_assert(is_host("a") && is_host("a:80") && is_host("a:") && is_host("[::1]:80"));
static_assert(is_host("127.0.0.1") && is_host("a_b") && is_host("%41"));
static_assert(!is_host("") && !is_host(":80") && !is_host("a:b") && !is_host("::1") &&
              !is_host("a%4") && !is_host("[]") && !is_host("[::1") && !is_host("a[b]"));

} // namespace weft::handshake

#endif
