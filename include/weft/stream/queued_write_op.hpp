// Writes a message where any number of writes may be active.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_QUEUED_WRITE_OP_HPP
#define WEFT_STREAM_QUEUED_WRITE_OP_HPP

#include <cstddef>
#include <cstdint>
#include <utility>

#include <boost/asio/error.hpp>

#include <weft/stream/waiting_write.hpp>
#include <weft/stream/want.hpp>
#include <weft/stream/write_op.hpp>
#include <weft/wire/error_code.hpp>
#include <weft/wire/opcode.hpp>

namespace weft::detail {

/// The write of `writing::queued`. A message that finds nothing under way leaves straight from the
/// caller's memory; another waits as a copy, and this until it has left, whoever sends it: in its
/// turn, this sends all that waits.
template <class Buffers>
class queued_write_op : public waiting_write<Buffers>
{
    using base = waiting_write<Buffers>;
    using step = typename base::step;

public:
    queued_write_op(message_kind kind, bool fin, bool whole, Buffers buffers)
        : base(write_op(kind, fin, whole, std::move(buffers)))
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
            this->note_sent(state, n);
            return ec ? struck(state, ec) : advance(state);
        }
        return direct_.resume(state, ec, n);
    }

private:
    using base::at_;
    using base::direct_;
    using base::owns_lane_;

    template <class State>
    want start(State& state)
    {
        // A part is never taken back: others may continue it.
        may_withdraw_ = direct_.is_whole_message(state);
        if (may_withdraw_ && !state.writing && state.core.waiting_bytes() == 0 &&
            state.write_lane.is_free())
            return this->write_directly(state);
        ticket_ = state.new_ticket();
        error_code refused;
        if (!state.entry_error() && !state.can_wait(direct_.buffer_size()))
            refused = error::write_queue_full;
        else
            refused = direct_.copy(state, ticket_);
        if (refused)
            return this->finish(state, refused, 0);
        return this->take_turn(state) ? advance(state) : want::write_lane;
    }

    // For the owner of the lane.
    template <class State>
    want advance(State& state)
    {
        if (!state.core.holds(ticket_) || state.transport_gone)
            return end(state);
        if (state.cause && may_withdraw_ && state.core.withdraw(ticket_))
            return this->finish(state, state.cause, 0);
        return this->write_waiting(state);
    }

    // A cancellation takes the message back as long as nothing of it has left, and is too late
    // else. What has begun to leave is the stream's, so that no frame is cut.
    template <class State>
    want struck(State& state, error_code ec)
    {
        if (owns_lane_ && (State::farewell::exists || ec != asio::error::operation_aborted))
            state.write_error(ec, true);
        if (!state.core.holds(ticket_) || state.transport_gone)
            return end(state);
        if (may_withdraw_ && state.core.withdraw(ticket_))
            return this->finish(state, state.cause_or(ec), 0);
        return this->take_turn(state) ? advance(state) : want::write_lane;
    }

    // It has left, or what has not never will.
    template <class State>
    want end(State& state)
    {
        return this->finish(state, state.core.holds(ticket_) ? state.cause : error_code(),
                            direct_.payload_sent(state, ticket_));
    }

    std::uint32_t ticket_ = 0;
    bool may_withdraw_ = false;
};

} // namespace weft::detail

#endif
