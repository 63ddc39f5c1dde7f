// The first line of the request and of the response, by characters (RFC 6455 §4.1, §4.2.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_START_LINE_HPP
#define WEFT_HANDSHAKE_START_LINE_HPP

#include <cstdint>
#include <string_view>

#include <weft/handshake/chars.hpp>
#include <weft/wire/error.hpp>

namespace weft::handshake {

/// Which of the two messages a head begins.
enum class message : std::uint8_t { request, response };

/// Recognises `GET target HTTP/1.n` with n ≥ 1, or `HTTP/1.n NNN reason`, and reports an error with
/// the first character that settles it: a TLS hello or an HTTP/2 preface fails with its first.
/// The reason, and the space before it, may be missing. An empty line before the first is refused.
class start_line
{
public:
    constexpr explicit start_line(message kind) noexcept
        : kind_(kind),
          part_(kind == message::request ? part::method : part::version)
    {}

    /// The code for whatever is wrong in the line and has no code of its own.
    constexpr error fault() const noexcept
    {
        return kind_ == message::request ? error::bad_request_line : error::bad_status_line;
    }

    /// Whether the line may end here: its CR is due or possible.
    constexpr bool may_end() const noexcept
    {
        return part_ == part::end || part_ == part::before_reason || part_ == part::reason;
    }

    /// The characters that leave the state as it is, so that a caller may run over them.
    constexpr chars run() const noexcept
    {
        if (part_ == part::target)
            return chars::target;
        return part_ == part::reason ? chars::value : chars::none;
    }

    /// Takes the next character; the CR that ends the line is the caller's. O(1).
    constexpr error step(char c) noexcept
    {
        switch (part_) {
        case part::method:
            return step_method(c);
        case part::origin:
            // A resource name, or an absolute http URI that contains one (RFC 6455 §4.2.1).
            return go(c == '/' || c == 'h' || c == 'H', part::target);
        case part::target:
            return c == ' ' ? go(true, part::version) : go(is(chars::target, c), part_);
        case part::version:
            return literal("HTTP/1.", c, part::minor);
        case part::minor:
            return step_minor(c);
        case part::before_code:
            return go(c == ' ', part::code);
        case part::code:
            return step_code(c);
        case part::before_reason:
            return go(c == ' ', part::reason);
        case part::reason:
            return go(is(chars::value, c), part_);
        case part::end:
            break;
        }
        return fault();
    }

private:
    enum class part : std::uint8_t {
        method,
        origin,
        target,
        version,
        minor,
        before_code,
        code,
        before_reason,
        reason,
        end
    };

    constexpr error go(bool right, part next) noexcept
    {
        part_ = next;
        return right ? error::none : fault();
    }

    constexpr error literal(std::string_view text, char c, part next) noexcept
    {
        if (c != text[at_])
            return fault();
        if (++at_ == text.size()) {
            at_ = 0;
            part_ = next;
        }
        return error::none;
    }

    constexpr error step_method(char c) noexcept
    {
        const error e = literal("GET ", c, part::origin);
        // Another token is another method; anything else is not HTTP at all.
        const bool another = is(chars::token, c) || (c == ' ' && at_ != 0);
        return e != error::none && another ? error::bad_method : e;
    }

    constexpr error step_minor(char c) noexcept
    {
        if (kind_ == message::request)
            return go(c >= '1' && c <= '9', part::end);
        // A refusal may come from an old proxy; `response::check` demands 1.1 of a 101.
        return go(c >= '0' && c <= '9', part::before_code);
    }

    constexpr error step_code(char c) noexcept
    {
        const bool right = c >= (at_ == 0 ? '1' : '0') && c <= '9';
        return go(right, ++at_ == 3 ? part::before_reason : part_);
    }

    message kind_;
    part part_;
    std::uint8_t at_ = 0;
};

} // namespace weft::handshake

#endif
