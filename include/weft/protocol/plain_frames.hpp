// The data frames of a server on their way out.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_PLAIN_FRAMES_HPP
#define WEFT_PROTOCOL_PLAIN_FRAMES_HPP

#include <array>
#include <cstddef>
#include <memory_resource>
#include <span>

#include <weft/protocol/copy_frames.hpp>
#include <weft/protocol/fragments.hpp>
#include <weft/protocol/pieces.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::detail {

/// Headers of ours between the caller's bytes, which are sent where they are.
template <class Set>
class plain_frames
{
public:
    void borrow_from(std::pmr::memory_resource&) noexcept {}

    void begin(const fragments& frames) noexcept { leaving_ = frames; }
    void retract() noexcept { leaving_ = {}; }

    /// Not all has left; nothing of the current frame has left.
    bool in_frame() const noexcept { return !leaving_.ended(); }
    bool untouched() const noexcept { return leaving_.at_frame_start(); }

    /// As many frames as there is room for, but no header without a byte of its payload, and not
    /// those `behind` this one unless wanted.
    template <class Piece, class Source>
    void gather(pieces<Piece>& out, Source& source, typename Set::key_source&, bool behind) noexcept
    {
        fragments frames = leaving_;
        Source ahead = source;
        const auto last =
            behind ? heads_.end() : heads_.begin() + (frames.head_left() != 0 ? 1 : 0);
        for (auto head = heads_.begin(); !frames.ended() && !out.full();) {
            std::span<const std::byte> bytes;
            if (const std::size_t left = frames.head_left(); left == 0) {
                bytes = up_to(ahead.front(), frames.payload_left());
                ahead.advance(bytes.size());
            } else if (head != last && out.size() + 2 <= pieces<Piece>::capacity) {
                bytes = std::span(*head).first(encode(frames.header(), *head)).last(left);
                ++head;
            } else {
                break;
            }
            out.add(bytes);
            frames.advance(bytes.size());
        }
    }

    template <class Source>
    std::size_t sent(std::size_t n, Source& source) noexcept
    {
        const std::size_t payload = leaving_.advance(n);
        source.advance(payload);
        return payload;
    }

private:
    // Of the frames that one write holds: a header needs no more without a key.
    std::array<std::array<std::byte, frame_header_size_max - 4>, pieces<>::capacity / 2> heads_;
    fragments leaving_;
};

} // namespace weft::detail

#endif
