// A client's opening request as a server sees it (RFC 6455 §4.2.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_REQUEST_HPP
#define WEFT_HANDSHAKE_REQUEST_HPP

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <weft/handshake/accept_key.hpp>
#include <weft/handshake/extensions.hpp>
#include <weft/handshake/head.hpp>
#include <weft/handshake/host.hpp>

namespace weft::handshake {

/// A head whose first line is `GET target HTTP/1.1`. Feed it until it is done, then `check` it.
/// What it views is its own and moves with it; see `fields`.
class request : public head
{
public:
    explicit request(limits allowed = {}) noexcept : head(allowed, message::request) {}

    /// The request that another HTTP server has parsed: `list` is a range of pairs that convert to
    /// `std::string_view`. Done, unless a part could not stand in a request (`bad_request_line`,
    /// `bad_field`) or `allowed` is exceeded: then `fault()` says so. O(total size).
    template <class Range>
    static request from(std::string_view target, const Range& list, limits allowed = {})
    {
        std::string line("GET ");
        line.append(target).append(" HTTP/1.1");
        return from_line(line, list, allowed);
    }

    /// The same from the request's whole first line, so that its method and version count too
    /// (`bad_method`).
    template <class Range>
    static request from_line(std::string_view line, const Range& list, limits allowed = {});

    /// What follows GET: a resource name (RFC 6455 §3) or, from a proxy's client, an absolute URI.
    std::string_view target() const noexcept
    {
        constexpr std::size_t around = std::string_view("GET  HTTP/1.1").size();
        const std::string_view line = start_line();
        return line.empty() ? line : line.substr(4, line.size() - around);
    }

    /// The Host field, or nothing.
    std::string_view host() const noexcept { return find("Host").value_or(std::string_view()); }

    /// The Origin field, or nothing if the client is no browser (§10.2).
    std::string_view origin() const noexcept { return find("Origin").value_or(std::string_view()); }

    std::string_view key() const noexcept
    {
        return find("Sec-WebSocket-Key").value_or(std::string_view());
    }

    /// The subprotocols that the client offers, the preferred first (§4.1). O(bytes).
    std::vector<std::string_view> subprotocols() const
    {
        std::vector<std::string_view> all;
        each_element("Sec-WebSocket-Protocol", [&](std::string_view name) {
            all.push_back(name);
            return true;
        });
        return all;
    }

    /// Whether the client offers exactly this subprotocol. O(bytes).
    bool offers(std::string_view subprotocol) const noexcept
    {
        bool found = false;
        each_element("Sec-WebSocket-Protocol", [&](std::string_view name) {
            found = name == subprotocol;
            return !found;
        });
        return found;
    }

    /// The first rule of §4.2.1 that the request breaks, or `none`. Names that were offered twice
    /// are tolerated. Precondition: `done()`. O(bytes).
    error check() const noexcept
    {
        if (!is_resource(target()))
            return error::bad_request_line;
        const auto only_host = find_only("Host");
        if (!only_host || !is_host(*only_host))
            return error::bad_host;
        if (!has_token("Upgrade", "websocket"))
            return error::bad_upgrade;
        if (!has_token("Connection", "upgrade"))
            return error::bad_connection;
        if (find_only("Sec-WebSocket-Version") != std::string_view("13"))
            return error::bad_version;
        const auto only_key = find_only("Sec-WebSocket-Key");
        if (!only_key || base64_decoded_size(*only_key) != std::size_t{16})
            return error::bad_key;
        if (!subprotocols_are_tokens())
            return error::bad_subprotocol;
        if (!extensions_are_well_formed())
            return error::bad_extension;
        return announces_body() ? error::request_body : error::none;
    }

private:
    // An absolute URI's authority is not compared with Host: no rule here depends on it.
    static bool is_resource(std::string_view target) noexcept
    {
        return target.starts_with('/') || equal_ignoring_case(target.substr(0, 7), "http://") ||
               equal_ignoring_case(target.substr(0, 8), "https://");
    }

    bool subprotocols_are_tokens() const noexcept
    {
        bool good = true;
        each_element("Sec-WebSocket-Protocol", [&](std::string_view name) {
            good = is_token(name);
            return good;
        });
        return good;
    }

    bool extensions_are_well_formed() const noexcept
    {
        std::ptrdiff_t listed = 0;
        bool present = false;
        for (const field& f : *this) {
            if (!equal_ignoring_case(f.name, "Sec-WebSocket-Extensions"))
                continue;
            present = true;
            const std::ptrdiff_t n = count_extensions(f.value);
            if (n < 0)
                return false;
            listed += n;
        }
        return !present || listed != 0;
    }

    bool announces_body() const noexcept
    {
        for (const field& f : *this)
            if (equal_ignoring_case(f.name, "Transfer-Encoding") ||
                (equal_ignoring_case(f.name, "Content-Length") && f.value != "0"))
                return true;
        return false;
    }
};

template <class Range>
request request::from_line(std::string_view line, const Range& list, limits allowed)
{
    request made(allowed);
    // What isn't such a line at all is left to the parser; but nothing may end it early.
    if (!all(chars::value, line))
        made.fail(error::bad_request_line);
    std::string text(line);
    text.append("\r\n");
    for (const auto& [name, value] : list) {
        const std::string_view n(name);
        const std::string_view v(value);
        if (!is_sendable(n, v))
            made.fail(error::bad_field);
        append_field(text, n, v);
    }
    text.append("\r\n");
    (void)made.feed(std::as_bytes(std::span(text)));
    return made;
}

} // namespace weft::handshake

#endif
