// What is left of the budget for the message that is being received (RFC 6455 §10.4).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_ALLOWANCE_HPP
#define WEFT_PROTOCOL_ALLOWANCE_HPP

#include <cstdint>

#include <weft/policy/budget.hpp>
#include <weft/wire/error.hpp>

namespace weft::detail {

/// Limits are compared with what remains of them; nothing is ever added to a length of the peer's.
class allowance
{
public:
    void begin_message(const budget::limits& limits) noexcept
    {
        bytes_ = limits.message_bytes;
        fragments_ = limits.fragments;
    }

    /// Pays for a frame of `size` bytes, or says which limit forbids it.
    error take_frame(std::uint64_t size, const budget::limits& limits) noexcept
    {
        if (size > limits.frame_bytes)
            return error::frame_too_big;
        if (size > bytes_)
            return error::message_too_big;
        if (fragments_ == 0)
            return error::too_many_fragments;
        bytes_ -= size;
        --fragments_;
        return error::none;
    }

private:
    std::uint64_t bytes_ = 0;
    std::uint32_t fragments_ = 0;
};

} // namespace weft::detail

#endif
