// Everything that a user of the stream needs. Without Asio: weft/connection.hpp.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_WEFT_HPP
#define WEFT_WEFT_HPP

#include <weft/stream/basic_ws_stream.hpp>

#endif
