// Sends a ping, or an unsolicited pong (RFC 6455 §5.5.2, §5.5.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_PING_OP_HPP
#define WEFT_STREAM_PING_OP_HPP

#include <cstddef>
#include <cstdint>

#include <weft/stream/control_payload.hpp>
#include <weft/stream/control_writer.hpp>
#include <weft/stream/want.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

/// Queues the frame and sees to it that it leaves: whoever has the write lane sends it between two
/// frames, or else this operation does.
class ping_op
{
public:
    using signature = void(error_code);

    ping_op(bool pong, boost::asio::const_buffer payload) noexcept : payload_(payload), pong_(pong)
    {}

    template <class State>
    want resume(State& state, error_code ec, std::size_t n)
    {
        switch (at_) {
        case step::starting:
            return start(state);
        case step::waiting:
            owns_lane_ = !ec;
            // Another operation may have sent it before the lane came here.
            return ec || !state.core.holds(ticket_) ? finish(state, ec) : write(state, {}, 0);
        case step::writing:
            break;
        }
        return write(state, ec, n);
    }

    error_code result() const noexcept { return result_; }

private:
    enum class step : std::uint8_t { starting, waiting, writing };

    template <class State>
    want start(State& state)
    {
        ticket_ = state.new_ticket();
        result_ = state.entry_error();
        if (!result_ && !payload_.fits())
            result_ = error::control_payload_too_long;
        else if (!result_ && state.core.close_queued())
            result_ = error::not_open;
        else if (!result_ && !queue(state))
            result_ = error::operation_in_progress;
        if (result_)
            return want::done;
        at_ = step::waiting;
        owns_lane_ = state.write_lane.try_acquire();
        return owns_lane_ ? write(state, {}, 0) : want::write_lane;
    }

    template <class State>
    bool queue(State& state)
    {
        return pong_ ? state.core.pong(payload_.bytes(), ticket_)
                     : state.core.ping(payload_.bytes(), ticket_);
    }

    template <class State>
    want write(State& state, error_code ec, std::size_t n)
    {
        at_ = step::writing;
        return writer_.done(state, ec, n) ? finish(state, ec) : want::write;
    }

    // What counts is whether the frame has left, whoever sent it. While another operation has it in
    // hand, that is open until the lane comes here.
    template <class State>
    want finish(State& state, error_code ec)
    {
        if (state.core.withdraw(ticket_))
            result_ = state.cause_or(ec);
        else if (state.core.holds(ticket_) && !owns_lane_ && !state.transport_gone)
            return want::write_lane;
        else if (state.core.holds(ticket_))
            result_ = state.cause_or(ec);
        if (owns_lane_)
            state.write_lane.release();
        return want::done;
    }

    control_payload payload_;
    control_writer writer_;
    error_code result_;
    std::uint32_t ticket_ = 0;
    bool pong_;
    bool owns_lane_ = false;
    step at_ = step::starting;
};

} // namespace weft::detail

#endif
