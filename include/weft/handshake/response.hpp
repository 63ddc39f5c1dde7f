// A server's response as a client sees it (RFC 6455 §4.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_RESPONSE_HPP
#define WEFT_HANDSHAKE_RESPONSE_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <weft/handshake/accept_key.hpp>
#include <weft/handshake/client.hpp>
#include <weft/handshake/head.hpp>
#include <weft/handshake/refusal.hpp>

namespace weft::handshake {

/// A head whose first line is `HTTP/1.1 NNN reason`, and the start of a refusal's body. Feed it
/// until it is done, then `check` it. What it views is its own and moves with it; see `fields`.
class response : public head
{
public:
    explicit response(limits allowed = {}) noexcept : head(allowed, message::response) {}

    /// The three digits; 0 until the first line is complete.
    unsigned status() const noexcept
    {
        unsigned number = 0;
        for (const char digit : after_version().substr(0, 3))
            number = number * 10 + static_cast<unsigned>(digit - '0');
        return number;
    }

    /// The server's words for the status; often empty.
    std::string_view reason() const noexcept
    {
        const std::string_view rest = after_version();
        return rest.size() > 4 ? rest.substr(4) : std::string_view();
    }

    /// The subprotocol that the server chose, or nothing.
    std::string_view subprotocol() const noexcept
    {
        return find("Sec-WebSocket-Protocol").value_or(std::string_view());
    }

    /// The first rule that the response breaks for the client that sent `key` and `options`:
    /// `declined` for any status but 101, then the rules of RFC 6455 §4.1 in their order.
    /// Precondition: `done()`. O(bytes).
    error check(std::string_view key, const client_options& options) const noexcept
    {
        if (status() != 101)
            return error::declined;
        if (start_line().starts_with("HTTP/1.0"))
            return error::bad_status_line;
        if (!upgrades_to_websocket_only())
            return error::bad_upgrade;
        if (!has_token("Connection", "upgrade"))
            return error::bad_connection;
        const auto expected = accept_key(key);
        const std::string_view accept(expected.data(), expected.size());
        if (find_only("Sec-WebSocket-Accept") != accept)
            return error::bad_accept;
        if (count("Sec-WebSocket-Extensions") != 0)
            return error::unoffered_extension;
        return was_offered(options) ? error::none : error::unoffered_subprotocol;
    }

    /// How many bytes of body the head announces, at most `limits::bytes`. Nothing if it doesn't
    /// say, or unreadably: then the body lasts until the connection ends or `take_body` takes no
    /// more. Precondition: `done()`.
    std::optional<std::size_t> body_expected() const noexcept
    {
        if (is_bodiless(status()))
            return std::size_t{0};
        const auto length = find_only("Content-Length");
        if (!length || length->empty() || count("Transfer-Encoding") != 0)
            return std::nullopt;
        std::uint64_t size = 0;
        for (const char digit : *length) {
            if (digit < '0' || digit > '9')
                return std::nullopt;
            // Beyond the limit the number's other digits change nothing.
            if (size < allowed().bytes)
                size = size * 10 + static_cast<unsigned>(digit - '0');
        }
        return size < allowed().bytes ? static_cast<std::size_t>(size) : allowed().bytes;
    }

    /// Takes what belongs to the body, of what arrives after the head: at most `body_expected()`,
    /// and never more than `limits::bytes` in all. Returns how many bytes it took. O(size).
    std::size_t take_body(std::span<const std::byte> in)
    {
        const std::size_t most = body_expected().value_or(allowed().bytes);
        const std::size_t room = most - body_.size();
        const std::size_t size = in.size() < room ? in.size() : room;
        body_.append(reinterpret_cast<const char*>(in.data()), size);
        return size;
    }

    /// The start of the body, as far as it was taken; transfer codings are left as they are.
    const std::string& body() const noexcept { return body_; }

private:
    std::string_view after_version() const noexcept
    {
        const std::string_view line = start_line();
        return line.empty() ? line : line.substr(std::string_view("HTTP/1.1 ").size());
    }

    // A response names one protocol: the one that follows (RFC 6455 §4.1, RFC 9110 §7.8).
    bool upgrades_to_websocket_only() const noexcept
    {
        bool only = false;
        each_element("Upgrade", [&](std::string_view element) {
            only = equal_ignoring_case(element, "websocket");
            return only;
        });
        return only;
    }

    bool was_offered(const client_options& options) const noexcept
    {
        const std::size_t chosen = count("Sec-WebSocket-Protocol");
        if (chosen == 0)
            return true;
        for (const std::string& name : options.subprotocols)
            if (chosen == 1 && name == subprotocol())
                return true;
        return false;
    }

    std::string body_;
};

} // namespace weft::handshake

#endif
