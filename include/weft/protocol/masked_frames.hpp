// The data frames of a client on their way out.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_MASKED_FRAMES_HPP
#define WEFT_PROTOCOL_MASKED_FRAMES_HPP

#include <cstddef>
#include <memory_resource>

#include <weft/protocol/copy_frames.hpp>
#include <weft/protocol/fragments.hpp>
#include <weft/protocol/pieces.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::detail {

/// Masks a copy, a buffer at a time, so that the caller's bytes stay as they are (RFC 6455 §5.3).
template <class Set>
class masked_frames
{
public:
    void borrow_from(std::pmr::memory_resource& lender) noexcept { staged_.borrow_from(lender); }

    void begin(const fragments& frames) noexcept { leaving_ = staging_ = frames; }
    void retract() noexcept
    {
        leaving_ = staging_ = {};
        staged_.consume(staged_.data().size());
    }

    /// Not all has left; nothing of the current frame has left.
    bool in_frame() const noexcept { return !leaving_.ended(); }
    bool untouched() const noexcept { return leaving_.at_frame_start(); }

    /// As many frames as fit the buffer, but not those `behind` this one unless wanted; when all of
    /// it has left, those that follow.
    template <class Piece, class Source>
    void gather(pieces<Piece>& out, Source& source, typename Set::key_source& keys, bool behind)
    {
        if (staged_.data().empty()) {
            const auto room = staged_.prepare(frame_header_size_max);
            staged_.commit(copy_frames<Set>(room, staging_, header_, source, keys));
        }
        out.add(behind ? staged_.data() : up_to(staged_.data(), leaving_.frame_left()));
    }

    template <class Source>
    std::size_t sent(std::size_t n, Source&) noexcept
    {
        staged_.consume(n);
        return leaving_.advance(n);
    }

private:
    [[no_unique_address]] typename Set::buffer staged_;
    fragments staging_;
    fragments leaving_;
    frame_header header_; // of the frame that is being staged
};

} // namespace weft::detail

#endif
