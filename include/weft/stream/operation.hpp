// An operation that is under way, without the types of its kind and of its handler.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_OPERATION_HPP
#define WEFT_STREAM_OPERATION_HPP

#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <weft/stream/cancellation.hpp>
#include <weft/stream/flush_op.hpp>
#include <weft/stream/lane.hpp>
#include <weft/stream/next_step.hpp>
#include <weft/stream/want.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

namespace asio = boost::asio;

/// What all operations of a stream have in common, compiled once for each kind of handler
/// executor: the layer below, the lanes and the timer see this class only.
///
/// The machine inside says what it wants (`resume`); this does it, and nothing else does I/O
/// asynchronously.
template <class State, class Executor, class Allocator>
class operation : public lane::waiter
{
public:
    using executor_type = Executor;
    using allocator_type = Allocator;

    executor_type get_executor() const noexcept { return executor_; }
    allocator_type get_allocator() const noexcept { return allocator_; }
    asio::cancellation_slot get_cancellation_slot() const noexcept { return cancellation_.slot(); }
    bool continues() const noexcept { return !initiating_; }

    /// Goes on after the step that ended with `ec` and `n`, until the machine wants what takes
    /// time. Ownership has passed to this call.
    void step(error_code ec, std::size_t n)
    {
        initiating_ = next_ == want::start;
        if (next_ == want::done)
            return complete();
        const bool struck = cancellation_.has_struck();
        attempt([&] {
            next_ = resume(ec, n);
            if (struck)
                cancellation_.reset();
            // A cancellation strikes once; one that came between two steps strikes the next.
            if (struck && next_ != want::done && ec != asio::error::operation_aborted)
                next_ = resume(asio::error::operation_aborted, 0);
            if (corks && next_ == want::done)
                ++state_->completing;
            settle();
            prepare();
        });
        fulfil();
    }

    /// The same after the wait for a lane.
    void step() { step(woken_with_, 0); }

    /// The same after a farewell, or after the wait for bytes: there is something to be received,
    /// or `ec`.
    void step(error_code ec)
    {
        if (next_ != want::read)
            return step(ec, 0);
        initiating_ = false;
        if (cancellation_.has_struck())
            ec = asio::error::operation_aborted;
        if (ec)
            return step(ec, 0);
        attempt([this] { state_->make_room(); });
        fulfil();
    }

    /// Ends it without completion, because its execution context does not go on. It never passes
    /// its lane on: those who wait for it are told, else they would hold the stream for ever.
    void drop() noexcept
    {
        const auto state = state_;
        const bool under_way = next_ != want::start && next_ != want::done;
        if (corks && next_ == want::done)
            --state->completing;
        destroy();
        if (under_way)
            state->abandon();
    }

    void wake(error_code ec) final
    {
        woken_with_ = ec;
        cancellation_.slot().clear();
        const auto work = std::exchange(waiting_, std::nullopt);
        post();
    }

protected:
    operation(std::shared_ptr<State>& state, const Executor& executor, const Allocator& allocator,
              asio::cancellation_slot slot)
        : executor_(executor),
          allocator_(allocator),
          cancellation_(slot),
          state_(std::move(state)) // the last, since what comes before may throw
    {}
    ~operation() = default;

    static constexpr bool corks = State::policies::writing::corks;

    /// Calls `invoke`, which destroys this and calls the handler; then what was corked leaves.
    template <class Invoke>
    void complete_and_uncork(Invoke invoke)
    {
        const auto state = state_;
        const auto executor = executor_;
        const auto allocator = allocator_;
        {
            const uncorks on_exit{*state};
            invoke();
        }
        flush(state, executor, allocator);
    }

    State& state() noexcept { return *state_; }
    std::shared_ptr<State> take_state() noexcept { return std::move(state_); }

private:
    struct uncorks
    {
        State& state;
        ~uncorks() { --state.completing; }
    };

    virtual want resume(error_code ec, std::size_t n) = 0;
    /// Destroys this, then calls the handler.
    virtual void complete() = 0;
    virtual void destroy() noexcept = 0;

    // What a callback, a buffer or an allocation throws is for who has called. The operation may be
    // in the midst of anything, and its handler is not called: the stream ends with it.
    template <class Step>
    void attempt(Step step)
    try {
        step();
    } catch (...) {
        if (corks && next_ == want::done)
            --state_->completing;
        next_ = want::turn; // under way, whatever it was
        drop();
        throw;
    }

    // What may throw before the next step, while this still owns itself.
    void prepare()
    {
        if (next_ == want::drain && state_->lacks_room())
            state_->make_room();
        // What the layer has begun to send can't be taken back, so only `terminal` stops it.
        if (next_ == want::write || next_ == want::farewell)
            cancellation_.allow_total(false);
        else if (next_ != want::turn && next_ != want::done)
            cancellation_.allow_total(true);
    }

    // Hands this over to who goes on with it, and drops it if that fails.
    void fulfil()
    {
        switch (next_) {
        case want::read:
            if constexpr (State::waits_first)
                if (state_->lacks_room())
                    return state_->next.async_wait(State::next_layer_type::wait_read,
                                                   next_step(*this));
            return state_->next.async_read_some(state_->incoming_view(), next_step(*this));
        case want::write:
            return state_->next.async_write_some(state_->outgoing_view(), next_step(*this));
        case want::farewell:
            if constexpr (State::farewell::exists)
                return State::farewell::async_say(state_->next, next_step(*this));
            break;
        case want::drain:
            return State::farewell::transport(state_->next)
                .async_read_some(state_->incoming_view(), next_step(*this));
        case want::read_lane:
            return attempt([this] { wait(state_->read_lane); });
        case want::write_lane:
            return attempt([this] { wait(state_->write_lane); });
        case want::turn:
            return post();
        case want::start:
        case want::done:
            break;
        }
        // No handler is called inside its initiating function.
        initiating_ ? post() : complete();
    }

    // Through the layer's executor: one that is bound to the handler may have threads of its own.
    // Where they are the same, the step doesn't name it: Asio would dispatch to it once more.
    void post()
    {
        const auto layer = state_->next.get_executor();
        if constexpr (std::is_same_v<Executor, typename State::executor_type>)
            if (executor_ == layer)
                return asio::post(layer, posted_step(*this));
        asio::post(layer, next_step(*this));
    }

    // While it waits, nothing but this keeps the executor at work.
    void wait(lane& wanted)
    {
        waiting_.emplace(executor_);
        if (auto slot = cancellation_.slot(); slot.is_connected())
            slot.assign([this, &wanted](asio::cancellation_type type) {
                if (type != asio::cancellation_type::none)
                    wanted.dismiss(*this, asio::error::operation_aborted);
            });
        wanted.wait(*this);
    }

    // After every step: what a read owes to the peer leaves; and the time limit that is wanted
    // becomes the one in force. Both use the operation's executor.
    void settle()
    {
        flush(state_, executor_, allocator_);
        if (state_->timer.is_due())
            state_->timer.arm(state_, executor_);
    }

    Executor executor_;
    [[no_unique_address]] Allocator allocator_;
    cancellation cancellation_;
    std::shared_ptr<State> state_;
    std::optional<asio::executor_work_guard<Executor>> waiting_;
    error_code woken_with_;
    want next_ = want::start;
    bool initiating_ = true;
};

} // namespace weft::detail

#endif
