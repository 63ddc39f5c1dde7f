// The part of a stream that is not an operation: its making, its layer, its state.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_STREAM_BASE_HPP
#define WEFT_STREAM_STREAM_BASE_HPP

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <weft/stream/drive.hpp>
#include <weft/stream/state.hpp>

namespace weft::detail {

template <class P, class Set>
concept configurable =
    std::same_as<P, typename Set::budget> || std::same_as<P, typename Set::key_source> ||
    std::same_as<P, typename Set::timing> || std::same_as<P, typename Set::observer>;

template <class P, class... Given>
P given_or_default(std::tuple<Given...>& given)
{
    if constexpr ((std::same_as<P, Given> || ...))
        return std::move(std::get<P>(given));
    else
        return P();
}

template <class NextLayer, class Set>
class stream_base
{
    using state_type = stream_state<NextLayer, Set>;

public:
    using next_layer_type = NextLayer;
    using executor_type = typename NextLayer::executor_type;
    using policies = Set;

    /// Makes the layer below from `args`: a connected socket to move in, an executor, ….
    template <class... Args>
        requires std::constructible_from<NextLayer, Args...>
    explicit stream_base(Args&&... args)
        : state_(std::make_shared<state_type>(typename Set::budget(), typename Set::key_source(),
                                              typename Set::timing(), typename Set::observer(),
                                              std::forward<Args>(args)...))
    {}

    /// The same with policies that carry values: any of the budget, the key source, the timing and
    /// the observer.
    template <configurable<Set>... Given>
        requires(sizeof...(Given) != 0)
    explicit stream_base(NextLayer next, Given... given)
        : stream_base(std::move(next), std::tuple<Given...>(std::move(given)...))
    {}

    stream_base(stream_base&&) noexcept = default;
    stream_base& operator=(stream_base&& other) noexcept
    {
        stream_base old(std::exchange(state_, std::exchange(other.state_, nullptr)));
        return *this;
    }

    /// Closes the layer below. Operations that are pending complete with `operation_aborted`.
    ~stream_base()
    {
        if (state_)
            state_->abandon();
    }

    /// Ends this stream, as its destructor does, and makes a fresh one as a constructor does: the
    /// layer below, the policies' values, all state.
    template <class... Args>
        requires std::constructible_from<stream_base, Args...>
    void reset(Args&&... args)
    {
        *this = stream_base(std::forward<Args>(args)...);
    }

    /// The layer below. While the stream is open, reading or writing it directly breaks the
    /// framing; its options may be set at any time.
    NextLayer& next_layer() noexcept { return state_->next; }
    const NextLayer& next_layer() const noexcept { return state_->next; }

    /// The layer's executor: that of handlers without one of their own.
    executor_type get_executor() noexcept { return state_->next.get_executor(); }

    /// Opens the stream without a handshake, over a connection that somebody else has upgraded.
    /// `early` is what the peer has sent since; it must fit the buffer policy. Errors:
    /// `already_open`, `buffer_too_small`.
    void adopt(asio::const_buffer early, error_code& ec)
    {
        ec = state_->begin_handshake();
        if (ec)
            return;
        const std::span given(static_cast<const std::byte*>(early.data()), early.size());
        ec = state_->keep(given) ? error_code() : state_->fail(error::buffer_too_small);
        state_->end_handshake(ec);
    }
    void adopt(asio::const_buffer early = {})
    {
        error_code ec;
        adopt(early, ec);
        throw_if(ec);
    }

    /// Ends the transport at once, without a closing handshake (§7.1.7). What is pending completes
    /// with `operation_aborted`, unless something else has ended the stream before; what is started
    /// later reports the same.
    void force_close() { state_->abandon(); }

    /// Whether messages may pass: the handshake is done, and nothing has ended the stream since.
    bool is_open() const noexcept { return !state_->entry_error() && !state_->core.close_queued(); }

    /// The kind of the message that the last read has read, or is in the middle of.
    message_kind received_kind() const noexcept { return state_->core.kind(); }

    /// Whether the last `read_some` or `read_view` has come to the end of a message.
    bool is_message_done() const noexcept { return state_->message_done; }

    /// Why the peer has closed: its code and reason; `no_status` if it gave none, `abnormal` if it
    /// has not closed (§7.1.5, §7.1.6). The reason is valid until the stream is destroyed.
    close_reason peer_close() const noexcept { return state_->core.peer_close(); }

    /// The subprotocol that the handshake agreed on, or empty (§1.9).
    std::string_view subprotocol() const noexcept { return state_->subprotocol; }

    /// The kind of the messages that are written without one (§5.6).
    void default_kind(message_kind kind) noexcept { state_->default_kind = kind; }
    message_kind default_kind() const noexcept { return state_->default_kind; }

    /// Cuts the messages of `write` into frames of at most `bytes` payload, as many of which leave
    /// together as fit a write of the layer below; 0, the default: one frame for each message
    /// (§5.4).
    void auto_fragment(std::size_t bytes) noexcept { state_->fragment_bytes = bytes; }

    /// The observer policy, which is told of control frames.
    typename Set::observer& observer() noexcept { return state_->watcher; }

protected:
    /// The three forms of an operation.
    template <class Op, class Token>
    auto start(Op op, Token&& token)
    {
        return async_drive(state_, std::move(op), std::forward<Token>(token));
    }

    template <class Op>
    Op run(Op op, error_code& ec)
    {
        sync_drive(*state_, op);
        ec = op.result();
        return op;
    }

    template <class Op>
    Op run(Op op)
    {
        sync_drive(*state_, op);
        throw_if(op.result());
        return op;
    }

    const state_type& state() const noexcept { return *state_; }

private:
    explicit stream_base(std::shared_ptr<state_type> state) noexcept : state_(std::move(state)) {}

    template <class... Given>
    stream_base(NextLayer next, std::tuple<Given...> given)
        : state_(std::make_shared<state_type>(given_or_default<typename Set::budget>(given),
                                              given_or_default<typename Set::key_source>(given),
                                              given_or_default<typename Set::timing>(given),
                                              given_or_default<typename Set::observer>(given),
                                              std::move(next)))
    {}

    static void throw_if(error_code ec)
    {
        if (ec)
            boost::throw_exception(boost::system::system_error(ec));
    }

    std::shared_ptr<state_type> state_;
};

} // namespace weft::detail

#endif
