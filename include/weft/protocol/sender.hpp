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
#include <weft/protocol/copy_frames.hpp>
#include <weft/protocol/fragments.hpp>
#include <weft/protocol/masked_frames.hpp>
#include <weft/protocol/outbox.hpp>
#include <weft/protocol/pieces.hpp>
#include <weft/protocol/plain_frames.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::detail {

/// Sends the data frames of one write at a time, and control frames before and between, never
/// inside, frames (§5.4, §5.5). A *source* is the payload not yet taken from the caller:
/// `std::span<const std::byte> front()`: its next stretch, empty at the end; `void advance(n)`.
template <class Set>
class sender
{
public:
    using role = typename Set::role;

    sender() = default;
    explicit sender(typename Set::key_source keys) : keys_(std::move(keys)) {}

    void borrow_from(std::pmr::memory_resource& lender) noexcept { data_.borrow_from(lender); }

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

    /// Whether a close frame was queued of which no byte has left, nor is about to.
    bool close_waits() const noexcept { return controls_.close_waits(); }

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

    /// How much has left of `size` bytes of payload that `ticket` has waited with.
    std::size_t payload_sent(std::uint32_t ticket, std::size_t size,
                             std::size_t each) const noexcept
    {
        fragments frames = row({}, true, size, each);
        return frames.advance(
            static_cast<std::size_t>(frames.bytes_left() - outbox_.left_of(ticket)));
    }

    /// Whether a control frame could leave now.
    bool owes_control() const noexcept { return !controls_.empty() && !in_frame(); }

    /// Begins a row of data frames: the first of a message has its kind, the others continue
    /// (§5.4). Precondition: not `in_frame()`.
    void begin(message_kind kind, bool fin, std::uint64_t size, std::uint64_t each)
    {
        data_.begin(row(kind, fin, size, each));
        in_message_before_ = in_message_;
        note(kind, fin);
    }

    /// Puts a copy of such a row behind those that wait, which leave when no other is begun.
    template <class Source>
    void enqueue(message_kind kind, bool fin, std::size_t size, std::size_t each, Source source,
                 std::uint32_t ticket)
    {
        fragments frames = row(kind, fin, size, each);
        const auto room = outbox_.add(ticket, static_cast<std::size_t>(frames.bytes_left()));
        frame_header header;
        copy_frames<Set>(room, frames, header, source, keys_);
        note(kind, fin);
        in_message_before_ = in_message_;
    }

    bool in_frame() const noexcept { return data_.in_frame(); }

    /// Whether a frame has left in part, so that nothing but its rest can follow.
    bool is_cut() const noexcept
    {
        return controls_.is_cut() || (data_.in_frame() && !data_.untouched());
    }
    bool in_message() const noexcept { return in_message_; }
    message_kind kind() const noexcept { return kind_; }

    /// Takes back the frames that were begun and have not left, unless one has in part.
    bool retract() noexcept
    {
        if (!data_.untouched())
            return false;
        data_.retract();
        in_message_ = in_message_before_;
        return true;
    }

    /// What to write next: control frames if they may, then the current frame, and those behind it
    /// unless a control frame waits. What it adds to `out` stays valid until `sent`, which must
    /// follow before the next call.
    template <class Piece, class Source>
    void gather(pieces<Piece>& out, Source& source)
    {
        out.clear();
        const bool data = in_frame() || outbox_.size() != 0;
        if (in_frame() ? data_.untouched() : !outbox_.is_cut())
            controls_.gather(out, pieces<Piece>::capacity - (data ? 2 : 0), !data);
        if (in_frame())
            data_.gather(out, source, keys_, controls_.empty());
        else if constexpr (queues)
            out.add(outbox_.front());
    }

    /// The layer below took `n` of the bytes that `gather` showed. Returns how many of them were
    /// payload of the caller.
    template <class Source>
    std::size_t sent(std::size_t n, Source& source) noexcept
    {
        n = controls_.sent(n);
        if constexpr (queues)
            if (!in_frame())
                outbox_.sent(n);
        if (!in_frame() || n == 0)
            return 0;
        in_message_before_ = true; // of the frames behind the one that is leaving now
        return data_.sent(n, source);
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

    fragments row(message_kind kind, bool fin, std::uint64_t size,
                  std::uint64_t each) const noexcept
    {
        const opcode first = in_message_ ? opcode::continuation : opcode_of(kind);
        return {first, fin, role::is_client, size, each};
    }

    void note(message_kind kind, bool fin) noexcept
    {
        kind_ = in_message_ ? kind_ : kind;
        in_message_ = !fin;
    }

    using control_memory =
        std::conditional_t<never_allocates<typename Set::buffer>, inline_frames, heap_frames>;
    using data_frames = std::conditional_t<role::is_client, masked_frames<Set>, plain_frames<Set>>;
    static constexpr bool queues = Set::writing::waiting_bytes != 0;
    using waiting_frames = std::conditional_t<queues, outbox, no_outbox>;

    control_queue<control_memory> controls_;
    [[no_unique_address]] typename Set::key_source keys_;
    data_frames data_;
    [[no_unique_address]] waiting_frames outbox_;
    message_kind kind_ = message_kind::binary;
    bool in_message_ = false;        // behind the frames that were begun
    bool in_message_before_ = false; // before the next of them
};

} // namespace weft::detail

#endif
