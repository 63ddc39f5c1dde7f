// Writes a message where small ones are gathered.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_CORKED_WRITE_OP_HPP
#define WEFT_STREAM_CORKED_WRITE_OP_HPP

#include <cstddef>
#include <cstdint>
#include <utility>

#include <weft/protocol/span_source.hpp>
#include <weft/stream/buffer_cursor.hpp>
#include <weft/stream/want.hpp>
#include <weft/stream/write_op.hpp>
#include <weft/wire/error_code.hpp>
#include <weft/wire/opcode.hpp>

namespace weft::detail {

/// The write of `writing::corked`: it is done when a copy of the message waits. If there is no room
/// for it, this sends what is before it, and then the message from the caller's memory.
template <class Buffers>
class corked_write_op
{
public:
    using signature = void(error_code, std::size_t);

    corked_write_op(message_kind kind, bool fin, bool whole, Buffers buffers)
        : direct_(kind, fin, whole, std::move(buffers)),
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
            return ec ? finish(state, state.cause_or(ec)) : advance(state);
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
        const std::size_t size = direct_.buffer_size();
        if (state.cause || state.writing || (!state.can_wait(size) && !state.core.waiting_bytes()))
            return write_directly(state);
        if (!state.can_wait(size)) {
            state.writing = true;
            at_ = step::waiting;
            owns_lane_ = state.write_lane.try_acquire();
            return owns_lane_ ? advance(state) : want::write_lane;
        }
        result_ = cork(state, size);
        sent_ = result_ ? 0 : size;
        return want::done;
    }

    template <class State>
    error_code cork(State& state, std::size_t size)
    {
        if (const error_code ec = state.entry_error())
            return ec;
        if (state.core.in_message())
            kind_ = state.core.sending_kind();
        if (kind_ == message_kind::text && !state.core.check_text(direct_.cursor(), fin_))
            return error::text_not_utf8;
        if (!state.core.enqueue(kind_, fin_, size, direct_.cursor(), 0))
            return error::not_open;
        if (!fin_)
            state.core.commit_text();
        return {};
    }

    // The owner of the lane sends what waits; the message is next, with its own checks.
    template <class State>
    want advance(State& state)
    {
        if (state.cause)
            return finish(state, state.cause);
        if (state.core.waiting_bytes() == 0) {
            finish(state, {});
            return write_directly(state);
        }
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
        return ec ? finish(state, state.write_error(ec, false)) : advance(state);
    }

    template <class State>
    want write_directly(State& state)
    {
        at_ = step::direct;
        return direct_.resume(state, {}, 0);
    }

    template <class State>
    want finish(State& state, error_code ec)
    {
        result_ = ec;
        state.writing = false;
        if (owns_lane_)
            state.write_lane.release();
        return want::done;
    }

    write_op<Buffers> direct_;
    std::size_t sent_ = 0;
    error_code result_;
    message_kind kind_;
    bool fin_;
    bool owns_lane_ = false;
    step at_ = step::starting;
};

} // namespace weft::detail

#endif
