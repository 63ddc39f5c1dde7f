// The opening handshake of a client (RFC 6455 §4.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_HANDSHAKE_OP_HPP
#define WEFT_STREAM_HANDSHAKE_OP_HPP

#include <cstddef>
#include <span>
#include <utility>

#include <weft/handshake/client.hpp>
#include <weft/handshake/response.hpp>
#include <weft/stream/want.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

class handshake_op
{
public:
    using signature = void(error_code);
    static constexpr bool happens_once = true;

    /// `response`, if not null, receives the server's answer, whatever it is.
    handshake_op(handshake::client_options options, handshake::response* response)
        : options_(std::move(options)),
          result_to_(response)
    {}

    template <class State>
    want resume(State& state, error_code ec, std::size_t n)
    {
        switch (at_) {
        case step::starting:
            return start(state);
        case step::writing:
            return written(state, ec, n);
        case step::reading:
            return received(state, ec, n);
        case step::reading_body:
            break;
        }
        return received_body(state, ec, n);
    }

    error_code result() const noexcept { return result_; }

private:
    enum class step : std::uint8_t { starting, writing, reading, reading_body };

    template <class State>
    want start(State& state)
    {
        opening_ = handshake::open(options_, state.core.draw_nonce());
        result_ = opening_.fault == error::none ? state.begin_handshake() : opening_.fault;
        if (result_)
            return want::done;
        const auto limits = state.core.limits();
        response_ = handshake::response({limits.handshake_bytes, limits.handshake_fields});
        at_ = step::writing;
        return write(state);
    }

    template <class State>
    want write(State& state)
    {
        state.outgoing.clear();
        state.outgoing.add(std::as_bytes(std::span(opening_.bytes)).subspan(sent_));
        return want::write;
    }

    template <class State>
    want written(State& state, error_code ec, std::size_t n)
    {
        sent_ += n;
        if (ec)
            return finish(state, ec);
        return sent_ != opening_.bytes.size() ? write(state) : read(state, step::reading);
    }

    template <class State>
    want read(State& state, step next)
    {
        at_ = next;
        state.receive_into({});
        return want::read;
    }

    template <class State>
    want received(State& state, error_code ec, std::size_t n)
    {
        state.core.commit(n);
        if (ec && n == 0)
            return finish(state, ec);
        const auto progress = response_.feed(state.core.unread());
        state.core.consume(progress.consumed);
        if (progress.fault != error::none)
            return finish(state, progress.fault);
        if (!progress.done)
            return read(state, step::reading);
        const error broken = response_.check(opening_.key, options_);
        if (broken == error::declined)
            return take_body(state);
        state.subprotocol = broken == error::none ? response_.subprotocol() : std::string_view();
        return finish(state, broken);
    }

    // A refusal may have a body that says why: its start, as much as the budget allows.
    template <class State>
    want take_body(State& state)
    {
        const std::size_t taken = response_.take_body(state.core.unread());
        const bool all = taken < state.core.unread().size() || body_is_complete();
        state.core.consume(taken);
        return all ? finish(state, error::declined) : read(state, step::reading_body);
    }

    bool body_is_complete() const
    {
        return response_.body().size() ==
               response_.body_expected().value_or(response_.allowed().bytes);
    }

    template <class State>
    want received_body(State& state, error_code ec, std::size_t n)
    {
        state.core.commit(n);
        return ec && n == 0 ? finish(state, error::declined) : take_body(state);
    }

    template <class State>
    want finish(State& state, error_code ec)
    {
        if (ec) {
            result_ = state.fail(ec);
            state.cut();
        }
        if (result_to_ != nullptr)
            *result_to_ = std::move(response_);
        state.end_handshake(result_);
        return want::done;
    }

    handshake::client_options options_;
    handshake::response* result_to_;
    handshake::opening opening_;
    handshake::response response_;
    std::size_t sent_ = 0;
    error_code result_;
    step at_ = step::starting;
};

} // namespace weft::detail

#endif
