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
#include <weft/test/http_model.hpp>
#include <weft/test/verdict.hpp>

namespace laws {

using weft::error;
using weft::handshake::limits;
using weft::handshake::request;
using weft::handshake::response;
using weft::test::verdict;

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

inline std::string print(const outcome& o)
{
    const error e = o.fault != error::none ? o.fault : o.broken;
    return std::to_string(o.consumed) + " bytes taken, " + std::to_string(o.fields.size()) +
           " fields after " + o.start_line + ": " + weft::describe(e).sentence;
}

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
verdict pieces_change_nothing(std::string_view wire, std::span<const std::uint8_t> sizes,
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
    const outcome whole = read_whole<Message>(wire, allowed);
    return seen == whole ? verdict()
                         : "in pieces: " + print(seen) + "\nas a whole: " + print(whole);
}

// A head ends with its empty line; what follows belongs to the first frame.
template <class Message>
verdict takes_its_own_bytes_only(std::string_view wire, limits allowed = {})
{
    Message message(allowed);
    const auto p = message.feed(bytes(wire));
    if (p.consumed > wire.size() || p.consumed > allowed.bytes || message.size() > allowed.fields)
        return "takes more than there is, or may be";
    if (p.done != message.done() || p.fault != message.fault() ||
        (p.done && p.fault != error::none))
        return "is not sure whether it is done";
    if (!p.done)
        return p.fault != error::none || p.consumed == wire.size()
                   ? verdict()
                   : "leaves bytes of a head that isn't done";
    return wire.substr(0, p.consumed).find("\r\n\r\n") == p.consumed - 4
               ? verdict()
               : "is done with " + std::to_string(p.consumed) + " bytes";
}

// Done or at fault, a head takes nothing more and says the same for ever.
template <class Message>
verdict has_a_last_word(std::string_view wire, limits allowed = {})
{
    Message message(allowed);
    const auto p = message.feed(bytes(wire));
    if (!p.done && p.fault == error::none)
        return {};
    const auto again = message.feed(bytes("X: y\r\n\r\n"));
    return again.consumed == 0 && again.done == p.done && again.fault == p.fault
               ? verdict()
               : "says something else when more comes";
}

// The rules for the first line, read slowly from its whole text (RFC 9112 §4; RFC 6455 §4.1).
inline bool is_start_line(const request&, std::string_view line)
{
    if (!line.starts_with("GET ") || line.size() < 14 ||
        line.substr(line.size() - 9, 8) != " HTTP/1.")
        return false;
    const std::string_view target = line.substr(4, line.size() - 13);
    return line.back() >= '1' && line.back() <= '9' && !target.empty() &&
           weft::test::is_visible(target) &&
           std::string_view("/hH").find(target[0]) != std::string_view::npos &&
           target.find('#') == std::string_view::npos;
}

inline bool is_start_line(const response&, std::string_view line)
{
    constexpr std::string_view digits = "0123456789";
    return line.starts_with("HTTP/1.") && line.size() >= 12 && line[8] == ' ' && line[9] != '0' &&
           digits.find(line[7]) != digits.npos && digits.find(line[9]) != digits.npos &&
           digits.find(line[10]) != digits.npos && digits.find(line[11]) != digits.npos &&
           (line.size() == 12 || line[12] == ' ');
}

using slow_head = std::optional<weft::test::http_head>;

// Incremental reading finds what slow reading finds, and is done where that is.
template <class Message>
verdict reads_what_is_written(std::string_view wire, const slow_head& head)
{
    Message message({1 << 30, 1 << 30});
    const outcome seen = read(message, wire, [&] { return wire.size(); });
    const std::size_t end = wire.find("\r\n\r\n");
    if (end == wire.npos)
        return message.done() ? verdict("is done without an empty line") : verdict();
    if (!head || !is_start_line(Message(), head->first_line))
        return seen.fault == error::none ? verdict("takes what is no head") : verdict();
    return message.done() && seen.fields == head->fields && seen.consumed == end + 4
               ? verdict()
               : "reads something else: " + print(seen);
}

template <class Message>
verdict reads_what_is_written(std::string_view wire)
{
    return reads_what_is_written<Message>(wire, weft::test::http_head::read(wire));
}

// Whatever a server answers, a client can read, and it holds one message and nothing more.
inline verdict reply_is_one_response(const weft::handshake::reply& sent)
{
    response got;
    const auto p = got.feed(bytes(sent.bytes));
    const std::string_view rest = std::string_view(sent.bytes).substr(p.consumed);
    if (!p.done || (got.status() == 101) != (sent.fault == error::none))
        return "a client can't read the answer: " + sent.bytes;
    return got.take_body(bytes(rest)) == rest.size() && got.body_expected() == rest.size()
               ? verdict()
               : "the answer has another body: " + sent.bytes;
}

// What one server has parsed, another one reads in the same way when it is handed over.
inline verdict parts_give_the_same_request(std::string_view wire)
{
    request first;
    const auto p = first.feed(bytes(wire));
    if (!p.done)
        return {};
    std::vector<std::pair<std::string_view, std::string_view>> parts;
    for (const weft::handshake::field& f : first)
        parts.emplace_back(f.name, f.value);
    // A blank after each colon may be more than there was.
    const request second = request::from(first.target(), parts, {1 << 20, 100});
    return second.done() && second.check() == first.check() && second.target() == first.target() &&
                   std::equal(first.begin(), first.end(), second.begin(), second.end())
               ? verdict()
               : verdict("from its parts another request is made");
}

} // namespace laws

#endif
