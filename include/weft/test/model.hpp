// RFC 6455's receiving side as the simplest program that can say what must happen: the oracle.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_MODEL_HPP
#define WEFT_TEST_MODEL_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <weft/test/model_run.hpp>
#include <weft/test/text_extent.hpp>
#include <weft/test/wire_writer.hpp>

namespace weft::test {

/// Reads a whole wire. A fault of a header is settled by the first byte after which no header is
/// right; one of text by its first wrong byte; a limit by the whole header; a close frame's by the
/// whole frame.
class model
{
public:
    static model_run read(const model_rules& rules, std::span<const std::byte> wire)
    {
        model m(rules, wire);
        while (m.read_frame()) {
        }
        if (m.in_message_)
            m.run_.unfinished = m.message_;
        return m.run_;
    }

private:
    model(const model_rules& rules, std::span<const std::byte> wire) : rules_(rules), wire_(wire) {}

    unsigned at(std::size_t i) const { return std::to_integer<unsigned>(wire_[i]); }

    bool happen(happening h, std::size_t settled)
    {
        h.settled = settled;
        run_.ended = h.what == event::type::close || h.what == event::type::fault;
        run_.happenings.push_back(std::move(h));
        return !run_.ended;
    }

    bool fail(error e, std::size_t settled)
    {
        return happen({.what = event::type::fault, .code = describe(e).close, .fault = e}, settled);
    }

    // §5.2, §5.4, §5.5: what the first byte can break.
    error judge_first(unsigned b) const
    {
        const unsigned op = b & 0x0F;
        if ((b & 0x70) != 0)
            return error::reserved_bits;
        if ((op >= 3 && op <= 7) || op >= 11)
            return error::reserved_opcode;
        if (op >= 8)
            return b < 0x80 ? error::fragmented_control : error::none;
        if (op == 0 && !in_message_)
            return error::unexpected_continuation;
        if (op != 0 && in_message_)
            return error::unfinished_message;
        return error::none;
    }

    // §5.1, §5.5: what the second byte can break.
    error judge_second(unsigned op, unsigned b) const
    {
        if (rules_.masks_checked && rules_.from_client && b < 0x80)
            return error::unmasked_frame;
        if (rules_.masks_checked && !rules_.from_client && b >= 0x80)
            return error::masked_frame;
        return op >= 8 && (b & 0x7F) > 125 ? error::control_too_long : error::none;
    }

    // One frame; false when the wire is at its end, or the connection is.
    bool read_frame()
    {
        const std::size_t begin = here_;
        if (begin == wire_.size())
            return false;
        if (const error e = judge_first(at(begin)); e != error::none)
            return fail(e, begin + 1);
        if (begin + 1 == wire_.size())
            return false;
        if (const error e = judge_second(at(begin) & 0x0F, at(begin + 1)); e != error::none)
            return fail(e, begin + 2);
        frame_place f{.begin = begin, .payload = begin + 2, .size = at(begin + 1) & 0x7F};
        f.op = static_cast<opcode>(at(begin) & 0x0F);
        f.masked = at(begin + 1) >= 0x80;
        if (f.size >= 126 && !read_length(f, f.size == 126 ? 2 : 8))
            return false;
        if (f.masked) {
            if (wire_.size() - f.payload < 4)
                return false;
            std::copy_n(wire_.begin() + static_cast<std::ptrdiff_t>(f.payload), 4, f.key.begin());
            f.payload += 4;
        }
        return read_payload(f, at(begin) >= 0x80);
    }

    // §5.2: "the minimal number of bytes MUST be used", "the most significant bit MUST be 0".
    bool read_length(frame_place& f, unsigned octets)
    {
        f.size = 0;
        for (unsigned i = 0; i < octets; ++i) {
            if (f.payload == wire_.size())
                return false;
            f.size = f.size << 8 | at(f.payload++);
            if (octets == 8 && i == 0 && f.size >= 0x80)
                return fail(error::length_top_bit, f.payload);
            const unsigned to_come = 8 * (octets - 1 - i);
            const std::uint64_t largest = f.size << to_come | ((std::uint64_t{1} << to_come) - 1);
            if (largest < (octets == 2 ? 126U : 65536U))
                return fail(error::length_not_minimal, f.payload);
        }
        return true;
    }

    bool read_payload(const frame_place& f, bool fin)
    {
        const bool starts = !is_control(f.op) && !in_message_;
        if (starts) {
            in_message_ = true;
            kind_ = f.op == opcode::text ? message_kind::text : message_kind::binary;
            message_.clear();
            fragments_ = 0;
        }
        if (!is_control(f.op)) {
            if (f.size > rules_.limits.frame_bytes)
                return fail(error::frame_too_big, f.payload);
            if (f.size > rules_.limits.message_bytes ||
                message_.size() > rules_.limits.message_bytes - f.size)
                return fail(error::message_too_big, f.payload);
            if (++fragments_ > rules_.limits.fragments)
                return fail(error::too_many_fragments, f.payload);
        }
        run_.frames.push_back(f);
        const std::size_t size =
            static_cast<std::size_t>(std::min<std::uint64_t>(f.size, wire_.size() - f.payload));
        bytes payload(size);
        for (std::size_t i = 0; i < size; ++i)
            payload[i] = wire_[f.payload + i] ^ (f.masked ? f.key[i % 4] : std::byte{0});
        here_ = f.payload + size;
        const bool whole = size == f.size;
        if (is_control(f.op))
            return whole && end_control(f.op, payload);
        return end_data(f, payload, fin, whole);
    }

    bool end_data(const frame_place& f, const bytes& payload, bool fin, bool whole)
    {
        const std::size_t before = message_.size();
        message_.insert(message_.end(), payload.begin(), payload.end());
        if (kind_ == message_kind::text && rules_.text != text_rule::never) {
            const text_extent text = measure_text(message_);
            if (rules_.text == text_rule::at_once && text.good < message_.size()) {
                run_.visible = f.payload + (text.good - before);
                message_.resize(text.good);
                return fail(error::invalid_utf8, run_.visible + 1);
            }
            if (whole && fin && (text.good < message_.size() || !text.complete))
                return fail(error::invalid_utf8, here_);
        }
        if (!whole || !fin)
            return whole;
        in_message_ = false;
        return happen({.what = event::type::message, .kind = kind_, .payload = message_}, here_);
    }

    // §5.5.1: a close has no body, or a code of two bytes and a reason in UTF-8. §7.4: its codes.
    bool end_control(opcode op, const bytes& payload)
    {
        if (op != opcode::close)
            return happen({.what = event::type::control, .op = op, .payload = payload}, here_);
        if (payload.empty())
            return happen({.what = event::type::close}, here_);
        if (payload.size() == 1)
            return fail(error::close_body_of_one_byte, here_);
        const unsigned code =
            std::to_integer<unsigned>(payload[0]) * 256 + std::to_integer<unsigned>(payload[1]);
        const bool unusable = code < 1000 || code == 1004 || code == 1005 || code == 1006 ||
                              (code > 1014 && code < 3000) || code > 4999;
        if (unusable)
            return fail(error::invalid_close_code, here_);
        const bytes reason(payload.begin() + 2, payload.end());
        const text_extent text = measure_text(reason);
        if (text.good < reason.size() || !text.complete)
            return fail(error::invalid_close_reason, here_);
        return happen(
            {.what = event::type::close, .code = static_cast<close_code>(code), .payload = reason},
            here_);
    }

    const model_rules& rules_;
    std::span<const std::byte> wire_;
    model_run run_{};
    std::size_t here_ = 0;
    bool in_message_ = false;
    message_kind kind_ = message_kind::binary;
    bytes message_{};
    std::uint64_t fragments_ = 0;
};

} // namespace weft::test

#endif
