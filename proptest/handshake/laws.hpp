// What every head must obey, as functions of bytes: called by the properties and by fuzz/handshake.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_HANDSHAKE_LAWS_HPP
#define WEFT_PROPTEST_HANDSHAKE_LAWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <weft/handshake/client.hpp>
#include <weft/handshake/request.hpp>
#include <weft/handshake/response.hpp>
#include <weft/handshake/server.hpp>

namespace laws {

using weft::error;
using weft::handshake::limits;
using weft::handshake::request;
using weft::handshake::response;

// RFC 6455 §1.3: the key whose answer the RFC tells.
inline constexpr std::string_view rfc_key = "dGhlIHNhbXBsZSBub25jZQ==";
inline constexpr std::string_view rfc_accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

inline std::span<const std::byte> bytes(std::string_view text)
{
    return std::as_bytes(std::span(text.data(), text.size()));
}

inline error check(const request& r) { return r.check(); }

inline error check(const response& r)
{
    return r.check(rfc_key, {.host = "a", .target = "/", .subprotocols = {"chat"}, .fields = {}});
}

// Everything that can be seen of a head.
struct outcome
{
    std::size_t consumed = 0;
    error fault = error::none;
    error broken = error::none; // by `check`, of a head that is done
    std::string start_line;
    std::vector<std::pair<std::string, std::string>> fields;

    friend bool operator==(const outcome&, const outcome&) = default;
};

// Feeds `wire` to `message` in pieces whose sizes `next_size` tells, each from an allocation of
// its own exact size, so that a sanitizer sees a read beyond it.
template <class Message, class NextSize>
outcome read(Message& message, std::string_view wire, NextSize next_size)
{
    outcome seen;
    while (seen.consumed < wire.size() && !message.done() && message.fault() == error::none) {
        const std::string_view piece =
            wire.substr(seen.consumed, std::max<std::size_t>(next_size(), 1));
        const std::vector<char> exact(piece.begin(), piece.end());
        const auto p = message.feed(std::as_bytes(std::span(exact)));
        seen.consumed += p.consumed;
        if (p.consumed == 0)
            break; // nothing else would ever be taken
    }
    seen.fault = message.fault();
    seen.broken = message.done() ? check(message) : error::none;
    seen.start_line = message.start_line();
    for (const weft::handshake::field& f : message)
        seen.fields.emplace_back(f.name, f.value);
    return seen;
}

template <class Message>
outcome read_whole(std::string_view wire, limits allowed = {})
{
    Message message(allowed);
    return read(message, wire, [&] { return wire.size(); });
}

// Chunking invariance: the pieces, and moves between them, change nothing that can be seen.
template <class Message>
bool pieces_change_nothing(std::string_view wire, std::span<const std::uint8_t> sizes,
                           limits allowed = {})
{
    Message first(allowed);
    std::size_t at = 0;
    const auto next_size = [&] {
        return std::size_t{sizes.empty() ? std::uint8_t{1} : sizes[at++ % sizes.size()]};
    };
    const outcome start = read(first, wire.substr(0, wire.size() / 3), next_size);
    Message second(std::move(first));
    outcome seen = read(second, wire.substr(start.consumed), next_size);
    seen.consumed += start.consumed;
    return seen == read_whole<Message>(wire, allowed);
}

// A head ends with its empty line; what follows belongs to the first frame.
template <class Message>
bool takes_its_own_bytes_only(std::string_view wire, limits allowed = {})
{
    Message message(allowed);
    const auto p = message.feed(bytes(wire));
    if (p.consumed > wire.size() || p.consumed > allowed.bytes ||
        (p.done && p.fault != error::none))
        return false;
    if (message.size() > allowed.fields || p.done != message.done() || p.fault != message.fault())
        return false;
    if (!p.done)
        return p.fault != error::none || p.consumed == wire.size();
    return wire.substr(0, p.consumed).find("\r\n\r\n") == p.consumed - 4;
}

// Done or at fault, a head takes nothing more and says the same for ever.
template <class Message>
bool has_a_last_word(std::string_view wire, limits allowed = {})
{
    Message message(allowed);
    const auto p = message.feed(bytes(wire));
    if (!p.done && p.fault == error::none)
        return true;
    const auto again = message.feed(bytes("X: y\r\n\r\n"));
    return again.consumed == 0 && again.done == p.done && again.fault == p.fault;
}

// The rules for a line, read slowly from its whole text (RFC 9112 §4, §5; RFC 6455 §4.1).
inline bool is_visible(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

inline bool is_text(std::string_view text)
{
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return (c >= '\0' && c < ' ' && c != '\t') || c == '\x7F'; });
}

inline bool is_start_line(const request&, std::string_view line)
{
    if (!line.starts_with("GET ") || line.size() < 14 ||
        line.substr(line.size() - 9, 8) != " HTTP/1.")
        return false;
    const std::string_view target = line.substr(4, line.size() - 13);
    return line.back() >= '1' && line.back() <= '9' && !target.empty() && is_visible(target) &&
           std::string_view("/hH").find(target[0]) != std::string_view::npos &&
           target.find('#') == std::string_view::npos;
}

inline bool is_start_line(const response&, std::string_view line)
{
    constexpr std::string_view digits = "0123456789";
    return line.starts_with("HTTP/1.") && line.size() >= 12 && line[8] == ' ' && line[9] != '0' &&
           digits.find(line[7]) != digits.npos && digits.find(line[9]) != digits.npos &&
           digits.find(line[10]) != digits.npos && digits.find(line[11]) != digits.npos &&
           (line.size() == 12 || line[12] == ' ') && is_text(line.substr(12));
}

// Nothing if `text`, which ends before its empty line, is no head of this kind.
template <class Message>
std::optional<std::vector<std::pair<std::string, std::string>>> fields_of(std::string_view text)
{
    constexpr std::string_view separators = "()<>@,;:\\\"/[]?={}";
    std::vector<std::pair<std::string, std::string>> all;
    std::size_t end = text.find("\r\n");
    if (!is_start_line(Message(), text.substr(0, end)))
        return std::nullopt;
    while (end != text.npos) {
        text.remove_prefix(end + 2);
        end = text.find("\r\n");
        const std::string_view line = text.substr(0, end);
        const std::string_view name = line.substr(0, line.find(':'));
        if (name.size() == line.size() || name.empty() || !is_visible(name) || !is_text(line) ||
            name.find_first_of(separators) != name.npos)
            return std::nullopt;
        std::string value(line.substr(name.size() + 1));
        value.erase(0, value.find_first_not_of(" \t"));
        value.erase(value.find_last_not_of(" \t") + 1);
        all.emplace_back(name, value);
    }
    return all;
}

// Incremental reading finds what slow reading finds, and is done where that is.
template <class Message>
bool reads_what_is_written(std::string_view wire)
{
    const std::size_t end = wire.find("\r\n\r\n");
    Message message({1 << 30, 1 << 30});
    const outcome seen = read(message, wire, [&] { return wire.size(); });
    if (end == wire.npos)
        return !message.done();
    const auto expected = fields_of<Message>(wire.substr(0, end));
    return expected ? message.done() && seen.fields == *expected && seen.consumed == end + 4
                    : seen.fault != error::none;
}

// Whatever a server answers, a client can read, and it holds one message and nothing more.
inline bool reply_is_one_response(const weft::handshake::reply& sent)
{
    response got;
    const auto p = got.feed(bytes(sent.bytes));
    const std::string_view rest = std::string_view(sent.bytes).substr(p.consumed);
    if (!p.done || (got.status() == 101) != (sent.fault == error::none))
        return false;
    return got.take_body(bytes(rest)) == rest.size() && got.body_expected() == rest.size();
}

// RFC 6455 §4.2.1: what is decoded to sixteen bytes. The bits that the last letter has too many may
// be anything (RFC 4648 §3.5).
inline bool is_key(std::string_view text)
{
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return text.size() == 24 && text.ends_with("==") && text.find_first_not_of(letters) == 22;
}

// A server answers every request that ends: it opens the connection, to one that has a key, or
// names the rule.
inline bool server_answers(std::string_view wire)
{
    request r;
    const auto p = r.feed(bytes(wire));
    const error e = p.done ? r.check() : p.fault;
    if (!p.done && e == error::none)
        return true;
    if (e == error::none && !is_key(r.key()))
        return false;
    const auto sent =
        e == error::none ? answer(r, weft::handshake::accept()) : weft::handshake::reject(e);
    return sent.fault == e && reply_is_one_response(sent);
}

// What one server has parsed, another one reads in the same way when it is handed over.
inline bool parts_give_the_same_request(std::string_view wire)
{
    request first;
    const auto p = first.feed(bytes(wire));
    if (!p.done)
        return true;
    std::vector<std::pair<std::string_view, std::string_view>> parts;
    for (const weft::handshake::field& f : first)
        parts.emplace_back(f.name, f.value);
    // A blank after each colon may be more than there was.
    const request second = request::from(first.target(), parts, {1 << 20, 100});
    return second.done() && second.check() == first.check() && second.target() == first.target() &&
           std::equal(first.begin(), first.end(), second.begin(), second.end());
}

} // namespace laws

#endif
