// RFC 6455's receiving side as the simplest program that can say what must happen: the oracle.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_MODEL_HPP
#define WEFT_TEST_MODEL_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <weft/test/header_model.hpp>
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

    bool happen(happening h, std::size_t settled)
    {
        h.settled = settled;
        run_.ended = h.what == event::type::close || h.what == event::type::fault;
        run_.happenings.push_back(std::move(h));
        return !run_.ended;
    }

    bool fail(error e, std::size_t settled)
    {
        return happen({.what = event::type::fault, .code = code_for(e), .fault = e}, settled);
    }

    // What the peer is told is wrong (§7.4.1): 1007 of text that is none (§8.1, and §5.5.1 of a
    // reason), 1009 of a frame or message that is too big (§10.4), 1008 of a limit that has no code
    // of its own, and 1002 of all that breaks the framing (§5).
    static close_code code_for(error e)
    {
        switch (e) {
        case error::invalid_utf8:
        case error::invalid_close_reason:
            return close_code{1007};
        case error::frame_too_big:
        case error::message_too_big:
            return close_code{1009};
        case error::too_many_fragments:
            return close_code{1008};
        default:
            return close_code{1002};
        }
    }

    // No extension was negotiated, so no reserved bit means anything (§5.2).
    frame_rules rules_of_next() const
    {
        return {.mask = !rules_.masks_checked ? mask_rule::either
                        : rules_.from_client  ? mask_rule::required
                                              : mask_rule::forbidden,
                .position = in_message_ ? message_position::inside : message_position::between};
    }

    // One frame; false when the wire is at its end, or the connection is.
    bool read_frame()
    {
        const header_reading got = header_model::read(wire_.subspan(here_), rules_of_next());
        if (got.fault != error::none)
            return fail(got.fault, here_ + got.settled);
        if (!got.complete)
            return false;
        const frame_header& h = got.header;
        return read_payload({.begin = here_,
                             .payload = here_ + got.settled,
                             .size = h.payload_size,
                             .op = h.op,
                             .masked = h.masked,
                             .key = h.key,
                             .data_before = data_},
                            h.fin);
    }

    bool read_payload(const frame_place& f, bool fin)
    {
        const bool starts = !f.is_control() && !in_message_;
        if (starts) {
            in_message_ = true;
            kind_ = f.op == opcode::text ? message_kind::text : message_kind::binary;
            message_.clear();
            fragments_ = 0;
        }
        if (!f.is_control()) {
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
        data_ += f.is_control() ? 0 : size;
        const bool whole = size == f.size;
        if (f.is_control())
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
    std::size_t data_ = 0; // bytes of messages until here
    bool in_message_ = false;
    message_kind kind_ = message_kind::binary;
    bytes message_{};
    std::uint64_t fragments_ = 0;
};

} // namespace weft::test

#endif
