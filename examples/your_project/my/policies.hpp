// A deployment's own policies, and the stream that they are composed to.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <weft/weft.hpp>

#include "mask.hpp"
#include "window.hpp"

namespace my {

using stream =
    weft::basic_ws_stream<boost::asio::ip::tcp::socket, weft::role::server, mask, window>;

} // namespace my
