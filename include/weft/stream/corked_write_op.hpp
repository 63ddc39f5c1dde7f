// Writes a message where small ones are gathered.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_CORKED_WRITE_OP_HPP
#define WEFT_STREAM_CORKED_WRITE_OP_HPP

#include <cstddef>
#include <utility>

#include <weft/stream/waiting_write.hpp>
#include <weft/stream/want.hpp>
#include <weft/stream/write_op.hpp>
#include <weft/wire/error_code.hpp>
#include <weft/wire/opcode.hpp>

namespace weft::detail {

/// The write of `writing::corked`: it is done when a copy of the message waits. If there is no room
/// for it, this sends what is before it, and then the message from the caller's memory.
template <class Buffers>
class corked_write_op : public waiting_write<Buffers>
{
    using base = waiting_write<Buffers>;
    using step = typename base::step;

public:
    corked_write_op(message_kind kind, bool fin, bool whole, Buffers buffers)
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
            return ec ? give_up(state, state.cause_or(ec)) : advance(state);
        case step::writing:
            this->note_sent(state, n);
            return ec ? give_up(state, state.write_error(ec, false)) : advance(state);
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
        const std::size_t size = direct_.buffer_size();
        if (state.can_wait(size) && !state.writing) {
            const error_code refused = direct_.copy(state, 0);
            return this->finish(state, refused, refused ? 0 : size);
        }
        if (state.cause || state.writing || state.core.waiting_bytes() == 0)
            return this->write_directly(state);
        state.writing = true;
        return this->take_turn(state) ? advance(state) : want::write_lane;
    }

    // The owner of the lane sends what waits; the message is next, with its own checks.
    template <class State>
    want advance(State& state)
    {
        if (state.cause)
            return give_up(state, state.cause);
        if (state.core.waiting_bytes() != 0)
            return this->write_waiting(state);
        give_up(state, {});
        return this->write_directly(state);
    }

    template <class State>
    want give_up(State& state, error_code ec)
    {
        state.writing = false;
        return this->finish(state, ec, 0);
    }
};

} // namespace weft::detail

#endif
