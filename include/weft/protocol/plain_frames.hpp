// The data frames of a server on their way out.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_PLAIN_FRAMES_HPP
#define WEFT_PROTOCOL_PLAIN_FRAMES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>

#include <weft/kernel/isa.hpp>
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

    /// As many frames as there is room for, but not those `behind` this one unless wanted.
    template <class Piece, class Source>
    void gather(pieces<Piece>& out, Source& source, typename Set::key_source&, bool behind) noexcept
    {
        add_frame(out, source, leaving_, heads_[0]);
        if (behind && !leaving_.is_last())
            add_frames_behind(out, source);
    }

    template <class Source>
    std::size_t sent(std::size_t n, Source& source) noexcept
    {
        const std::size_t payload = leaving_.advance(n);
        source.advance(payload);
        return payload;
    }

private:
    using header_bytes = std::array<std::byte, frame_header_size_max - 4>; // there is no key

    // The rest of the frame, as far as there is room.
    template <class Piece, class Source>
    static void add_frame(pieces<Piece>& out, Source ahead, const fragments& frame,
                          header_bytes& head) noexcept
    {
        if (frame.head_left() != 0)
            out.add(std::span<const std::byte>(head)
                        .first(encode(frame.header(), head))
                        .last(frame.head_left()));
        for (std::uint64_t left = frame.payload_left(); left != 0 && !out.full();) {
            const auto bytes = up_to(ahead.front(), left);
            out.add(bytes);
            left -= bytes.size();
            if (left != 0)
                ahead.advance(bytes.size());
        }
    }

    // No header without a byte of its payload.
    template <class Piece, class Source>
    WEFT_NOINLINE void add_frames_behind(pieces<Piece>& out, Source ahead) noexcept
    {
        fragments frames = leaving_;
        for (std::size_t i = 1; i != heads_.size() && !frames.is_last(); ++i) {
            if (out.size() + 2 > pieces<Piece>::capacity)
                return;
            ahead.advance(frames.advance(static_cast<std::size_t>(frames.frame_left())));
            add_frame(out, ahead, frames, heads_[i]);
        }
    }

    std::array<header_bytes, pieces<>::capacity / 2> heads_; // of the frames that one write holds
    fragments leaving_;
};

} // namespace weft::detail

#endif
