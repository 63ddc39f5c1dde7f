// Which cancellations of its handler's slot reach an operation.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_CANCELLATION_HPP
#define WEFT_STREAM_CANCELLATION_HPP

#include <utility>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/cancellation_type.hpp>

namespace weft::detail {

namespace asio = boost::asio;

/// Lets only `terminal` through at first, as Asio does.
class cancellation
{
public:
    explicit cancellation(asio::cancellation_slot slot) : slot_(slot), state_(slot) {}

    /// For the next step.
    asio::cancellation_slot slot() const noexcept { return state_.slot(); }

    bool has_struck() const noexcept { return state_.cancelled() != asio::cancellation_type::none; }

    /// What has struck is forgotten.
    void reset()
    {
        state_ = total_allowed_
                     ? asio::cancellation_state(slot_, as_terminal())
                     : asio::cancellation_state(slot_, asio::enable_terminal_cancellation());
    }

    /// Whether the next step may be struck by every type of cancellation.
    void allow_total(bool allowed)
    {
        if (std::exchange(total_allowed_, allowed) != allowed && slot_.is_connected())
            reset();
    }

private:
    // What a user asks of a read gently, the layer below is asked for plainly, since layers such as
    // TLS obey `terminal` only. A read that is cancelled loses nothing either way.
    struct as_terminal
    {
        asio::cancellation_type operator()(asio::cancellation_type type) const noexcept
        {
            return type == asio::cancellation_type::none ? type : asio::cancellation_type::all;
        }
    };

    asio::cancellation_slot slot_; // the handler's
    asio::cancellation_state state_;
    bool total_allowed_ = false;
};

} // namespace weft::detail

#endif
