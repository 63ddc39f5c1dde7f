// Control frames that wait to be sent, encoded, in order, bounded (RFC 6455 §5.5).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_CONTROL_QUEUE_HPP
#define WEFT_PROTOCOL_CONTROL_QUEUE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <weft/wire/frame_header.hpp>

namespace weft::detail {

/// An encoded control frame: 2 bytes, perhaps a key, at most 125 bytes of payload.
struct control_frame
{
    std::uint32_t ticket = 0; ///< who waits for it; 0 for an automatic pong, which may be dropped
    std::uint8_t size = 0;
    std::array<std::byte, 2 + 4 + control_payload_max> bytes;

    std::span<const std::byte> view() const noexcept { return std::span(bytes).first(size); }
};

/// Room on the heap while there is something to hold: an idle connection owns none.
class heap_frames
{
public:
    control_frame* get() noexcept { return frames_.get(); }

    /// How many of the wanted places there are.
    std::size_t acquire(std::size_t wanted)
    {
        frames_ = std::make_unique_for_overwrite<control_frame[]>(wanted);
        return wanted;
    }
    void release() noexcept { frames_.reset(); }

private:
    std::unique_ptr<control_frame[]> frames_;
};

/// Room inside the connection, for buffers that never allocate.
class inline_frames
{
public:
    control_frame* get() noexcept { return frames_.data(); }
    std::size_t acquire(std::size_t wanted) noexcept { return std::min(wanted, capacity); }
    void release() noexcept {}

private:
    static constexpr std::size_t capacity = 16 + 2;
    std::array<control_frame, capacity> frames_;
};

/// First in, first out. Frames that were handed to a write stay where they are until `sent`.
template <class Frames>
class control_queue
{
public:
    bool empty() const noexcept { return count_ == 0; }

    /// Whether a frame has left in part.
    bool is_cut() const noexcept { return head_sent_ != 0; }

    /// Room for one more frame, or null. As many frames may wait as `backlog` said when none did;
    /// two places more are kept for an automatic pong (ticket 0) and for the close frame, which
    /// always find room. A full queue forgets the oldest such pong that no write holds: "an
    /// endpoint MAY elect to send a Pong frame for only the most recently processed Ping frame"
    /// (§5.5.3), and that one it must.
    control_frame* push(std::uint32_t ticket, bool close, std::size_t backlog)
    {
        if (empty())
            backlog_ = frames_.acquire(std::max<std::size_t>(backlog, 2) + 2) - 2;
        const std::size_t others = count_ - (ends_with_close_ ? 1 : 0);
        const bool has_place = others < backlog_ || close ||
                               (ticket == 0 && (drop_oldest_pong() || others == backlog_));
        if (!has_place)
            return nullptr;
        control_frame& frame = add();
        frame.ticket = ticket;
        ends_with_close_ = ends_with_close_ || close;
        return &frame;
    }

    /// Whether the close frame is here, and no write has it: a pong may still stand before it.
    bool close_waits() const noexcept
    {
        return ends_with_close_ && count_ > std::max<std::size_t>(pinned_, head_sent_ != 0 ? 1 : 0);
    }

    bool holds(std::uint32_t ticket) noexcept { return find(ticket) != count_; }

    /// Forgets the frame of `ticket` unless a write holds it or has begun it.
    bool withdraw(std::uint32_t ticket) noexcept
    {
        const std::size_t at = find(ticket);
        if (at == count_ || at < pinned_ || (at == 0 && head_sent_ != 0))
            return false;
        erase(at);
        return true;
    }

    /// Adds the waiting frames to `out` as far as there is room, and pins them. The close frame,
    /// always the last, stays behind unless `with_close`: no data frame may follow it (§5.5.1).
    /// So does a pong beyond the backlog, which a later one may have to replace.
    template <class Pieces>
    void gather(Pieces& out, std::size_t room, bool with_close) noexcept
    {
        const std::size_t held_back = ends_with_close_ && !with_close ? 1 : 0;
        pinned_ = std::min({count_ - held_back, room, backlog_});
        for (std::size_t i = 0; i < pinned_; ++i)
            out.add(frames_.get()[i].view().subspan(i == 0 ? head_sent_ : 0));
    }

    /// The write that `gather` fed has taken `n` bytes in all; returns how many were not ours.
    std::size_t sent(std::size_t n) noexcept
    {
        std::size_t done = 0;
        for (; done < pinned_; ++done) {
            const std::size_t left = frames_.get()[done].size - head_sent_;
            if (n < left) {
                head_sent_ += n;
                n = 0;
                break;
            }
            n -= left;
            head_sent_ = 0;
        }
        pinned_ = 0;
        if (done != 0)
            erase(0, done);
        return n;
    }

private:
    // The close frame stays the last.
    control_frame& add() noexcept
    {
        control_frame* const frames = frames_.get();
        std::size_t at = count_++;
        if (ends_with_close_) {
            frames[at] = frames[at - 1];
            --at;
        }
        return frames[at];
    }

    std::size_t find(std::uint32_t ticket) noexcept
    {
        std::size_t i = 0;
        while (i < count_ && frames_.get()[i].ticket != ticket)
            ++i;
        return i;
    }

    bool drop_oldest_pong() noexcept
    {
        std::size_t i = std::max<std::size_t>(pinned_, head_sent_ != 0 ? 1 : 0);
        while (i < count_ && frames_.get()[i].ticket != 0)
            ++i;
        if (i == count_)
            return false;
        erase(i);
        return true;
    }

    void erase(std::size_t at, std::size_t n = 1) noexcept
    {
        control_frame* const frames = frames_.get();
        std::copy(frames + at + n, frames + count_, frames + at);
        count_ -= n;
        if (count_ != 0)
            return;
        ends_with_close_ = false;
        frames_.release();
    }

    Frames frames_;
    std::size_t count_ = 0;
    std::size_t pinned_ = 0;    // frames that a write holds
    std::size_t head_sent_ = 0; // bytes of the first frame that have left
    std::size_t backlog_ = 0;   // as long as frames wait
    bool ends_with_close_ = false;
};

} // namespace weft::detail

#endif
