// Writes a message, or one frame of it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_WRITE_OP_HPP
#define WEFT_STREAM_WRITE_OP_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <boost/asio/buffer.hpp>

#include <weft/stream/buffer_cursor.hpp>
#include <weft/stream/want.hpp>
#include <weft/wire/error_code.hpp>
#include <weft/wire/opcode.hpp>

namespace weft::detail {

template <class Buffers>
class write_op
{
public:
    using signature = void(error_code, std::size_t);

    /// `fin` ends the message. `whole` lets the stream cut it into frames of its own.
    write_op(message_kind kind, bool fin, bool whole, Buffers buffers)
        : buffers_(std::move(buffers)),
          kind_(kind),
          fin_(fin),
          whole_(whole)
    {}

    template <class State>
    want resume(State& state, error_code ec, std::size_t n)
    {
        switch (at_) {
        case step::starting:
            return start(state);
        case step::waiting:
            owns_lane_ = !ec;
            return ec ? finish(state, state.cause_or(ec)) : begin(state);
        case step::writing:
            break;
        }
        return written(state, ec, n);
    }

    error_code result() const noexcept { return result_; }
    std::size_t size() const noexcept { return sent_; }

    // For operations that may do otherwise with the message than to `resume` this.

    std::size_t buffer_size() const noexcept { return asio::buffer_size(buffers_); }

    /// Whether it is more than a part of one.
    template <class State>
    bool is_whole_message(const State& state) const noexcept
    {
        return fin_ && !state.core.in_message();
    }

    /// Puts a copy behind the frames that wait; what refuses it, if anything.
    template <class State>
    error_code copy(State& state, std::uint32_t ticket)
    {
        if (const error_code refused = check(state))
            return refused;
        each_ = each(state);
        if (!state.core.enqueue(kind_, fin_, buffer_size(), each_, cursor(), ticket))
            return error::not_open;
        if (!fin_)
            state.core.commit_text();
        return {};
    }

    /// How much of the payload of that copy has left.
    template <class State>
    std::size_t payload_sent(const State& state, std::uint32_t ticket) const noexcept
    {
        return state.core.payload_sent(ticket, buffer_size(), each_);
    }

private:
    enum class step : std::uint8_t { starting, waiting, writing };

    template <class State>
    want start(State& state)
    {
        if (state.writing && !state.entry_error())
            result_ = error::operation_in_progress;
        else
            result_ = check(state);
        if (result_)
            return want::done;
        state.writing = true;
        at_ = step::waiting;
        owns_lane_ = state.write_lane.try_acquire();
        return owns_lane_ ? begin(state) : want::write_lane;
    }

    // What keeps the message from being sent. A part has the kind of its message (§5.4).
    template <class State>
    error_code check(State& state)
    {
        if (const error_code ec = state.entry_error())
            return ec;
        if (state.core.in_message())
            kind_ = state.core.sending_kind();
        if (kind_ == message_kind::text && !state.core.check_text(cursor(), fin_))
            return error::text_not_utf8;
        return {};
    }

    // How much a frame may hold, if that has a limit.
    template <class State>
    std::size_t each(const State& state) const noexcept
    {
        return whole_ ? state.fragment_bytes : 0;
    }

    // Unless a close has been queued meanwhile.
    template <class State>
    want begin(State& state)
    {
        if (state.cause)
            return finish(state, state.cause);
        if (!state.core.begin(kind_, fin_, buffer_size(), each(state)))
            return finish(state, error::not_open);
        at_ = step::writing;
        return write(state);
    }

    template <class State>
    want write(State& state)
    {
        auto source = cursor();
        state.core.gather(state.outgoing, source);
        at_in_buffers_ = source.position();
        return want::write;
    }

    template <class State>
    want written(State& state, error_code ec, std::size_t n)
    {
        auto source = cursor();
        sent_ += state.core.sent(n, source);
        if (n != 0)
            state.timer.note_sent();
        at_in_buffers_ = source.position();
        if (ec) {
            ec = state.write_error(ec, state.core.is_cut() || (whole_ && sent_ != 0));
            state.core.retract();
            return finish(state, ec);
        }
        if (state.core.in_frame())
            return is_late(state) ? finish(state, state.cause_or(error::not_open)) : write(state);
        if (!fin_)
            state.core.commit_text();
        return finish(state, {});
    }

    // A close goes before the next fragment, and then that won't leave; but what waits behind the
    // message could not follow a part of it (§5.4).
    template <class State>
    bool is_late(State& state)
    {
        return sent_ != 0 && (state.cause || state.core.close_queued()) &&
               state.core.waiting_bytes() == 0 && state.core.retract();
    }

    template <class State>
    want finish(State& state, error_code ec)
    {
        result_ = ec;
        state.writing = false;
        if (owns_lane_) {
            state.outgoing.clear(); // the caller's bytes are the caller's again
            state.write_lane.release();
        }
        return want::done;
    }

    buffer_cursor<const std::byte, Buffers> cursor() const noexcept
    {
        return {buffers_, at_in_buffers_};
    }

    Buffers buffers_;
    buffer_position at_in_buffers_;
    std::size_t sent_ = 0;
    std::size_t each_ = 0; // the payload of a frame of the copy at most
    error_code result_;
    message_kind kind_;
    bool fin_;
    bool whole_;
    bool owns_lane_ = false;
    step at_ = step::starting;
};

} // namespace weft::detail

#endif
