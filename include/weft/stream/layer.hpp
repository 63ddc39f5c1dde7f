// What weft asks of the layer below beyond reading and writing: to be cut off.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_LAYER_HPP
#define WEFT_STREAM_LAYER_HPP

#include <boost/asio/socket_base.hpp>

#include <weft/wire/error_code.hpp>

namespace weft {

/// Customisation points, found by argument-dependent lookup. `weft_force_close(layer)` ends the
/// transport at once: what is pending on it completes with an error. `weft_end_output(layer)` tells
/// the peer that nothing more will come, as far as the layer can. Neither throws. The defaults
/// serve sockets, layers with a `lowest_layer()` that is one, and layers with `close()`.
template <class Layer>
void weft_force_close(Layer& layer) noexcept
{
    error_code ignored;
    if constexpr (requires { layer.lowest_layer().close(ignored); })
        layer.lowest_layer().close(ignored);
    else if constexpr (requires { layer.close(ignored); })
        layer.close(ignored);
    else if constexpr (requires {
                           { layer.close() } noexcept;
                       })
        layer.close();
    else
        static_assert(sizeof(Layer) == 0,
                      "weft: this layer needs a function weft_force_close(layer&) noexcept that "
                      "ends the transport at once; see weft/stream/layer.hpp");
}

template <class Layer>
void weft_end_output(Layer& layer) noexcept
{
    error_code ignored;
    constexpr auto output = boost::asio::socket_base::shutdown_send;
    if constexpr (requires { layer.lowest_layer().shutdown(output, ignored); })
        layer.lowest_layer().shutdown(output, ignored);
    else if constexpr (requires { layer.shutdown(output, ignored); })
        layer.shutdown(output, ignored);
}

namespace detail {

/// A layer that can tell that bytes have come before it is given memory for them, as sockets can.
template <class Layer>
concept tells_readable = requires(Layer& layer, void (*handler)(error_code)) {
    layer.async_wait(Layer::wait_read, handler);
};

} // namespace detail

} // namespace weft

#endif
