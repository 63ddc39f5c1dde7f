// The last steps of a connection: send the close frame, then end the transport (RFC 6455 §7.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_ENDING_HPP
#define WEFT_STREAM_ENDING_HPP

#include <cstddef>
#include <cstdint>

#include <weft/stream/control_writer.hpp>
#include <weft/stream/layer.hpp>
#include <weft/stream/limit_timer.hpp>
#include <weft/stream/want.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

/// For the owner of the read lane, after the peer's close frame or a fault. "The underlying TCP
/// connection, in most normal cases, SHOULD be closed first by the server" (§7.1.1): a server ends
/// its output, and both sides read until the other's end, so that no reset overtakes the last
/// frame; but only where a time limit bounds that wait, and at most `drain_bytes`.
class ending
{
public:
    /// The first step; `after_fault` if the peer broke a rule, who then can't be waited for to
    /// close.
    template <class State>
    want begin(State& state, bool after_fault)
    {
        after_fault_ = after_fault;
        state.timer.want(time_limit::close);
        if (state.transport_gone)
            return close(state);
        if (!state.write_lane.try_acquire()) {
            at_ = step::waiting;
            return want::write_lane;
        }
        return write(state, {}, 0);
    }

    template <class State>
    want resume(State& state, error_code ec, std::size_t n)
    {
        switch (at_) {
        case step::waiting:
            return ec ? close(state) : write(state, {}, 0);
        case step::writing:
            return write(state, ec, n);
        case step::saying_farewell:
            return end_output(state);
        case step::draining:
            break;
        }
        drained_ += n;
        state.core.commit(0); // nothing of it counts
        if (ec || drained_ >= state.core.limits().drain_bytes)
            return close(state);
        return drain(state);
    }

private:
    enum class step : std::uint8_t { waiting, writing, saying_farewell, draining };

    template <class State>
    want write(State& state, error_code ec, std::size_t n)
    {
        at_ = step::writing;
        if (!writer_.done(state, ec, n))
            return want::write;
        if (State::farewell::exists && !state.transport_gone) {
            at_ = step::saying_farewell;
            return want::farewell;
        }
        return end_output(state);
    }

    template <class State>
    want end_output(State& state)
    {
        state.write_lane.release();
        if (state.transport_gone)
            return close(state);
        if (after_fault_ || !State::policies::role::is_client)
            weft_end_output(state.next);
        // Without a timer nothing would end the wait: see `limit_timer`, armed by asynchronous
        // operations only.
        return state.timer.is_on(time_limit::close) ? drain(state) : close(state);
    }

    template <class State>
    want drain(State& state)
    {
        at_ = step::draining;
        state.receive_into({});
        return want::drain;
    }

    template <class State>
    want close(State& state)
    {
        state.timer.want(time_limit::off);
        state.cut();
        return want::done;
    }

    control_writer writer_;
    std::size_t drained_ = 0;
    step at_ = step::waiting;
    bool after_fault_ = false;
};

} // namespace weft::detail

#endif
