// The sending half of a connection: frames in, bytes out, in the one order that RFC 6455 allows.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_SENDER_HPP
#define WEFT_PROTOCOL_SENDER_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <type_traits>
#include <utility>

#include <weft/policy/policy_set.hpp>
#include <weft/protocol/control_queue.hpp>
#include <weft/protocol/copy_payload.hpp>
#include <weft/protocol/outbox.hpp>
#include <weft/protocol/pieces.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::detail {

/// Sends one data frame at a time, and control frames before and between, never inside, frames
/// (§5.4, §5.5). A *source* is the payload not yet taken from the caller:
/// `std::span<const std::byte> front()`: its next stretch, empty at the end; `void advance(n)`.
/// A client masks a copy, a buffer at a time, so that the caller's bytes stay as they are (§5.3).
template <class Set>
class sender
{
public:
    using role = typename Set::role;

    sender() = default;
    explicit sender(typename Set::key_source keys) : keys_(std::move(keys)) {}

    void borrow_from(std::pmr::memory_resource& lender) noexcept
    {
        if constexpr (role::is_client)
            staged_.borrow_from(lender);
    }

    /// Queues a control frame with at most 125 bytes of `payload`; false if there is no room.
    bool push_control(opcode op, std::uint32_t ticket, std::span<const std::byte> payload,
                      const budget::limits& limits)
    {
        payload = payload.first(std::min(payload.size(), control_payload_max));
        control_frame* const frame =
            controls_.push(ticket, op == opcode::close, limits.control_backlog);
        if (frame == nullptr)
            return false;
        const frame_header header = make_header(op, true, payload.size());
        const std::size_t head = encode(header, frame->bytes);
        const auto body = std::span(frame->bytes).subspan(head, payload.size());
        std::copy(payload.begin(), payload.end(), body.begin());
        if (header.masked)
            Set::masking::apply(body, header.key, 0);
        frame->size = static_cast<std::uint8_t>(head + payload.size());
        return true;
    }

    bool holds(std::uint32_t ticket) noexcept
    {
        return controls_.holds(ticket) || outbox_.left_of(ticket) != 0;
    }
    bool withdraw(std::uint32_t ticket) noexcept
    {
        return controls_.withdraw(ticket) || outbox_.withdraw(ticket);
    }

    /// The data frames that wait.
    const auto& waiting() const noexcept { return outbox_; }

    /// Whether a control frame could leave now.
    bool owes_control() const noexcept { return !controls_.empty() && !in_frame(); }

    /// Begins a data frame: the first of a message has its kind, the others continue (§5.4).
    /// Precondition: not `in_frame()`.
    void begin(message_kind kind, bool fin, std::uint64_t size)
    {
        header_ = make_header(in_message_ ? opcode::continuation : opcode_of(kind), fin, size);
        kind_ = in_message_ ? kind_ : kind;
        left_ = size;
        std::span<std::byte> head = head_;
        if constexpr (role::is_client)
            head = staged_.prepare(frame_header_size_max);
        head_size_ = static_cast<std::uint8_t>(encode(header_, head));
        head_sent_ = 0;
        if constexpr (role::is_client)
            staged_.commit(head_size_);
        untouched_ = true;
        in_frame_ = true;
        in_message_before_ = in_message_;
        in_message_ = !fin;
    }

    /// Puts a copy of a data frame behind those that wait, which leave when no other is begun.
    template <class Source>
    void enqueue(message_kind kind, bool fin, std::size_t size, Source source, std::uint32_t ticket)
    {
        const frame_header header =
            make_header(in_message_ ? opcode::continuation : opcode_of(kind), fin, size);
        kind_ = in_message_ ? kind_ : kind;
        in_message_ = in_message_before_ = !fin;
        copy_frame<Set>(outbox_, ticket, header, source);
    }

    bool in_frame() const noexcept { return in_frame_; }

    /// Whether a frame has left in part, so that nothing but its rest can follow.
    bool is_cut() const noexcept { return controls_.is_cut() || (in_frame_ && !untouched_); }
    bool in_message() const noexcept { return in_message_; }
    message_kind kind() const noexcept { return kind_; }

    /// Takes back a frame of which nothing has left.
    bool retract() noexcept
    {
        if (!in_frame_ || !untouched_)
            return false;
        if constexpr (role::is_client)
            staged_.consume(staged_.data().size());
        in_frame_ = false;
        in_message_ = in_message_before_;
        return true;
    }

    /// What to write next: control frames if they may, then the current frame. What it adds to
    /// `out` stays valid until `sent`, which must follow before the next call.
    template <class Piece, class Source>
    void gather(pieces<Piece>& out, Source& source)
    {
        out.clear();
        const bool data = in_frame_ || outbox_.size() != 0;
        if (in_frame_ ? untouched_ : !outbox_.is_cut())
            controls_.gather(out, pieces<Piece>::capacity - (data ? 2 : 0), !data);
        if (!in_frame_)
            gather_waiting(out);
        else if constexpr (role::is_client)
            gather_masked(out, source);
        else
            gather_plain(out, source);
    }

    /// The layer below took `n` of the bytes that `gather` showed. Returns how many of them were
    /// payload of the caller.
    template <class Source>
    std::size_t sent(std::size_t n, Source& source) noexcept
    {
        n = controls_.sent(n);
        if constexpr (queues)
            if (!in_frame_)
                outbox_.sent(n);
        if (!in_frame_ || n == 0)
            return 0;
        untouched_ = false;
        const std::size_t head = std::min(n, head_left());
        const std::size_t payload = n - head;
        head_sent_ = static_cast<std::uint8_t>(head_sent_ + head);
        if constexpr (role::is_client) {
            staged_.consume(n);
            in_frame_ = left_ != 0 || !staged_.data().empty();
        } else {
            source.advance(payload);
            left_ -= payload;
            in_frame_ = left_ != 0 || head_left() != 0;
        }
        return payload;
    }

    std::array<std::byte, 16> draw_nonce() noexcept { return draw_16(keys_); }

private:
    frame_header make_header(opcode op, bool fin, std::uint64_t size) noexcept
    {
        frame_header header{.op = op, .fin = fin, .masked = role::is_client, .payload_size = size};
        if constexpr (role::is_client)
            header.key = keys_.next();
        return header;
    }

    template <class Piece>
    void gather_waiting(pieces<Piece>& out) noexcept
    {
        if constexpr (queues)
            out.add(outbox_.front());
    }

    std::size_t head_left() const noexcept { return std::size_t{head_size_} - head_sent_; }

    template <class Piece, class Source>
    void gather_plain(pieces<Piece>& out, Source& source) noexcept
    {
        out.add(std::span<const std::byte>(head_).subspan(head_sent_, head_left()));
        std::uint64_t room = left_;
        for (Source ahead = source; room != 0 && !out.full();) {
            const auto bytes = up_to(ahead.front(), room);
            out.add(bytes);
            ahead.advance(bytes.size());
            room -= bytes.size();
        }
    }

    // The buffer is filled only when it holds nothing, or a header of which nothing has left: a
    // short write is continued from it.
    template <class Piece, class Source>
    void gather_masked(pieces<Piece>& out, Source& source)
    {
        if (untouched_ || staged_.data().empty()) {
            auto room = staged_.prepare(1);
            while (left_ != 0 && !room.empty()) {
                const auto bytes =
                    up_to(source.front(), std::min<std::uint64_t>(left_, room.size()));
                const auto phase = static_cast<std::size_t>((header_.payload_size - left_) % 4);
                copy_payload<Set>(room.first(bytes.size()), bytes, header_, phase);
                staged_.commit(bytes.size());
                room = room.subspan(bytes.size());
                source.advance(bytes.size());
                left_ -= bytes.size();
            }
        }
        out.add(staged_.data());
    }

    using frames =
        std::conditional_t<never_allocates<typename Set::buffer>, inline_frames, heap_frames>;
    using staging = std::conditional_t<role::is_client, typename Set::buffer, no_staging>;
    static constexpr bool queues = Set::writing::waiting_bytes != 0;
    using waiting_frames = std::conditional_t<queues, outbox, no_outbox>;

    control_queue<frames> controls_;
    [[no_unique_address]] typename Set::key_source keys_;
    [[no_unique_address]] staging staged_;
    [[no_unique_address]] waiting_frames outbox_;
    std::array<std::byte, frame_header_size_max> head_{};
    std::uint8_t head_size_ = 0;
    std::uint8_t head_sent_ = 0;
    message_kind kind_ = message_kind::binary;
    bool untouched_ = false; // nothing of the current frame has left
    bool in_frame_ = false;
    bool in_message_ = false;
    bool in_message_before_ = false;
    frame_header header_;
    std::uint64_t left_ = 0; // payload of the current frame that was not taken from the source
};

} // namespace weft::detail

#endif
