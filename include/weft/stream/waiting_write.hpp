// What the writes have in common that may find others waiting.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_WAITING_WRITE_HPP
#define WEFT_STREAM_WAITING_WRITE_HPP

#include <cstddef>
#include <cstdint>
#include <utility>

#include <weft/protocol/span_source.hpp>
#include <weft/stream/want.hpp>
#include <weft/stream/write_op.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

/// A message leaves straight from the caller's memory (`direct`), or as a copy with all that waits.
template <class Buffers>
class waiting_write
{
public:
    using signature = void(error_code, std::size_t);

    error_code result() const noexcept { return at_ == step::direct ? direct_.result() : result_; }
    std::size_t size() const noexcept { return at_ == step::direct ? direct_.size() : sent_; }

protected:
    enum class step : std::uint8_t { starting, direct, waiting, writing };

    explicit waiting_write(write_op<Buffers> direct) : direct_(std::move(direct)) {}

    template <class State>
    want write_directly(State& state)
    {
        at_ = step::direct;
        return direct_.resume(state, {}, 0);
    }

    /// True if it is this operation's turn to write at once; else it has to wait for it.
    template <class State>
    bool take_turn(State& state)
    {
        at_ = step::waiting;
        owns_lane_ = owns_lane_ || state.write_lane.try_acquire();
        return owns_lane_;
    }

    /// For the owner of the lane: writes all that waits.
    template <class State>
    want write_waiting(State& state)
    {
        span_source nothing;
        state.core.gather(state.outgoing, nothing);
        at_ = step::writing;
        return want::write;
    }

    template <class State>
    void note_sent(State& state, std::size_t n)
    {
        span_source nothing;
        state.core.sent(n, nothing);
        if (n != 0)
            state.timer.note_sent();
    }

    template <class State>
    want finish(State& state, error_code ec, std::size_t sent)
    {
        result_ = ec;
        sent_ = sent;
        if (owns_lane_)
            state.write_lane.release();
        return want::done;
    }

    write_op<Buffers> direct_;
    step at_ = step::starting;
    bool owns_lane_ = false;

private:
    std::size_t sent_ = 0;
    error_code result_;
};

} // namespace weft::detail

#endif
