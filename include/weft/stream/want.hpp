// What an operation needs before it can go on.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_WANT_HPP
#define WEFT_STREAM_WANT_HPP

#include <cstdint>

namespace weft::detail {

enum class want : std::uint8_t {
    start,      ///< it was not resumed yet
    read,       ///< bytes of the layer below in `state.incoming`
    write,      ///< that bytes of `state.outgoing` are taken by the layer below
    farewell,   ///< that the layer below has sent its farewell
    drain,      ///< bytes of the transport, which mean nothing any more, in `state.incoming`
    read_lane,  ///< its turn to read
    write_lane, ///< its turn to write
    turn,       ///< to go on when its initiating function has returned
    done        ///< nothing: it has a result
};

} // namespace weft::detail

#endif
