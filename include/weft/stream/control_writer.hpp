// The part of an operation that sends what nobody else does: control frames, and what was corked.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_CONTROL_WRITER_HPP
#define WEFT_STREAM_CONTROL_WRITER_HPP

#include <cstddef>

#include <weft/protocol/span_source.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

/// For the owner of the write lane. `done` is told how the last write went, and says whether
/// nothing is left to write, or can be; else `state.outgoing` is what to write next.
class control_writer
{
public:
    template <class State>
    bool done(State& state, error_code ec, std::size_t n)
    {
        span_source nothing;
        if (writing_) {
            state.core.sent(n, nothing);
            if (ec)
                state.write_error(ec, state.core.is_cut());
        }
        if (ec || state.transport_gone || !state.owes_write())
            return true;
        state.core.gather(state.outgoing, nothing);
        writing_ = state.outgoing.size() != 0;
        return !writing_;
    }

private:
    bool writing_ = false;
};

} // namespace weft::detail

#endif
