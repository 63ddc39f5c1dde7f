// Runs an operation against the layer below, asynchronously or not.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_DRIVE_HPP
#define WEFT_STREAM_DRIVE_HPP

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>

#include <weft/stream/flush_op.hpp>
#include <weft/stream/operation.hpp>
#include <weft/stream/spare_memory.hpp>
#include <weft/stream/want.hpp>

namespace weft::detail {

template <class State, class Handler>
using operation_for =
    operation<State, asio::associated_executor_t<Handler, typename State::executor_type>,
              asio::associated_allocator_t<Handler>>;

/// What is left of an operation when its types are known. `Op` is a small machine: `want
/// resume(state, error_code, n)` is told how the last step went and says the next; `error_code` of
/// a lane means that the operation does not own it. When it wants nothing more, it holds nothing of
/// the stream, and `result()` and, if its signature has one, `size()` or `view()` are what the
/// handler gets.
template <class State, class Op, class Handler>
class driver final : public operation_for<State, Handler>
{
    using base = operation_for<State, Handler>;
    using memory = typename std::allocator_traits<
        typename base::allocator_type>::template rebind_alloc<driver>;
    using traits = std::allocator_traits<memory>;

public:
    static void start(std::shared_ptr<State>&& state, Op&& op, Handler&& handler)
    {
        spare_memory::block block;
        memory own(asio::get_associated_allocator(handler));
        if constexpr (uses_spare_memory())
            block = state->spare.allocate(sizeof(driver));
        else
            block.memory = traits::allocate(own, 1);
        driver* made = nullptr;
        try {
            made =
                ::new (block.memory) driver(state, std::move(op), std::move(handler), block.size);
        } catch (...) {
            if constexpr (uses_spare_memory())
                state->spare.release(block);
            else
                traits::deallocate(own, static_cast<driver*>(block.memory), 1);
            throw;
        }
        made->step({}, 0);
    }

private:
    driver(std::shared_ptr<State>& state, Op&& op, Handler&& handler, std::size_t size)
        : base(state, asio::get_associated_executor(handler, state->next.get_executor()),
               asio::get_associated_allocator(handler),
               asio::get_associated_cancellation_slot(handler)),
          op_(std::move(op)),
          handler_(std::move(handler)),
          size_(size)
    {}

    // A handler with an allocator of its own wants it to be used. What happens once would leave
    // more memory to the stream than anything after it needs.
    static constexpr bool uses_spare_memory() noexcept
    {
        return !requires { Op::happens_once; } &&
               std::is_same_v<typename base::allocator_type, std::allocator<void>> &&
               alignof(driver) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__;
    }

    want resume(error_code ec, std::size_t n) override { return op_.resume(this->state(), ec, n); }

    void complete() override
    {
        if constexpr (base::corks)
            this->complete_and_uncork([this] { complete_with_results(); });
        else
            complete_with_results();
    }

    void complete_with_results()
    {
        using signature = typename Op::signature;
        if constexpr (std::is_same_v<signature, void(error_code)>)
            call_handler(op_.result());
        else if constexpr (std::is_same_v<signature, void(error_code, std::size_t)>)
            call_handler(op_.result(), op_.size());
        else
            call_handler(op_.result(), op_.view());
    }

    // Its memory is free before the handler runs, which may start the next operation there, or
    // destroy the stream.
    template <class... Results>
    void call_handler(Results... results)
    {
        Handler handler(std::move(handler_));
        destroy();
        std::move(handler)(results...);
    }

    void destroy() noexcept override
    {
        const auto state = this->take_state();
        const auto size = size_;
        memory own(this->get_allocator());
        this->~driver();
        if constexpr (uses_spare_memory())
            state->spare.release({this, size});
        else
            traits::deallocate(own, this, 1);
    }

    Op op_;
    Handler handler_;
    std::size_t size_; // of the memory that it stands in, if that is the stream's
};

template <class State, class Op, class Handler>
void launch(std::shared_ptr<State> state, Op op, Handler handler)
{
    driver<State, Op, Handler>::start(std::move(state), std::move(op), std::move(handler));
}

/// What a completion token starts, now or later.
template <class State>
struct launcher
{
    using executor_type = typename State::executor_type;
    executor_type get_executor() const noexcept { return state->next.get_executor(); }

    template <class Handler, class Op>
    void operator()(Handler&& handler, Op&& op)
    {
        launch(std::move(state), std::forward<Op>(op), std::forward<Handler>(handler));
    }

    std::shared_ptr<State> state;
};

template <class State, class Op, class Token>
auto async_drive(std::shared_ptr<State> state, Op op, Token&& token)
{
    return asio::async_initiate<Token, typename Op::signature>(launcher<State>{std::move(state)},
                                                               token, std::move(op));
}

/// The same without asynchrony: a lane that is busy can't be waited for, and no time limit acts.
template <class State, class Op>
void sync_drive(State& state, Op& op)
try {
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
            if (state.lacks_room())
                state.make_room();
            n = state.next.read_some(state.incoming_view(), ec);
            break;
        case want::write:
            n = state.next.write_some(state.outgoing_view(), ec);
            break;
        case want::farewell:
            if constexpr (State::farewell::exists)
                State::farewell::say(state.next, ec);
            break;
        case want::drain:
            if (state.lacks_room())
                state.make_room();
            n = State::farewell::transport(state.next).read_some(state.incoming_view(), ec);
            break;
        case want::read_lane:
        case want::write_lane:
            ec = error::operation_in_progress;
            break;
        case want::turn:
            break;
        case want::start:
        case want::done:
            return;
        }
    }
} catch (...) {
    state.abandon(); // as an asynchronous operation does
    throw;
}

} // namespace weft::detail

#endif
