// The operations of an open stream: read, write, ping, pong, close (RFC 6455 §5–§7).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_STREAM_CORE_HPP
#define WEFT_STREAM_STREAM_CORE_HPP

#include <cstddef>
#include <type_traits>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>

#include <weft/stream/close_op.hpp>
#include <weft/stream/make_op.hpp>
#include <weft/stream/ping_op.hpp>
#include <weft/stream/read_op.hpp>
#include <weft/stream/stream_opening.hpp>

namespace weft::detail {

/// Every operation has three forms: throwing, with an `error_code&`, and asynchronous with any
/// completion token. One read and one write may be active at a time (more writes where the writing
/// policy queues them), and pings, pongs and one close beside them; one more completes at once with
/// `error::operation_in_progress` and does no harm. A stream is not thread safe: its operations,
/// asynchronous ones with all their intermediate steps, run one at a time, by a single thread or
/// through a strand. After the first error that ends the stream every operation reports that error,
/// weft's or the layer's own, such as `connection_reset`. No handler is called inside its
/// initiating function.
/// What a callback, a dynamic buffer or an allocation throws inside an operation ends the stream,
/// and goes to its caller or, later, to who runs the executor; no handler is called then.
///
/// Synchronous operations obey no time limit but the layer's own, and can't wait for an operation
/// that is pending: they fail with `operation_in_progress` where they would have to. The close
/// frame of a `close` that fails so is sent all the same.
template <class NextLayer, class Set>
class stream_core : public stream_opening<NextLayer, Set>
{
    using base = stream_opening<NextLayer, Set>;
    using transfer = void(error_code, std::size_t);
    using showing = void(error_code, asio::const_buffer);

public:
    using base::base;
    using typename base::default_token;

    /// Reads a message to its end and appends it to `buffer`, a DynamicBuffer of either version;
    /// one that is of version 1 only is kept by reference. Answers pings and closes that come
    /// before. Returns the bytes appended; `received_kind()` tells what they are.
    ///
    /// Errors: `closed` when both sides have closed, `connection_lost` at the transport's end
    /// before that, `buffer_too_small` when `buffer` is full (the rest can be read with another),
    /// `condition::protocol_violation` and `condition::limit_exceeded` when the peer breaks a rule,
    /// after it was told. Any cancellation leaves the stream as it is: what has come of the message
    /// is in `buffer`, and the next read goes on there.
    /// Memory is asked for in proportion to what has come, whatever a header announces.
    template <class DynamicBuffer>
    std::size_t read(DynamicBuffer&& buffer)
    {
        return this->run(make_read(std::forward<DynamicBuffer>(buffer))).size();
    }
    template <class DynamicBuffer>
    std::size_t read(DynamicBuffer&& buffer, error_code& ec)
    {
        return this->run(make_read(std::forward<DynamicBuffer>(buffer)), ec).size();
    }
    template <class DynamicBuffer, asio::completion_token_for<transfer> Token = default_token>
    auto async_read(DynamicBuffer&& buffer, Token&& token = Token())
    {
        return this->start(make_read(std::forward<DynamicBuffer>(buffer)),
                           std::forward<Token>(token));
    }

    /// Reads some bytes of a message: at least one, unless the message ends with none or `buffers`
    /// have no room. `is_message_done()` tells whether they are its last. Errors as `read`.
    template <class MutableBuffers>
    std::size_t read_some(const MutableBuffers& buffers)
    {
        return this->run(read_op(buffers_sink<MutableBuffers>(buffers))).size();
    }
    template <class MutableBuffers>
    std::size_t read_some(const MutableBuffers& buffers, error_code& ec)
    {
        return this->run(read_op(buffers_sink<MutableBuffers>(buffers)), ec).size();
    }
    template <class MutableBuffers, asio::completion_token_for<transfer> Token = default_token>
    auto async_read_some(const MutableBuffers& buffers, Token&& token = Token())
    {
        return this->start(read_op(buffers_sink<MutableBuffers>(buffers)),
                           std::forward<Token>(token));
    }

    /// Reads the next part of a message without a copy: shows it in the stream's own memory. It has
    /// at least one byte, unless the message ends with none. `is_message_done()` tells whether it
    /// is the last. Errors and cancellation as `read`.
    ///
    /// The view is valid until the next read or close of this stream is started or the stream is
    /// destroyed; beside a close that is pending, only until the handler returns. A write of the
    /// view must complete before that. Where assertions are checked, a read or close that finds the
    /// layer below still sending a view fails one, and what was shown is overwritten, so that a
    /// view that is kept too long does not look right by chance.
    asio::const_buffer read_view() { return this->run(read_op(view_sink())).view(); }
    asio::const_buffer read_view(error_code& ec)
    {
        return this->run(read_op(view_sink()), ec).view();
    }
    template <asio::completion_token_for<showing> Token = default_token>
    auto async_read_view(Token&& token = Token())
    {
        return this->start(read_op(view_sink()), std::forward<Token>(token));
    }

    /// Writes `buffers` as a message, or as the rest of one that `write_some` began, whose kind it
    /// keeps. Returns the bytes of `buffers` that the layer below took. The memory stays the
    /// caller's and must live until completion; a server copies nothing of it.
    ///
    /// That is the default, `writing::exclusive`; the other policies of that slot say when they
    /// copy, when a write completes then, and what a cancellation does.
    ///
    /// Errors: `text_not_utf8`, `operation_in_progress`, `write_queue_full` (nothing was sent, the
    /// stream is unharmed), `not_open` when a close was begun, `write_cut` when a cancellation has
    /// cut a frame, or a message between two of its frames: the stream is at its end. Until
    /// something of it has left, cancellation leaves the stream as it is.
    template <class ConstBuffers>
    std::size_t write(message_kind kind, const ConstBuffers& buffers)
    {
        return this->run(make_write<Set, false>(kind, true, true, buffers)).size();
    }
    template <class ConstBuffers>
    std::size_t write(message_kind kind, const ConstBuffers& buffers, error_code& ec)
    {
        return this->run(make_write<Set, false>(kind, true, true, buffers), ec).size();
    }
    template <class ConstBuffers, asio::completion_token_for<transfer> Token = default_token>
    auto async_write(message_kind kind, const ConstBuffers& buffers, Token&& token = Token())
    {
        return this->start(make_write<Set, true>(kind, true, true, buffers),
                           std::forward<Token>(token));
    }

    /// The same with the kind that `default_kind` was set to, at first binary.
    template <class ConstBuffers>
        requires asio::is_const_buffer_sequence<ConstBuffers>::value
    std::size_t write(const ConstBuffers& buffers)
    {
        return write(this->default_kind(), buffers);
    }
    template <class ConstBuffers>
        requires asio::is_const_buffer_sequence<ConstBuffers>::value
    std::size_t write(const ConstBuffers& buffers, error_code& ec)
    {
        return write(this->default_kind(), buffers, ec);
    }
    template <class ConstBuffers, asio::completion_token_for<transfer> Token = default_token>
        requires asio::is_const_buffer_sequence<ConstBuffers>::value
    auto async_write(const ConstBuffers& buffers, Token&& token = Token())
    {
        return async_write(this->default_kind(), buffers, std::forward<Token>(token));
    }

    /// Writes one frame of a message; `fin` ends the message (§5.4). Otherwise as `write`.
    template <class ConstBuffers>
    std::size_t write_some(bool fin, message_kind kind, const ConstBuffers& buffers)
    {
        return this->run(make_write<Set, false>(kind, fin, false, buffers)).size();
    }
    template <class ConstBuffers>
    std::size_t write_some(bool fin, message_kind kind, const ConstBuffers& buffers, error_code& ec)
    {
        return this->run(make_write<Set, false>(kind, fin, false, buffers), ec).size();
    }
    template <class ConstBuffers, asio::completion_token_for<transfer> Token = default_token>
    auto async_write_some(bool fin, message_kind kind, const ConstBuffers& buffers,
                          Token&& token = Token())
    {
        return this->start(make_write<Set, true>(kind, fin, false, buffers),
                           std::forward<Token>(token));
    }

    /// Sends a ping with at most 125 bytes (§5.5.2). It leaves between two frames, also while a
    /// message is being written. The payload is copied. Completes when the frame has left.
    /// Errors: `control_payload_too_long`, `not_open`; `operation_in_progress` when the budget's
    /// control backlog is full.
    void ping(asio::const_buffer payload = {}) { this->run(ping_op(false, payload)); }
    void ping(asio::const_buffer payload, error_code& ec)
    {
        this->run(ping_op(false, payload), ec);
    }
    template <asio::completion_token_for<void(error_code)> Token = default_token>
    auto async_ping(asio::const_buffer payload, Token&& token = Token())
    {
        return this->start(ping_op(false, payload), std::forward<Token>(token));
    }

    /// Sends a pong that answers nothing (§5.5.3). Pings are answered by themselves. As `ping`.
    void pong(asio::const_buffer payload = {}) { this->run(ping_op(true, payload)); }
    void pong(asio::const_buffer payload, error_code& ec) { this->run(ping_op(true, payload), ec); }
    template <asio::completion_token_for<void(error_code)> Token = default_token>
    auto async_pong(asio::const_buffer payload, Token&& token = Token())
    {
        return this->start(ping_op(true, payload), std::forward<Token>(token));
    }

    /// Closes the connection (§7.1.2): sends a close frame, reads and discards messages until the
    /// peer's close frame has come, and ends the transport. If a read is active it goes on reading,
    /// and this waits for it. Bounded by the timing policy's close limit. The reason is copied.
    /// Errors: `bad_close_code`, `bad_close_reason` (nothing was sent), `operation_in_progress` for
    /// a second close, `closed` when there is nothing left to close, `timeout`, `connection_lost`.
    /// If it is cancelled, another one waits again; behind what it has discarded no read can go on:
    /// they fail with `not_open`.
    void close(const close_reason& reason = {}) { this->run(close_op(reason, true)); }
    void close(const close_reason& reason, error_code& ec)
    {
        this->run(close_op(reason, true), ec);
    }
    template <asio::completion_token_for<void(error_code)> Token = default_token>
    auto async_close(const close_reason& reason, Token&& token = Token())
    {
        return this->start(close_op(reason, true), std::forward<Token>(token));
    }

    /// The first step of `close` alone: sends a close frame, and completes when it has left. What
    /// the peer still says can be read until a read reports `closed`, or `close` discards it; the
    /// close limit counts from here. Errors: those of `close`, and `not_open` if a close was begun
    /// before.
    void send_close(const close_reason& reason = {}) { this->run(close_op(reason, false)); }
    void send_close(const close_reason& reason, error_code& ec)
    {
        this->run(close_op(reason, false), ec);
    }
    template <asio::completion_token_for<void(error_code)> Token = default_token>
    auto async_send_close(const close_reason& reason, Token&& token = Token())
    {
        return this->start(close_op(reason, false), std::forward<Token>(token));
    }
};

} // namespace weft::detail

#endif
