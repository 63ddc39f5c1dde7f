// The protocol of RFC 6455 §5–§7 as one object without I/O, clock or threads.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_CONNECTION_HPP
#define WEFT_PROTOCOL_CONNECTION_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory_resource>
#include <span>
#include <string_view>
#include <utility>

#include <weft/policy/policy_set.hpp>
#include <weft/protocol/close_body.hpp>
#include <weft/protocol/close_reason.hpp>
#include <weft/protocol/event.hpp>
#include <weft/protocol/outgoing_text.hpp>
#include <weft/protocol/receiver.hpp>
#include <weft/protocol/sender.hpp>

namespace weft {

/// One open connection: the peer's bytes in, events out; messages in, bytes out.
///
/// Receiving: `prepare()` gives room, `commit(n)` takes what was received there, `poll()` reports
/// one event at a time until `need_more`. Sending: `ping`, `pong`, `close` and `begin` queue
/// frames, `gather` shows the bytes to write next, `sent(n)` takes note of what was written.
/// Answers to the peer's pings and close queue themselves.
///
/// A run is a function of its inputs. Memory is bounded by the buffer policy and the budget's
/// control backlog. Not thread safe: one call at a time. No function but `prepare`, `poll`,
/// `begin`, `gather` and those that queue a control frame can throw, and these only
/// `std::bad_alloc`.
template <class Set>
class connection
{
public:
    using policies = Set;
    using ticket = std::uint32_t;

    connection() = default;
    explicit connection(typename Set::budget budget, typename Set::key_source keys = {})
        : budget_(std::move(budget)),
          out_(std::move(keys))
    {}

    /// Where the buffers come from, if they are borrowed, that messages are received in and, by a
    /// client, sent from. Before anything else. The lender must outlive the connection.
    void borrow_from(std::pmr::memory_resource& lender) noexcept
        requires borrowing_buffer_policy<typename Set::buffer>
    {
        in_.borrow_from(lender);
        out_.borrow_from(lender);
    }

    /// Room for at least one more byte of the peer's.
    std::span<std::byte> prepare() { return in_.prepare(); }

    /// The first `n` bytes of that room were received. After `is_read_closed()` they are ignored.
    void commit(std::size_t n) noexcept { in_.commit(n); }

    /// Bytes received that no event has taken: the opening handshake reads them here.
    std::span<std::byte> unread() noexcept { return in_.unread(); }
    void consume(std::size_t n) noexcept { in_.consume(n); }

    /// What the last event has shown of the buffer. `release` forgets it now and not with the next
    /// `prepare` or `poll`, so that a buffer that is borrowed can go back.
    std::span<std::byte> handed_out() noexcept { return in_.handed_out(); }
    void release() noexcept { in_.release(); }

    /// The next event. O(bytes of the event), amortised over the bytes received.
    event poll(std::size_t part_max = std::numeric_limits<std::size_t>::max())
    {
        return react(in_.poll(limits(), part_max));
    }

    /// How many bytes may be received straight into the caller's memory, before those of
    /// `prepare()`: the rest of a frame's payload. Saves a copy; `direct` takes them.
    std::uint64_t direct_size() noexcept { return in_.direct_size(); }
    event direct(std::span<std::byte> bytes) { return react(in_.direct(bytes)); }

    /// Queue a control frame with at most 125 bytes (§5.5). False, and nothing is queued, after a
    /// close was queued or if the backlog is full. `holds(t)` tells if it has not left yet.
    bool ping(std::span<const std::byte> payload, ticket t)
    {
        return !close_queued_ && out_.push_control(opcode::ping, t, payload, limits());
    }
    bool pong(std::span<const std::byte> payload, ticket t)
    {
        return !close_queued_ && out_.push_control(opcode::pong, t, payload, limits());
    }

    /// Queues the close frame, once: false if one was queued before. Precondition:
    /// `check(reason) == error::none`. No message can be begun after it (§5.5.1).
    bool close(const close_reason& reason, ticket t)
    {
        if (close_queued_)
            return false;
        queue_close(reason, t);
        return true;
    }

    /// Queues a ping with a nonce from the key source, as `ping`. `asked()` until its pong comes.
    bool ask(ticket t)
    {
        const auto drawn = out_.draw_nonce();
        std::copy_n(drawn.begin() + 8, nonce_.size(), nonce_.begin());
        asked_ = ping(nonce_, t);
        return asked_;
    }
    bool asked() const noexcept { return asked_; }

    bool holds(ticket t) noexcept { return out_.holds(t); }

    /// Forgets a queued frame of which nothing has left. Not for a close, nor a part of a message.
    bool withdraw(ticket t) noexcept { return out_.withdraw(t); }

    /// Whether a control frame could leave now: ask after every `poll`.
    bool owes_control() const noexcept { return out_.owes_control(); }

    /// Begins a data frame of `size` bytes, or a row of frames of at most `each`, if that isn't 0;
    /// false after a close was queued. Precondition: what was begun before has left. The payload is
    /// the source that `gather` and `sent` are given. `fin`: it, or the row's last, ends a message.
    bool begin(message_kind kind, bool fin, std::uint64_t size, std::uint64_t each = 0)
    {
        if (close_queued_)
            return false;
        out_.begin(kind, fin, size, each);
        return true;
    }

    /// Puts a copy of such frames behind those that wait; `gather` shows them while no other is
    /// begun. False after a close was queued. `t`: for `holds` and `withdraw`; 0: nobody's.
    template <class Source>
    bool enqueue(message_kind kind, bool fin, std::size_t size, std::size_t each, Source source,
                 ticket t)
    {
        if (close_queued_)
            return false;
        out_.enqueue(kind, fin, size, each, source, t);
        return true;
    }

    /// Bytes of data frames that wait, headers included.
    std::size_t waiting_bytes() const noexcept { return out_.waiting().size(); }

    /// How much has left of the `size` bytes of payload that `t` waits with. O(frames).
    std::size_t payload_sent(ticket t, std::size_t size, std::size_t each) const noexcept
    {
        return out_.payload_sent(t, size, each);
    }

    /// Whether data frames are on their way out, whether an unfinished message is, and its kind,
    /// which its further frames keep whatever `begin` is told.
    bool in_frame() const noexcept { return out_.in_frame(); }
    bool in_message() const noexcept { return out_.in_message(); }
    message_kind sending_kind() const noexcept { return out_.kind(); }

    /// Whether a frame has left in part: nothing but its rest may follow.
    bool is_cut() const noexcept { return out_.is_cut(); }

    /// Takes back what was begun and has not left; false if a frame has left in part.
    bool retract() noexcept { return out_.retract(); }

    /// Shows what to write next; empty: nothing. `source` is what the current frame has not
    /// taken yet, a `span_source` or the like.
    template <class Piece, class Source>
    void gather(pieces<Piece>& out, Source& source)
    {
        out_.gather(out, source);
    }

    template <class Source>
    std::size_t sent(std::size_t n, Source& source) noexcept
    {
        return out_.sent(n, source);
    }

    /// Checks text before it is sent, as the utf8 policy does with what comes in: parts of one
    /// message follow each other. `commit_text` makes the last check's state the message's.
    template <class Source>
    bool check_text(Source source, bool fin) noexcept
    {
        return text_.check(std::move(source), out_.in_message(), fin);
    }
    void commit_text() noexcept { text_.commit(); }

    /// The kind of the message that is being received, or of the last one.
    message_kind kind() const noexcept { return in_.kind(); }
    bool receiving_message() const noexcept { return in_.in_message(); }

    /// Whether our close frame was queued, and whether the peer's, or a fault, has ended reading.
    bool close_queued() const noexcept { return close_queued_; }
    bool is_read_closed() const noexcept { return in_.ended(); }

    /// What the peer's close frame said: `no_status` if it had no body, `abnormal` if none came
    /// (§7.1.5, §7.1.6). The reason is valid as long as the connection is.
    close_reason peer_close() noexcept { return in_.peer_close(); }

    /// Sixteen bytes of the key source, for the opening handshake (§4.1).
    std::array<std::byte, 16> draw_nonce() noexcept { return out_.draw_nonce(); }

    budget::limits limits() const noexcept { return budget_.limits(); }

    /// `error::none` if `reason` may be sent (§5.5.1, §7.4).
    static error check(const close_reason& reason) noexcept
    {
        return detail::check_close_reason(reason);
    }

private:
    // §5.5.2: a pong with the ping's payload, unless our close has left: that one is our last word,
    // but it may wait for long behind a message. §5.5.1: a close answers a close, with its code.
    // §7.1.7: a fault is told to the peer by the close code of the rule.
    event react(event e)
    {
        if (asked_ && e.what == event::type::control && e.op == opcode::pong &&
            std::ranges::equal(e.bytes, nonce_))
            asked_ = false;
        if (detail::answers_pings<typename Set::observer> && e.what == event::type::control &&
            e.op == opcode::ping && (!close_queued_ || out_.close_waits()))
            out_.push_control(opcode::pong, 0, e.bytes, limits());
        else if ((e.what == event::type::close || e.what == event::type::fault) && !close_queued_)
            queue_close({e.code, {}}, 0);
        return e;
    }

    void queue_close(const close_reason& reason, ticket t)
    {
        const detail::close_body body(reason);
        out_.push_control(opcode::close, t, body.bytes(), limits());
        close_queued_ = true;
    }

    [[no_unique_address]] typename Set::budget budget_;
    detail::receiver<Set> in_;
    detail::sender<Set> out_;
    [[no_unique_address]] detail::outgoing_text<typename Set::utf8> text_;
    std::array<std::byte, 8> nonce_{}; // of the ping that waits for its pong
    bool asked_ = false;
    bool close_queued_ = false;
};

} // namespace weft

#endif
