// Lets every kind of cancellation through, as the strongest.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_ANY_CANCELLATION_HPP
#define WEFT_STREAM_ANY_CANCELLATION_HPP

#include <boost/asio/cancellation_type.hpp>

namespace weft::detail {

/// A filter for `cancellation_state`: what a user asks of a read gently, the layer below is asked
/// for plainly, since layers such as TLS obey `terminal` only. A read that is cancelled loses
/// nothing either way.
struct any_cancellation
{
    boost::asio::cancellation_type operator()(boost::asio::cancellation_type type) const noexcept
    {
        using boost::asio::cancellation_type;
        return type == cancellation_type::none ? type : cancellation_type::all;
    }
};

} // namespace weft::detail

#endif
