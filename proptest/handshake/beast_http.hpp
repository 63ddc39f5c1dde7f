// What weft and Boost.Beast's HTTP parser must agree on, and where either is stricter by right
// (RFC 9110, RFC 9112, RFC 6455 §4).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_HANDSHAKE_BEAST_HTTP_HPP
#define WEFT_PROPTEST_HANDSHAKE_BEAST_HTTP_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "handshake/laws.hpp"

namespace laws {

namespace http = boost::beast::http;

inline std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

// Reads a head with Beast and compares each line with weft's at once: nothing is stored, and fields
// of one name stay where they are, which they don't in Beast's own container.
template <class Message>
class beast_reader final : public http::basic_parser<std::is_same_v<Message, request>>
{
public:
    using error_code = boost::beast::error_code;
    using text = boost::beast::string_view;

    // `folded`: weft has refused the continuation of its last field.
    beast_reader(const Message& by_weft, std::string_view wire, bool folded)
        : by_weft_(by_weft),
          folded_(folded)
    {
        this->skip(true); // no body
        this->header_limit(std::numeric_limits<std::uint32_t>::max());
        error_code ec;
        consumed = this->put(boost::asio::buffer(wire), ec);
        fault = ec && ec != http::error::need_more;
    }

    // The fields that Beast has taken.
    std::size_t size() const { return lines == 0 ? 0 : lines - 1 - (this->is_done() ? 1U : 0U); }

    std::size_t consumed = 0;
    std::size_t lines = 0; // that were taken: the first, the fields, the empty one
    bool fault = false;
    bool same = true; // the lines that both took

private:
    // Of the version only the last digit is not the same everywhere.
    void compare_first([[maybe_unused]] std::string_view method, std::string_view rest, int number)
    {
        ++lines;
        const std::string_view line = by_weft_.start_line();
        if (line.empty())
            return;
        if constexpr (std::is_same_v<Message, request>)
            same = line.starts_with(method) && line[method.size()] == ' ' &&
                   by_weft_.target() == rest && line.back() == '0' + number % 10;
        else
            same = by_weft_.reason() == rest && line[7] == '0' + number % 10;
    }

    void on_request_impl(http::verb, text method, text target, int version, error_code&) override
    {
        compare_first(view(method), view(target), version);
    }

    void on_response_impl(int code, text reason, int version, error_code&) override
    {
        compare_first({}, view(reason), version);
        if constexpr (std::is_same_v<Message, response>)
            same = same && (by_weft_.start_line().empty() ||
                            by_weft_.status() == static_cast<unsigned>(code));
    }

    void on_field_impl(http::field, text name, text value, error_code&) override
    {
        const std::size_t index = size();
        ++lines;
        if (index >= by_weft_.size())
            return;
        // What weft has of a field that is folded is how it begins.
        const bool cut = folded_ && index + 1 == by_weft_.size();
        const weft::handshake::field f = by_weft_[index];
        same = same && f.name == view(name) &&
               (cut ? view(value).starts_with(f.value) : view(value) == f.value);
    }

    void on_header_impl(error_code&) override { ++lines; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(text, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text, error_code&) override { return 0; }
    void on_finish_impl(error_code&) override {}

    const Message& by_weft_;
    const bool folded_;
};

// A folded line, which Beast unfolds. RFC 9112 §5.2: nobody may send one, and a server must refuse
// it or unfold it before it interprets the value; a client must unfold it. Weft interprets nothing:
// it refuses the head, on both sides.
inline bool folds(std::string_view wire, std::size_t at)
{
    return at != 0 && wire[at - 1] == '\n' && (wire[at] == ' ' || wire[at] == '\t');
}

// What weft refuses with the byte at `at`, and Beast takes.
inline bool refused_by_rfc(const request&, std::string_view wire, std::size_t at)
{
    // Another method than GET (RFC 6455 §4.1).
    if (at < 4)
        return !wire.starts_with("GET ");
    const char c = wire[at];
    // `*`, an authority or another scheme: no resource name and no http URI (RFC 6455 §4.2.1).
    if (at == 4)
        return std::string_view("/hH").find(c) == std::string_view::npos;
    const std::string_view before = wire.substr(4, at - 4);
    const std::size_t space = before.find(' ');
    // A fragment (RFC 6455 §3), or what is not ASCII in a URI (RFC 3986 §2).
    if (space == before.npos)
        return c == '#' || static_cast<unsigned char>(c) >= 0x80;
    // HTTP/1.0 (RFC 6455 §4.1).
    return (before.substr(space) == " HTTP/1." && c == '0') || folds(wire, at);
}

inline bool refused_by_rfc(const response&, std::string_view wire, std::size_t at)
{
    // A status below 100 (RFC 9110 §15).
    return (at == 9 && wire[at] == '0') || folds(wire, at);
}

// A later minor version is read as the highest one that is known (RFC 9110 §2.5); RFC 6455 §4.1
// says "at least 1.1". Beast refuses it.
inline bool is_later(std::string_view version)
{
    return version.size() > 7 && version.starts_with("HTTP/1.") && version[7] >= '2' &&
           version[7] <= '9';
}

// What Beast refuses in the first line, and weft takes.
inline bool refused_by_beast(const request&, std::string_view wire)
{
    const std::size_t space = wire.find(' ', 4);
    return space != wire.npos && is_later(wire.substr(space + 1));
}

inline bool refused_by_beast(const response&, std::string_view wire)
{
    // RFC 9112 §4 has the server send the space before a reason that is empty; not all do.
    return is_later(wire) || (wire.size() > 12 && wire[12] == '\r');
}

inline bool is_list_of_tokens(std::string_view value)
{
    return std::ranges::all_of(weft::test::elements(value), weft::test::is_http_token);
}

// What Beast judges of a field while it reads. To weft it is a value, which `check` looks at: there
// an element of Connection that is no token names nothing, and a request has no body at all.
inline bool refused_by_beast(const weft::handshake::fields& all, std::size_t index)
{
    const auto is = [&](std::size_t i, std::string_view name) {
        return weft::handshake::equal_ignoring_case(all[i].name, name);
    };
    const auto frames = [&](std::size_t i) {
        return is(i, "Content-Length") || is(i, "Transfer-Encoding");
    };
    const std::string_view value = all[index].value;
    // RFC 9110 §7.6.1: Connection lists tokens.
    if (is(index, "Connection") || is(index, "Proxy-Connection"))
        return !is_list_of_tokens(value);
    if (!frames(index))
        return false;
    // RFC 9112 §6.1, §6.3: lengths that differ, or a length and a coding.
    for (std::size_t i = 0; i < index; ++i)
        if (frames(i))
            return true;
    // RFC 9110 §8.6: digits, here of 64 bits.
    return is(index, "Content-Length") && (value.empty() || value.size() > 19 ||
                                           value.find_first_not_of("0123456789") != value.npos);
}

// Upgrade and Connection name what they must, by weft's judgement and by Beast's. Beast looks at
// the first field of a name only (RFC 9110 §5.3 joins them) and knows no version of a protocol
// (RFC 9110 §7.8).
inline bool upgrades_alike(const request& r)
{
    const error e = r.check();
    if (e == error::bad_request_line || e == error::bad_host || r.count("Upgrade") > 1 ||
        r.count("Connection") > 1 || !is_list_of_tokens(r.find("Upgrade").value_or("")))
        return true; // weft has not asked, or asks more than Beast does
    http::request_header<> header;
    header.version(11);
    header.method(http::verb::get);
    for (const char* const name : {"Upgrade", "Connection"})
        if (const auto value = r.find(name))
            header.set(name, {value->data(), value->size()});
    return boost::beast::websocket::is_upgrade(header) ==
           (e != error::bad_upgrade && e != error::bad_connection);
}

inline bool upgrades_alike(const response&) { return true; }

// Weft and Beast take the same heads, up to the same byte and with the same lines in them, but for
// what one of them refuses by right. A fault may be told late, but no later than with its line.
template <class Message>
bool beast_reads_the_same_as(std::string_view wire)
{
    Message by_weft({1 << 30, 1 << 30});
    const auto p = by_weft.feed(bytes(wire));
    const auto lines = static_cast<std::size_t>(
        std::count(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(p.consumed), '\n'));
    const bool faulty = p.fault != error::none;
    const beast_reader<Message> by_beast(by_weft, wire, faulty && folds(wire, p.consumed));
    if (!by_beast.same)
        return false;
    if (faulty && refused_by_rfc(by_weft, wire, p.consumed))
        return true;
    if (by_beast.fault && (!faulty || lines > by_beast.lines))
        return by_beast.lines == 0
                   ? refused_by_beast(by_weft, wire)
                   : by_beast.size() < by_weft.size() && refused_by_beast(by_weft, by_beast.size());
    if (faulty)
        return by_beast.lines <= lines;
    if (!p.done) // before Beast takes a field it looks at the byte behind it
        return !by_beast.is_done() && by_beast.lines <= lines && lines <= by_beast.lines + 1;
    return by_beast.is_done() && by_beast.consumed == p.consumed && by_beast.lines == lines &&
           by_beast.size() == by_weft.size() && upgrades_alike(by_weft);
}

inline verdict beast_reads_the_same(std::string_view wire)
{
    if (!beast_reads_the_same_as<request>(wire))
        return "Beast reads another request; weft's is: " + print(read_whole<request>(wire));
    if (!beast_reads_the_same_as<response>(wire))
        return "Beast reads another response; weft's is: " + print(read_whole<response>(wire));
    return {};
}

} // namespace laws

#endif
