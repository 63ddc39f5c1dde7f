// Runs an operation against the layer below, asynchronously or not. The only file that does I/O.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_DRIVE_HPP
#define WEFT_STREAM_DRIVE_HPP

#include <cstddef>
#include <memory>
#include <utility>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>

#include <weft/stream/flush_op.hpp>
#include <weft/stream/state.hpp>
#include <weft/stream/want.hpp>

namespace weft::detail {

template <class State, class Op, class Token>
auto async_drive(std::shared_ptr<State> state, Op op, Token&& token);

/// The handler of an operation of the stream's own: what went wrong is in the state.
struct ignore_result
{
    void operator()(error_code) const noexcept {}
};

/// An operation is a small machine: `want resume(state, error_code, n)` is told how the last step
/// went and says the next; `error_code` of a lane means that the operation does not own it. When it
/// wants nothing more, it holds nothing of the stream, and `complete(handler)` passes the result.
/// Its constants `reads` and `waits` tell whether it ever wants to: what it doesn't isn't compiled.
template <class State, class Op>
class driver
{
public:
    driver(std::shared_ptr<State> state, Op op) : state_(std::move(state)), op_(std::move(op)) {}
    driver(driver&&) = default;

    // An operation that is dropped half-way, with its execution context, never passes its lane on:
    // those who wait for it are told, else they would hold the stream for ever.
    ~driver()
    {
        if (state_ && next_ != want::start && next_ != want::done)
            state_->abandon();
    }

    template <class Self>
    void operator()(Self& self, error_code ec = {}, std::size_t n = 0)
    {
        const bool initiating = next_ == want::start;
        if (next_ == want::done)
            return finish(self);
        next_ = op_.resume(*state_, ec, n);
        // A cancellation that came between two steps strikes the next one.
        while (next_ != want::done && self.cancelled() != asio::cancellation_type::none)
            next_ = op_.resume(*state_, asio::error::operation_aborted, 0);
        settle(self);
        State& state = *state_;
        switch (next_) {
        case want::read:
            if constexpr (Op::reads) {
                allow_total(self, true);
                return state.next.async_read_some(state.incoming_view(), std::move(self));
            }
            break;
        case want::write:
            // What the layer has begun to send can't be taken back, so only `terminal` stops it.
            allow_total(self, false);
            return state.next.async_write_some(state.outgoing_view(), std::move(self));
        case want::read_lane:
        case want::write_lane:
            if constexpr (Op::waits) {
                allow_total(self, true);
                lane& wanted = next_ == want::read_lane ? state.read_lane : state.write_lane;
                return wanted.wait(std::move(self), state.next.get_executor());
            }
            break;
        case want::start:
        case want::done:
            break;
        }
        if (!initiating)
            return finish(self);
        // No handler is called inside its initiating function.
        asio::post(std::move(self));
    }

private:
    // Which cancellations may strike the next step. Asio lets only `terminal` through at first.
    template <class Self>
    void allow_total(Self& self, bool allowed)
    {
        if (std::exchange(total_allowed_, allowed) == allowed)
            return;
        if (allowed)
            self.reset_cancellation_state(asio::enable_total_cancellation());
        else
            self.reset_cancellation_state(asio::enable_terminal_cancellation());
    }

    // After every step: what a read owes to the peer leaves through an operation of the stream's
    // own, so that a peer that pings and does not read holds back no message that has arrived; and
    // the time limit that is wanted becomes the one in force. Both use the operation's executor.
    template <class Self>
    void settle(const Self& self)
    {
        if (state_->owes_flush() && state_->write_lane.try_acquire())
            async_drive(state_, flush_op(),
                        asio::bind_executor(self.get_executor(), ignore_result()));
        if (state_->timer.is_due())
            state_->timer.arm(state_, self.get_executor());
    }

    // The handler may destroy the stream, and then everything of it is gone.
    template <class Self>
    void finish(Self& self)
    {
        state_.reset();
        op_.complete(self);
    }

    std::shared_ptr<State> state_;
    Op op_;
    want next_ = want::start;
    bool total_allowed_ = false;
};

template <class State, class Op, class Token>
auto async_drive(std::shared_ptr<State> state, Op op, Token&& token)
{
    const auto executor = state->next.get_executor();
    return asio::async_compose<Token, typename Op::signature>(
        driver<State, Op>(std::move(state), std::move(op)), token, executor);
}

/// The same without asynchrony: a lane that is busy can't be waited for, and no time limit acts.
template <class State, class Op>
void sync_drive(State& state, Op& op)
{
    error_code ec;
    std::size_t n = 0;
    for (;;) {
        const want next = op.resume(state, ec, n);
        ec = {};
        n = 0;
        if (state.owes_flush() && state.write_lane.try_acquire()) {
            flush_op flush;
            sync_drive(state, flush);
        }
        switch (next) {
        case want::read:
            n = state.next.read_some(state.incoming_view(), ec);
            break;
        case want::write:
            n = state.next.write_some(state.outgoing_view(), ec);
            break;
        case want::read_lane:
        case want::write_lane:
            ec = error::operation_in_progress;
            break;
        case want::start:
        case want::done:
            return;
        }
    }
}

} // namespace weft::detail

#endif
