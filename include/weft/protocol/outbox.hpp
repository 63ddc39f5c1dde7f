// Encoded data frames that wait to be sent, in order.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_OUTBOX_HPP
#define WEFT_PROTOCOL_OUTBOX_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace weft::detail {

/// What a write of the layer below holds stays where it is, while more is gathered behind it.
/// Keeps its memory for the next frames.
class outbox
{
public:
    /// Bytes that have not left.
    std::size_t size() const noexcept { return leaving_.bytes.size() - left_ + next_.bytes.size(); }

    /// Whether a batch has left in part, so that nothing but its rest can follow.
    bool is_cut() const noexcept { return left_ != 0; }

    /// Room for a frame of `n` bytes behind all others. `ticket`: who waits for it, 0 for nobody.
    std::span<std::byte> add(std::uint32_t ticket, std::size_t n)
    {
        if (ticket != 0)
            next_.frames.push_back({ticket, n});
        next_.bytes.resize(next_.bytes.size() + n);
        return std::span(next_.bytes).last(n);
    }

    /// How many bytes of the frame of `ticket` have not left; 0 if all have.
    std::size_t left_of(std::uint32_t ticket) const noexcept
    {
        std::size_t end = 0;
        for (const frame& f : leaving_.frames) {
            end += f.size;
            if (f.ticket == ticket)
                return end - std::clamp(left_, end - f.size, end);
        }
        const auto at = std::ranges::find(next_.frames, ticket, &frame::ticket);
        return at != next_.frames.end() ? at->size : 0;
    }

    /// Takes the frame of `ticket` back unless a write holds it, or something of it has left.
    bool withdraw(std::uint32_t ticket) noexcept
    {
        if (next_.withdraw(ticket, 0))
            return true;
        const bool withdrawn = !held_ && leaving_.withdraw(ticket, left_);
        forget_what_has_left();
        return withdrawn;
    }

    /// All that waits now, or the rest of what has begun to leave. Held until `sent`.
    std::span<const std::byte> front() noexcept
    {
        if (leaving_.bytes.empty())
            std::swap(leaving_, next_);
        held_ = true;
        return std::span(leaving_.bytes).subspan(left_);
    }

    /// The first `n` bytes of `front()` have left.
    void sent(std::size_t n) noexcept
    {
        held_ = false;
        left_ += n;
        forget_what_has_left();
    }

private:
    struct frame
    {
        std::uint32_t ticket;
        std::size_t size;
    };

    struct batch
    {
        bool withdraw(std::uint32_t ticket, std::size_t gone) noexcept
        {
            std::size_t at = 0;
            for (auto f = frames.begin(); f != frames.end(); at += f++->size) {
                if (f->ticket != ticket)
                    continue;
                if (at < gone)
                    return false;
                const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at);
                bytes.erase(first, first + static_cast<std::ptrdiff_t>(f->size));
                frames.erase(f);
                return true;
            }
            return false;
        }

        void clear() noexcept
        {
            bytes.clear();
            frames.clear();
        }

        std::vector<std::byte> bytes;
        std::vector<frame> frames; // of which somebody waits: all of them, or none
    };

    void forget_what_has_left() noexcept
    {
        if (left_ != leaving_.bytes.size())
            return;
        leaving_.clear();
        left_ = 0;
    }

    batch leaving_;
    batch next_;
    std::size_t left_ = 0; // bytes of `leaving_` that have left
    bool held_ = false;
};

/// Where only one write is active at a time, none waits.
struct no_outbox
{
    static constexpr std::size_t size() noexcept { return 0; }
    static constexpr bool is_cut() noexcept { return false; }
    static constexpr std::size_t left_of(std::uint32_t) noexcept { return 0; }
    static constexpr bool withdraw(std::uint32_t) noexcept { return false; }
};

} // namespace weft::detail

#endif
