// What the bytes of a wire mean, byte by byte: the model's answer.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_MODEL_RUN_HPP
#define WEFT_TEST_MODEL_RUN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <weft/policy/budget.hpp>
#include <weft/protocol/event.hpp>
#include <weft/test/wire_writer.hpp>

namespace weft::test {

/// When text is judged: at its first wrong byte, at the end of its message, or never.
enum class text_rule : std::uint8_t { at_once, at_end, never };

/// Who reads, and how strictly.
struct model_rules
{
    bool from_client = true;   ///< the bytes are a client's: its frames must be masked (§5.1)
    bool masks_checked = true; ///< a frame that is masked against the rule is a fault
    text_rule text = text_rule::at_once;
    budget::limits limits{};
};

/// A whole message, a ping or pong, the close, or the fault; nothing follows the last two.
struct happening
{
    event::type what = event::type::need_more;
    message_kind kind = message_kind::binary; ///< of a message
    opcode op = opcode::ping;                 ///< of a control frame
    close_code code = close_code::no_status;  ///< of the close
    error fault = error::none;
    bytes payload{};         ///< of the message or control frame; the close's reason
    std::size_t settled = 0; ///< how many bytes of the wire show it

    /// The same thing, whenever it was settled.
    friend bool operator==(const happening& a, const happening& b)
    {
        return a.what == b.what && a.kind == b.kind && a.op == b.op && a.code == b.code &&
               a.fault == b.fault && a.payload == b.payload;
    }
};

/// Where on the wire a frame stands whose header is complete and right.
struct frame_place
{
    std::size_t begin = 0;
    std::size_t payload = 0;
    std::uint64_t size = 0;
    opcode op = opcode::binary;
    bool masked = false;
    masking_key key{};
    std::size_t data_before = 0; ///< bytes of messages in the frames before it

    /// §5.2: the opcodes %x8 to %xF.
    bool is_control() const { return static_cast<unsigned>(op) >= 8; }
};

/// Everything that the bytes of a wire mean.
struct model_run
{
    std::vector<happening> happenings{}; ///< in the order in which they are settled
    std::vector<frame_place> frames{};
    bytes unfinished{};             ///< of a message without its end, what may be shown of it
    std::size_t visible = SIZE_MAX; ///< no message byte from here on may be shown
    bool ended = false;             ///< by a close or a fault

    /// The frame whose payload began last within the first `fed` bytes; null if none did.
    const frame_place* frame_at(std::size_t fed) const
    {
        const auto next = std::ranges::upper_bound(frames, fed, {}, &frame_place::payload);
        return next == frames.begin() ? nullptr : &next[-1];
    }

    /// Of the payload of all messages, how many bytes are shown by the first `fed` of the wire.
    std::size_t shown_by(std::size_t fed) const
    {
        const std::size_t end = std::min(fed, visible);
        const frame_place* f = frame_at(end);
        if (f == nullptr)
            return 0;
        if (f->is_control())
            return f->data_before;
        return f->data_before +
               static_cast<std::size_t>(std::min<std::uint64_t>(end - f->payload, f->size));
    }

    std::size_t happened_by(std::size_t fed) const
    {
        const auto next = std::ranges::upper_bound(happenings, fed, {}, &happening::settled);
        return static_cast<std::size_t>(next - happenings.begin());
    }

    /// Of the first `fed` bytes, those that mean nothing yet: of a header, or of a control frame,
    /// which is taken whole.
    std::size_t waiting_at(std::size_t fed) const
    {
        const frame_place* f = frame_at(fed);
        if (f == nullptr)
            return fed;
        const std::size_t past = fed - f->payload;
        if (past < f->size)
            return f->is_control() ? past : 0;
        return past - static_cast<std::size_t>(f->size);
    }
};

} // namespace weft::test

#endif
