// Sends the control frames that wait: the stream's own operation, nobody's handler.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_FLUSH_OP_HPP
#define WEFT_STREAM_FLUSH_OP_HPP

#include <cstddef>
#include <memory>
#include <utility>

#include <weft/stream/control_writer.hpp>
#include <weft/stream/want.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

/// Started with the write lane in hand.
class flush_op
{
public:
    using signature = void(error_code);

    template <class State>
    want resume(State& state, error_code ec, std::size_t n)
    {
        if (!writer_.done(state, ec, n))
            return want::write;
        state.write_lane.release();
        return want::done;
    }

    // What went wrong is in the state.
    error_code result() const noexcept { return {}; }

private:
    control_writer writer_;
};

template <class State, class Op, class Handler>
void launch(std::shared_ptr<State> state, Op op, Handler handler);

/// The handler of an operation of the stream's own: what went wrong is in the state.
template <class Executor, class Allocator>
struct ignore_result
{
    using executor_type = Executor;
    using allocator_type = Allocator;

    executor_type get_executor() const noexcept { return executor; }
    allocator_type get_allocator() const noexcept { return allocator; }
    void operator()(error_code) const noexcept {}

    Executor executor;
    [[no_unique_address]] Allocator allocator;
};

/// What nobody is sending leaves through an operation of the stream's own, so that a peer that
/// pings and does not read holds back no message that has arrived.
template <class State, class Executor, class Allocator>
void flush(const std::shared_ptr<State>& state, const Executor& executor,
           const Allocator& allocator)
{
    if (!state->owes_flush() || !state->write_lane.try_acquire())
        return;
    try {
        launch(state, flush_op(), ignore_result<Executor, Allocator>{executor, allocator});
    } catch (...) {
        state->abandon(); // else the lane would be taken for ever
        throw;
    }
}

} // namespace weft::detail

#endif
