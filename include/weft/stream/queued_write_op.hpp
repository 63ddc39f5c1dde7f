// Writes a message where any number of writes may be active.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_QUEUED_WRITE_OP_HPP
#define WEFT_STREAM_QUEUED_WRITE_OP_HPP

#include <cstddef>
#include <cstdint>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <weft/protocol/span_source.hpp>
#include <weft/stream/buffer_cursor.hpp>
#include <weft/stream/want.hpp>
#include <weft/stream/write_op.hpp>
#include <weft/wire/error_code.hpp>
#include <weft/wire/opcode.hpp>

namespace weft::detail {

/// The write of `writing::queued`. A message that finds nothing under way leaves straight from the
/// caller's memory; another waits as a copy, and this until it has left, whoever sends it: in its
/// turn, this sends all that waits.
template <class Buffers>
class queued_write_op
{
public:
    using signature = void(error_code, std::size_t);

    queued_write_op(message_kind kind, bool fin, bool, Buffers buffers)
        : direct_(kind, fin, false, std::move(buffers)),
          kind_(kind),
          fin_(fin)
    {}

    template <class State>
    want resume(State& state, error_code ec, std::size_t n)
    {
        switch (at_) {
        case step::starting:
            return start(state);
        case step::direct:
            break;
        case step::waiting:
            owns_lane_ = !ec;
            return ec ? struck(state, ec) : advance(state);
        case step::writing:
            return written(state, ec, n);
        }
        return direct_.resume(state, ec, n);
    }

    error_code result() const noexcept { return at_ == step::direct ? direct_.result() : result_; }
    std::size_t size() const noexcept { return at_ == step::direct ? direct_.size() : sent_; }

private:
    enum class step : std::uint8_t { starting, direct, waiting, writing };

    template <class State>
    want start(State& state)
    {
        const bool whole = fin_ && !state.core.in_message();
        if (whole && !state.writing && state.core.waiting_bytes() == 0 &&
            state.write_lane.is_free())
            at_ = step::direct;
        if (at_ == step::direct)
            return direct_.resume(state, {}, 0);
        result_ = queue(state, whole);
        if (result_)
            return want::done;
        at_ = step::waiting;
        owns_lane_ = state.write_lane.try_acquire();
        return owns_lane_ ? advance(state) : want::write_lane;
    }

    template <class State>
    error_code queue(State& state, bool whole)
    {
        if (const error_code ec = state.entry_error())
            return ec;
        if (state.core.in_message())
            kind_ = state.core.sending_kind();
        const std::size_t size = direct_.buffer_size();
        if (!state.can_wait(size))
            return error::write_queue_full;
        if (kind_ == message_kind::text && !state.core.check_text(direct_.cursor(), fin_))
            return error::text_not_utf8;
        ticket_ = state.new_ticket();
        if (!state.core.enqueue(kind_, fin_, size, direct_.cursor(), ticket_))
            return error::not_open;
        if (!fin_)
            state.core.commit_text();
        may_withdraw_ = whole;
        return {};
    }

    // For the owner of the lane.
    template <class State>
    want advance(State& state)
    {
        if (!state.core.holds(ticket_))
            return finish(state, {});
        if (state.transport_gone)
            return finish(state, state.cause);
        if (state.cause && may_withdraw_ && state.core.withdraw(ticket_))
            return finish(state, state.cause, true);
        span_source nothing;
        state.core.gather(state.outgoing, nothing);
        at_ = step::writing;
        return want::write;
    }

    template <class State>
    want written(State& state, error_code ec, std::size_t n)
    {
        span_source nothing;
        state.core.sent(n, nothing);
        if (n != 0)
            state.timer.note_sent();
        return ec ? struck(state, ec) : advance(state);
    }

    // A cancellation takes the message back as long as nothing of it has left, and is too late
    // else. What has begun to leave is the stream's, so that no frame is cut.
    template <class State>
    want struck(State& state, error_code ec)
    {
        if (owns_lane_ && (State::farewell::exists || ec != asio::error::operation_aborted))
            state.write_error(ec, true);
        if (!state.core.holds(ticket_))
            return finish(state, {});
        if (state.transport_gone)
            return finish(state, state.cause);
        if (may_withdraw_ && state.core.withdraw(ticket_))
            return finish(state, state.cause_or(ec), true);
        owns_lane_ = owns_lane_ || state.write_lane.try_acquire();
        if (owns_lane_)
            return advance(state);
        at_ = step::waiting;
        return want::write_lane;
    }

    template <class State>
    want finish(State& state, error_code ec, bool withdrawn = false)
    {
        const std::size_t left = state.core.waiting_bytes_of(ticket_);
        const std::size_t size = direct_.buffer_size();
        sent_ = withdrawn || left >= size ? 0 : size - left;
        result_ = ec;
        if (owns_lane_)
            state.write_lane.release();
        return want::done;
    }

    write_op<Buffers> direct_;
    std::size_t sent_ = 0;
    error_code result_;
    std::uint32_t ticket_ = 0;
    message_kind kind_;
    bool fin_;
    bool may_withdraw_ = false;
    bool owns_lane_ = false;
    step at_ = step::starting;
};

} // namespace weft::detail

#endif
