// WebSocket over TLS: what a stream must know of `asio::ssl::stream`. It needs OpenSSL, and so no
// other header includes it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TLS_HPP
#define WEFT_TLS_HPP

#include <concepts>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <weft/weft.hpp>

namespace weft {

/// `asio::ssl::stream`, or a stream that wraps one.
template <class Layer>
concept tls_layer = requires(Layer& layer, error_code& ec) {
    { layer.native_handle() } -> std::convertible_to<SSL*>;
    layer.shutdown(ec);
    layer.next_layer();
};

/// `basic_ws_stream<asio::ssl::stream<tcp::socket>, …>` over this header: shake hands of TLS with
/// `next_layer().async_handshake(…)` first, then those of WebSocket.
///
/// Each side sends close_notify behind its last frame (RFC 8446 §6.1) and waits for none: what the
/// peer has to say has been said by its close frame, and what ends the connection is the
/// transport's end, which the server sends first (RFC 6455 §7.1.1). The wait for it is bounded by
/// the close limit. A transport that ends without the peer's close_notify (`stream_truncated`) is
/// no error after the closing handshake, and `error::connection_lost` before.
///
/// Cancelling a write that has begun ends the stream with `error::write_cut`: what of its record
/// has left is not known.
template <tls_layer Layer>
struct farewell<Layer>
{
    static constexpr bool exists = true;

    static void say(Layer& layer, error_code& ec)
    {
        expect_no_answer(layer);
        layer.shutdown(ec);
    }

    template <class Handler>
    static void async_say(Layer& layer, Handler&& handler)
    {
        expect_no_answer(layer);
        layer.async_shutdown(std::forward<Handler>(handler));
    }

    static auto& transport(Layer& layer) noexcept { return layer.next_layer(); }

    static bool is_end(error_code ec) noexcept
    {
        return ec == boost::asio::error::eof || ec == boost::asio::ssl::error::stream_truncated;
    }

private:
    // As if the peer's close_notify had come: OpenSSL sends ours, and is done.
    static void expect_no_answer(Layer& layer) noexcept
    {
        SSL* const ssl = layer.native_handle();
        SSL_set_shutdown(ssl, SSL_get_shutdown(ssl) | SSL_RECEIVED_SHUTDOWN);
    }
};

} // namespace weft

#endif
