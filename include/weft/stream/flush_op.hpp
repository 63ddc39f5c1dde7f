// Sends the control frames that wait: the stream's own operation, nobody's handler.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_FLUSH_OP_HPP
#define WEFT_STREAM_FLUSH_OP_HPP

#include <cstddef>

#include <weft/stream/control_writer.hpp>
#include <weft/stream/want.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

/// Started with the write lane in hand.
class flush_op
{
public:
    using signature = void(error_code);

    template <class State>
    want resume(State& state, error_code ec, std::size_t n)
    {
        if (!writer_.done(state, ec, n))
            return want::write;
        state.write_lane.release();
        return want::done;
    }

    // What went wrong is in the state.
    error_code result() const noexcept { return {}; }

private:
    control_writer writer_;
};

} // namespace weft::detail

#endif
