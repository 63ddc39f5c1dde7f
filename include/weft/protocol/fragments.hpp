// The frames that a message, or a part of one, is sent as (RFC 6455 §5.4).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_FRAGMENTS_HPP
#define WEFT_PROTOCOL_FRAGMENTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <weft/kernel/isa.hpp>
#include <weft/wire/frame_header.hpp>
#include <weft/wire/opcode.hpp>

namespace weft::detail {

/// A place in the bytes of a row of frames, of which all but the last have the same size: in a
/// header, in a payload, or at the end. It moves over a frame's end to the next frame's beginning.
class fragments
{
public:
    fragments() = default;

    /// `first`: the first frame's opcode. `fin`: the last one ends the message. `each`: the payload
    /// of a frame at most; 0: one frame takes all.
    fragments(opcode first, bool fin, bool masked, std::uint64_t size, std::uint64_t each) noexcept
        : behind_(size),
          each_(each != 0 ? each : std::numeric_limits<std::uint64_t>::max()),
          op_(first),
          fin_(fin),
          masked_(masked)
    {
        enter_frame();
    }

    bool ended() const noexcept { return head_left_ == 0 && payload_left_ == 0; }
    bool at_frame_start() const noexcept { return head_left_ != 0 && head_left_ == head_size_; }

    bool is_last() const noexcept { return behind_ == 0; }

    /// Of the frame that it is in, without the key.
    WEFT_INLINE frame_header header() const noexcept
    {
        return {.op = op_, .fin = fin_ && is_last(), .masked = masked_, .payload_size = size_};
    }
    std::size_t head_left() const noexcept { return head_left_; }
    std::uint64_t payload_left() const noexcept { return payload_left_; }

    /// The bytes to the end of the frame, and those to the end of the row. O(1).
    std::uint64_t frame_left() const noexcept { return head_left_ + payload_left_; }
    std::uint64_t bytes_left() const noexcept
    {
        const std::uint64_t whole = behind_ / each_, rest = behind_ % each_;
        return head_left_ + payload_left_ + behind_ + whole * frame_header_size(each_, masked_) +
               (rest != 0 ? frame_header_size(rest, masked_) : 0);
    }

    /// Goes `n` bytes on, at most to the end; returns how many of them were payload.
    WEFT_INLINE std::size_t advance(std::size_t n) noexcept
    {
        for (std::size_t payload = 0;; enter_frame()) {
            const std::size_t head = std::min<std::size_t>(n, head_left_);
            const auto bytes =
                static_cast<std::size_t>(std::min<std::uint64_t>(n - head, payload_left_));
            head_left_ = static_cast<std::uint8_t>(head_left_ - head);
            payload_left_ -= bytes;
            payload += bytes;
            n -= head + bytes;
            if (is_last() || !ended())
                return payload;
            op_ = opcode::continuation;
        }
    }

private:
    void enter_frame() noexcept
    {
        size_ = payload_left_ = std::min(behind_, each_);
        behind_ -= size_;
        head_size_ = head_left_ = static_cast<std::uint8_t>(frame_header_size(size_, masked_));
    }

    std::uint64_t behind_ = 0; // payload of the frames behind this one
    std::uint64_t each_ = 1;
    std::uint64_t size_ = 0; // payload of this frame
    std::uint64_t payload_left_ = 0;
    std::uint8_t head_size_ = 0;
    std::uint8_t head_left_ = 0;
    opcode op_ = opcode::continuation;
    bool fin_ = false;
    bool masked_ = false;
};

} // namespace weft::detail

#endif
