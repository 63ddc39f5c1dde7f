// How a layer with a protocol of its own, such as TLS, ends before the transport below it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_FAREWELL_HPP
#define WEFT_STREAM_FAREWELL_HPP

#include <boost/asio/error.hpp>

#include <weft/wire/error_code.hpp>

namespace weft {

/// Customisation point: specialise it, with `exists` true, for a layer that tells its peer that
/// nothing more will come in records of its own. <weft/tls.hpp> does so for TLS. Beyond what is
/// here, such a layer gives
///
///     static void say(Layer&, error_code&);             // sends the farewell; waits for no answer
///     static void async_say(Layer&, Handler&& handler); // the same; handler(error_code)
///
/// A write to such a layer that was cancelled may have cut a record, and ends the stream.
template <class Layer>
struct farewell
{
    static constexpr bool exists = false;

    /// What is read to its end after the farewell.
    static Layer& transport(Layer& layer) noexcept { return layer; }

    /// Whether a read that fails with `ec` has come to the end of all that the peer sends.
    static bool is_end(error_code ec) noexcept { return ec == boost::asio::error::eof; }
};

namespace detail {

template <class Layer>
concept has_a_farewell = requires(Layer& layer, error_code& ec) { layer.shutdown(ec); };

} // namespace detail

} // namespace weft

#endif
