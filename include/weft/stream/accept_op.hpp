// The opening handshake of a server (RFC 6455 §4.2).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_ACCEPT_OP_HPP
#define WEFT_STREAM_ACCEPT_OP_HPP

#include <cstddef>
#include <span>
#include <utility>

#include <boost/asio/buffer.hpp>

#include <weft/handshake/server.hpp>
#include <weft/stream/ending.hpp>
#include <weft/stream/want.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

template <class Decide>
class accept_op
{
public:
    using signature = void(error_code);
    static constexpr bool happens_once = true;

    /// `early`: bytes of the peer's that the caller has read already. `request`: it may be whole.
    accept_op(Decide decide, handshake::request request, asio::const_buffer early)
        : decide_(std::move(decide)),
          request_(std::move(request)),
          early_(early)
    {}

    template <class State>
    want resume(State& state, error_code ec, std::size_t n)
    {
        switch (at_) {
        case step::starting:
            return start(state);
        case step::reading:
            return received(state, ec, n);
        case step::writing:
            return written(state, ec, n);
        case step::ending:
            break;
        }
        const want next = ending_.resume(state, ec, n);
        return next == want::done ? finish(state) : next;
    }

    error_code result() const noexcept { return result_; }

private:
    enum class step : std::uint8_t { starting, reading, writing, ending };

    template <class State>
    want start(State& state)
    {
        result_ = state.begin_handshake();
        if (result_)
            return want::done;
        const std::span given(static_cast<const std::byte*>(early_.data()), early_.size());
        const std::size_t used = feed(given);
        // What follows the request belongs to the first frame.
        if (!state.keep(given.subspan(used))) {
            result_ = state.fail(error::buffer_too_small);
            return finish(state);
        }
        return advance(state);
    }

    std::size_t feed(std::span<const std::byte> bytes)
    {
        return request_.done() ? 0 : request_.feed(bytes).consumed;
    }

    template <class State>
    want received(State& state, error_code ec, std::size_t n)
    {
        state.core.commit(n);
        if (ec && n == 0) {
            result_ = state.fail(ec);
            return finish(state);
        }
        state.core.consume(feed(state.core.unread()));
        return advance(state);
    }

    template <class State>
    want advance(State& state)
    {
        if (!request_.done() && request_.fault() == error::none) {
            at_ = step::reading;
            state.receive_into({});
            return want::read;
        }
        const error broken = request_.done() ? request_.check() : request_.fault();
        reply_ = broken == error::none ? handshake::answer(request_, decide_(request_))
                                       : handshake::reject(broken);
        // In force from the refusal on, so that the end after it can wait for the client's.
        if (reply_.fault != error::none)
            state.timer.want(time_limit::close);
        at_ = step::writing;
        return write(state);
    }

    template <class State>
    want write(State& state)
    {
        state.outgoing.clear();
        state.outgoing.add(std::as_bytes(std::span(reply_.bytes)).subspan(sent_));
        return want::write;
    }

    template <class State>
    want written(State& state, error_code ec, std::size_t n)
    {
        sent_ += n;
        if (ec) {
            result_ = state.fail(ec);
            return finish(state);
        }
        if (sent_ != reply_.bytes.size())
            return write(state);
        if (reply_.fault == error::none) {
            state.subprotocol = std::move(reply_.subprotocol);
            return finish(state);
        }
        result_ = state.fail(reply_.fault);
        state.core.consume(state.core.unread().size());
        at_ = step::ending;
        const want next = ending_.begin(state, true);
        return next == want::done ? finish(state) : next;
    }

    template <class State>
    want finish(State& state)
    {
        state.end_handshake(result_);
        return want::done;
    }

    Decide decide_;
    handshake::request request_;
    asio::const_buffer early_;
    handshake::reply reply_;
    std::size_t sent_ = 0;
    ending ending_;
    error_code result_;
    step at_ = step::starting;
};

} // namespace weft::detail

#endif
