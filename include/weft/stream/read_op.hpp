// Reads a message, or some of it. Pings and closes that come in between are answered unseen.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_READ_OP_HPP
#define WEFT_STREAM_READ_OP_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <weft/protocol/event.hpp>
#include <weft/stream/ending.hpp>
#include <weft/stream/sink.hpp>
#include <weft/stream/want.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

template <class Sink>
class read_op
{
    // A view is the stream's memory; everything else is the caller's.
    static constexpr bool shows = std::same_as<Sink, view_sink>;

public:
    using signature = std::conditional_t<shows, void(error_code, asio::const_buffer),
                                         void(error_code, std::size_t)>;

    explicit read_op(Sink sink) : sink_(std::move(sink)) {}

    template <class State>
    want resume(State& state, error_code ec, std::size_t n)
    {
        switch (at_) {
        case step::starting:
            return start(state);
        case step::waiting:
            return ec ? finish(state, state.cause_or(ec)) : enter(state);
        case step::reading:
            return received(state, ec, n);
        case step::showing:
            return finish_message(state);
        case step::ending:
            break;
        }
        return end(state, ending_.resume(state, ec, n));
    }

    error_code result() const noexcept { return result_; }
    std::size_t size() const noexcept { return sink_.size(); }
    asio::const_buffer view() const noexcept
    {
        return result_ ? asio::const_buffer() : sink_.view();
    }

private:
    enum class step : std::uint8_t { starting, waiting, reading, showing, ending };

    template <class State>
    want start(State& state)
    {
        result_ = state.entry_error();
        if (!result_ && state.reading)
            result_ = error::operation_in_progress;
        if (!result_ && Sink::whole_message && sink_.room() == 0)
            result_ = error::buffer_too_small;
        if (result_ || sink_.room() == 0)
            return want::done;
        state.reading = true;
        if (state.read_lane.try_acquire())
            return enter(state);
        at_ = step::waiting;
        return want::read_lane;
    }

    // A close operation had the lane before; it may have come to its end, or left half a message.
    template <class State>
    want enter(State& state)
    {
        owns_lane_ = true;
        if (state.cause || state.discarded)
            return finish(state, state.cause_or(error::not_open));
        state.end_view();
        return advance(state, state.core.poll(part_max()));
    }

    template <class State>
    want received(State& state, error_code ec, std::size_t n)
    {
        const auto direct = direct_.first(std::min(n, direct_.size()));
        event e;
        if (!direct.empty())
            e = state.core.direct(direct);
        if (!direct_.empty())
            sink_.received(e.what == event::type::message ? e.bytes.size() : 0);
        state.core.commit(n - direct.size());
        if (n != 0)
            state.timer.note_received();
        else if (ec)
            return finish(state, state.read_error(ec));
        if (e.what == event::type::need_more)
            e = state.core.poll(part_max());
        return advance(state, e, !direct.empty());
    }

    // Takes events until there is a result or the layer below must deliver. The bytes of the first
    // may be `stored` already.
    template <class State>
    want advance(State& state, event e, bool stored = false)
    {
        owns_lane_ = true;
        for (;; e = state.core.poll(part_max()), stored = false) {
            switch (e.what) {
            case event::type::need_more:
                return Sink::whole_message || sink_.size() == 0 ? receive(state)
                                                                : finish(state, {});
            case event::type::message:
                if (!stored)
                    sink_.append(e.bytes);
                state.message_done = e.last;
                if (e.last || (!Sink::whole_message && sink_.room() == 0))
                    return finish_message(state);
                break;
            case event::type::control:
                state.observe(e);
                break;
            case event::type::close:
                state.observe(e);
                at_ = step::ending;
                result_ = state.fail(error::closed);
                return end(state, ending_.begin(state, false));
            case event::type::fault:
                at_ = step::ending;
                result_ = state.fail(e.fault);
                return end(state, ending_.begin(state, true));
            }
            if (sink_.room() == 0)
                return finish(state, error::buffer_too_small);
        }
    }

    // What was copied is the caller's, whatever comes. A view must reach the handler before anybody
    // else has the lane, hence in the step that releases it, and from a stream that is still there.
    template <class State>
    want finish_message(State& state)
    {
        if constexpr (!shows)
            return finish(state, {});
        if (at_ != step::starting)
            return finish(state, state.cause);
        at_ = step::showing;
        return want::turn;
    }

    template <class State>
    want receive(State& state)
    {
        at_ = step::reading;
        const std::uint64_t announced = state.core.direct_size();
        direct_ = announced != 0 ? sink_.direct(announced) : std::span<std::byte>();
        state.receive_into(direct_);
        return want::read;
    }

    template <class State>
    want end(State& state, want next)
    {
        return next == want::done ? finish(state, result_) : next;
    }

    template <class State>
    want finish(State& state, error_code ec)
    {
        result_ = ec;
        state.reading = false;
        state.cut_if_unheard();
        if (owns_lane_) {
            if constexpr (State::borrows && !shows)
                state.core.release();
            state.read_lane.release();
        }
        return want::done;
    }

    std::size_t part_max() const { return sink_.room(); }

    Sink sink_;
    ending ending_;
    std::span<std::byte> direct_;
    error_code result_;
    step at_ = step::starting;
    bool owns_lane_ = false;
};

} // namespace weft::detail

#endif
