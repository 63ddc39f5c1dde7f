// The head of an HTTP/1.1 message, received piece by piece (RFC 9112 §2–§5; RFC 6455 §4).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_HEAD_HPP
#define WEFT_HANDSHAKE_HEAD_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <weft/handshake/chars.hpp>
#include <weft/handshake/fields.hpp>
#include <weft/handshake/limits.hpp>
#include <weft/handshake/progress.hpp>
#include <weft/handshake/start_line.hpp>
#include <weft/wire/error.hpp>

namespace weft::handshake {

/// Start line and fields, growing as bytes arrive; until it is done, a head has the lines that are
/// complete. Memory: at most twice the bytes taken or 1 KiB, and one entry for each field.
class head : public fields
{
public:
    explicit head(limits allowed, message kind = message::request) noexcept
        : allowed_(allowed),
          start_(kind)
    {
        if (allowed_.bytes > UINT32_MAX)
            allowed_.bytes = UINT32_MAX; // offsets have 32 bits
    }

    /// Takes bytes up to and including the empty line; what follows belongs to the first frame.
    /// A piece may end anywhere. An error is reported with the byte that settles it, and repeated
    /// ever after: the start line's, `bad_field` (RFC 9112 §5: no blank before the colon, no
    /// folding, no control characters, lines end in CRLF), `handshake_too_big`, `too_many_fields`.
    /// O(bytes consumed), however the message is cut.
    progress feed(std::span<const std::byte> in)
    {
        if (done() || fault_ != error::none)
            return {0, done(), fault_};
        const std::size_t room = allowed_.bytes - text_.size();
        const std::string_view piece(reinterpret_cast<const char*>(in.data()),
                                     in.size() < room ? in.size() : room);
        std::size_t at = skip_run(piece, 0);
        while (at < piece.size() && !done()) {
            fault_ = step(piece[at], offset(at));
            if (fault_ != error::none)
                break;
            at = skip_run(piece, at + 1);
        }
        if (text_.empty() && !done()) // a whole head in one piece is stored in its own size
            text_.reserve(allowed_.bytes < 1024 ? allowed_.bytes : 1024);
        text_.append(piece.substr(0, at));
        if (!done() && fault_ == error::none && text_.size() == allowed_.bytes)
            fault_ = error::handshake_too_big;
        return {at, done(), fault_};
    }

    bool done() const noexcept { return part_ == part::done; }

    /// Why this can't become a head, or `none`.
    error fault() const noexcept { return fault_; }

    /// The first line without its CRLF; empty until it is complete.
    std::string_view start_line() const noexcept
    {
        return std::string_view(text_).substr(0, start_size_);
    }

    const limits& allowed() const noexcept { return allowed_; }

protected:
    // A fault that was found elsewhere; the first one stays.
    void fail(error e) noexcept { fault_ = fault_ == error::none ? e : fault_; }

private:
    enum class part : std::uint8_t {
        start,
        start_line_feed,
        line_feed, ///< after the CR of a field
        line,      ///< at a line's first character
        name,
        blanks,
        value,
        last_line_feed,
        done
    };

    std::uint32_t offset(std::size_t at) const noexcept
    {
        return static_cast<std::uint32_t>(text_.size() + at);
    }

    // Passes over the characters that change nothing, which are nearly all.
    std::size_t skip_run(std::string_view piece, std::size_t at) noexcept
    {
        const chars run = part_ == part::value   ? chars::value
                          : part_ == part::name  ? chars::token
                          : part_ == part::start ? start_.run()
                                                 : chars::none;
        const std::size_t first = at;
        while (at < piece.size() && is(run, piece[at]))
            ++at;
        // The value ends behind its last visible character, whatever the pieces are.
        if (part_ == part::value)
            for (std::size_t end = at; end != first; --end)
                if (!is_blank(piece[end - 1])) {
                    now_.value_end = offset(end);
                    break;
                }
        return at;
    }

    error step(char c, std::uint32_t at)
    {
        switch (part_) {
        case part::start:
            return step_start(c, at);
        case part::start_line_feed:
            return expect(c == '\n', part::line, start_.fault());
        case part::line_feed:
            return expect(c == '\n', part::line, error::bad_field);
        case part::line:
            return step_line(c, at);
        case part::name:
            now_.name_end = at;
            return expect(c == ':', part::blanks, error::bad_field);
        case part::blanks:
            return step_blanks(c, at);
        case part::value:
            return end_field(c);
        case part::last_line_feed:
            return expect(c == '\n', part::done, error::bad_field);
        case part::done:
            break;
        }
        return error::none;
    }

    error step_start(char c, std::uint32_t at)
    {
        if (c != '\r' || !start_.may_end())
            return start_.step(c);
        start_size_ = at;
        part_ = part::start_line_feed;
        return error::none;
    }

    error step_line(char c, std::uint32_t at)
    {
        if (c == '\r')
            return expect(true, part::last_line_feed, error::bad_field);
        // A blank would fold the line before (RFC 9112 §5.2: refuse it).
        if (!is(chars::token, c))
            return error::bad_field;
        if (size() == allowed_.fields)
            return error::too_many_fields;
        now_.name = at;
        part_ = part::name;
        return error::none;
    }

    error step_blanks(char c, std::uint32_t at)
    {
        now_.value = now_.value_end = at;
        if (is_blank(c))
            return error::none;
        if (!is(chars::value, c))
            return end_field(c);
        now_.value_end = at + 1;
        part_ = part::value;
        return error::none;
    }

    error end_field(char c)
    {
        if (c != '\r')
            return error::bad_field;
        offsets_.push_back(now_);
        return expect(true, part::line_feed, error::bad_field);
    }

    // The next part, if `c` was right; a fault leaves the part, which `done` depends on.
    error expect(bool right, part next, error otherwise) noexcept
    {
        if (!right)
            return otherwise;
        part_ = next;
        return error::none;
    }

    limits allowed_;
    handshake::start_line start_;
    part part_ = part::start;
    error fault_ = error::none;
    std::uint32_t start_size_ = 0;
    field_offsets now_{};
};

} // namespace weft::handshake

#endif
