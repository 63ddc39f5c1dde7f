// How a stream is opened: accept for servers, handshake for clients (RFC 6455 §4).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_STREAM_OPENING_HPP
#define WEFT_STREAM_STREAM_OPENING_HPP

#include <concepts>
#include <string_view>
#include <utility>

#include <boost/asio/async_result.hpp>

#include <weft/stream/accept_op.hpp>
#include <weft/stream/handshake_op.hpp>
#include <weft/stream/stream_base.hpp>

namespace weft {

/// A server's hook: `weft::handshake::decision(const weft::handshake::request&)`.
template <class F>
concept decider = requires(F f, const handshake::request& request) {
    { f(request) } -> std::convertible_to<handshake::decision>;
};

namespace detail {

struct accept_all
{
    handshake::decision operator()(const handshake::request&) const { return {}; }
};

template <class NextLayer, class Set>
class stream_opening : public stream_base<NextLayer, Set>
{
    using base = stream_base<NextLayer, Set>;
    static constexpr bool is_client = Set::role::is_client;

public:
    using typename base::executor_type;
    using default_token = asio::default_completion_token_t<executor_type>;
    using base::base;

    /// Accepts the connection: reads the client's request, asks `decide` about it, and sends the
    /// response (§4.2). A request that breaks a rule is answered with the status that fits, 400 or
    /// another, and the operation completes with the error of the rule (`condition
    /// handshake_failed` or `limit_exceeded`); a refusal by `decide` with `error::refused`. Bytes
    /// that come behind the request belong to the first message. A handshake that is cancelled is
    /// the end of the stream. Servers only.
    void accept()
        requires(!is_client)
    {
        this->run(make_accept(accept_all()));
    }
    void accept(error_code& ec)
        requires(!is_client)
    {
        this->run(make_accept(accept_all()), ec);
    }
    template <asio::completion_token_for<void(error_code)> Token = default_token>
    auto async_accept(Token&& token = Token())
        requires(!is_client)
    {
        return this->start(make_accept(accept_all()), std::forward<Token>(token));
    }

    template <decider Decide>
    void accept(Decide decide)
        requires(!is_client)
    {
        this->run(make_accept(std::move(decide)));
    }
    template <decider Decide>
    void accept(Decide decide, error_code& ec)
        requires(!is_client)
    {
        this->run(make_accept(std::move(decide)), ec);
    }
    // The token is looked at first, so that a handler `[](auto ec)` is not taken for a hook.
    template <class Decide, asio::completion_token_for<void(error_code)> Token = default_token>
    auto async_accept(Decide decide, Token&& token = Token())
        requires(!is_client && decider<Decide>)
    {
        return this->start(make_accept(std::move(decide)), std::forward<Token>(token));
    }

    /// The same for a request that an HTTP server has read: `request` is whole, or fed as far as it
    /// came; `early` is what came behind it. It must stay valid until the operation starts, and
    /// what of it belongs to frames must fit the buffer policy, else the error is
    /// `buffer_too_small`.
    template <decider Decide>
    void accept(handshake::request request, asio::const_buffer early, Decide decide, error_code& ec)
        requires(!is_client)
    {
        this->run(accept_op(std::move(decide), std::move(request), early), ec);
    }
    template <decider Decide, asio::completion_token_for<void(error_code)> Token = default_token>
    auto async_accept(handshake::request request, asio::const_buffer early, Decide decide,
                      Token&& token = Token())
        requires(!is_client)
    {
        return this->start(accept_op(std::move(decide), std::move(request), early),
                           std::forward<Token>(token));
    }

    /// What a request that somebody else reads may cost: the budget's limits.
    weft::handshake::limits handshake_limits() const noexcept
    {
        const auto limits = this->state().core.limits();
        return {limits.handshake_bytes, limits.handshake_fields};
    }

    /// Opens the connection (§4.1) to `host`, as it stands in the Host field, and `target`, the
    /// path and query. `error::declined` if the server answers with another status than 101; the
    /// other errors of `condition::handshake_failed` if its answer breaks a rule. Clients only.
    void handshake(std::string_view host, std::string_view target)
        requires is_client
    {
        this->run(make_handshake(host, target));
    }
    void handshake(std::string_view host, std::string_view target, error_code& ec)
        requires is_client
    {
        this->run(make_handshake(host, target), ec);
    }
    template <asio::completion_token_for<void(error_code)> Token = default_token>
    auto async_handshake(std::string_view host, std::string_view target, Token&& token = Token())
        requires is_client
    {
        return this->start(make_handshake(host, target), std::forward<Token>(token));
    }

    /// The same with subprotocols and header fields, and the server's whole answer, which tells why
    /// it refused. `response` must stay valid until the operation completes.
    void handshake(weft::handshake::client_options options, weft::handshake::response& response)
        requires is_client
    {
        this->run(handshake_op(std::move(options), &response));
    }
    void handshake(weft::handshake::client_options options, weft::handshake::response& response,
                   error_code& ec)
        requires is_client
    {
        this->run(handshake_op(std::move(options), &response), ec);
    }
    template <asio::completion_token_for<void(error_code)> Token = default_token>
    auto async_handshake(weft::handshake::client_options options,
                         weft::handshake::response& response, Token&& token = Token())
        requires is_client
    {
        return this->start(handshake_op(std::move(options), &response), std::forward<Token>(token));
    }

private:
    template <class Decide>
    accept_op<Decide> make_accept(Decide decide) const
    {
        return {std::move(decide), weft::handshake::request(handshake_limits()), {}};
    }

    static handshake_op make_handshake(std::string_view host, std::string_view target)
    {
        weft::handshake::client_options options;
        options.host = host;
        options.target = target;
        return {std::move(options), nullptr};
    }
};

} // namespace detail

} // namespace weft

#endif
