// The closing handshake from our side (RFC 6455 §7.1.2): send a close frame, wait for the peer's,
// end the transport.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_CLOSE_OP_HPP
#define WEFT_STREAM_CLOSE_OP_HPP

#include <cstddef>
#include <cstdint>

#include <weft/protocol/close_reason.hpp>
#include <weft/protocol/event.hpp>
#include <weft/stream/control_payload.hpp>
#include <weft/stream/control_writer.hpp>
#include <weft/stream/ending.hpp>
#include <weft/stream/want.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

class close_op
{
public:
    using signature = void(error_code);

    /// `waits`: for the peer's close frame, and the end of the transport; else it only sends.
    explicit close_op(const close_reason& reason, bool waits) noexcept
        : reason_(boost::asio::const_buffer(reason.reason.data(), reason.reason.size())),
          code_(reason.code),
          waits_(waits)
    {}

    template <class State>
    want resume(State& state, error_code ec, std::size_t n)
    {
        switch (at_) {
        case step::starting:
            return start(state);
        case step::waiting_to_write:
            return ec ? finish(state, ec) : write(state, {}, 0);
        case step::writing:
            return write(state, ec, n);
        case step::waiting_to_read:
            return ec ? finish(state, ec) : enter(state);
        case step::reading:
            return received(state, ec, n);
        case step::ending:
            break;
        }
        return end(state, ending_.resume(state, ec, n));
    }

    error_code result() const noexcept { return result_; }

private:
    enum class step : std::uint8_t {
        starting,
        waiting_to_write,
        writing,
        waiting_to_read,
        reading,
        ending
    };

    template <class State>
    want start(State& state)
    {
        const close_reason reason{code_, reason_.text()};
        result_ = state.entry_error();
        if (!result_ && state.closing)
            result_ = error::operation_in_progress;
        else if (!result_ && !waits_ && state.core.close_queued())
            result_ = error::not_open;
        else if (!result_)
            result_ = state.core.check(reason);
        if (result_)
            return want::done;
        state.closing = true;
        state.timer.want(time_limit::close);
        state.core.close(reason, state.new_ticket());
        at_ = step::waiting_to_write;
        return state.write_lane.try_acquire() ? write(state, {}, 0) : want::write_lane;
    }

    template <class State>
    want write(State& state, error_code ec, std::size_t n)
    {
        at_ = step::writing;
        if (!writer_.done(state, ec, n))
            return want::write;
        state.write_lane.release();
        if (ec || state.transport_gone || !waits_)
            return finish(state, ec);
        at_ = step::waiting_to_read;
        return state.read_lane.try_acquire() ? enter(state) : want::read_lane;
    }

    // A read operation may have received the peer's close frame and ended the transport.
    template <class State>
    want enter(State& state)
    {
        owns_lane_ = true;
        if (state.cause)
            return finish(state, {});
        state.end_view();
        return advance(state);
    }

    template <class State>
    want received(State& state, error_code ec, std::size_t n)
    {
        state.core.commit(n);
        if (n != 0)
            state.timer.note_received();
        else if (ec)
            return finish(state, state.read_error(ec));
        return advance(state);
    }

    // Messages that still come are discarded.
    template <class State>
    want advance(State& state)
    {
        for (;;) {
            const event e = state.core.poll();
            switch (e.what) {
            case event::type::need_more:
                at_ = step::reading;
                state.receive_into({});
                return want::read;
            case event::type::message:
                state.discarded = true;
                break;
            case event::type::control:
                state.observe(e);
                break;
            case event::type::close:
                state.observe(e);
                return begin_ending(state, error::closed, false);
            case event::type::fault:
                return begin_ending(state, e.fault, true);
            }
        }
    }

    template <class State>
    want begin_ending(State& state, error cause, bool after_fault)
    {
        at_ = step::ending;
        state.fail(cause);
        return end(state, ending_.begin(state, after_fault));
    }

    template <class State>
    want end(State& state, want next)
    {
        return next == want::done ? finish(state, {}) : next;
    }

    // A close is done when both close frames have passed; anything else that ended the stream is
    // the result.
    template <class State>
    want finish(State& state, error_code ec)
    {
        result_ = state.cause == error::closed ? error_code() : state.cause_or(ec);
        state.closing = false;
        state.cut_if_unheard();
        if (owns_lane_)
            state.read_lane.release();
        return want::done;
    }

    control_payload reason_;
    control_writer writer_;
    ending ending_;
    error_code result_;
    close_code code_;
    bool waits_;
    bool owns_lane_ = false;
    step at_ = step::starting;
};

} // namespace weft::detail

#endif
