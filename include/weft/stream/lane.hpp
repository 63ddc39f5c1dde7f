// One direction of the layer below, which one operation at a time may use; the others wait in line.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_LANE_HPP
#define WEFT_STREAM_LANE_HPP

#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>

#include <weft/stream/waiter.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

/// The whole rule: whoever acquires a lane uses it until `release`, which passes it to the
/// operation that has waited longest. The lane stays busy on the way, so that nobody slips in
/// between.
class lane
{
public:
    lane() = default;
    lane(const lane&) = delete;
    lane& operator=(const lane&) = delete;

    bool try_acquire() noexcept
    {
        if (busy_)
            return false;
        busy_ = true;
        return true;
    }

    void release()
    {
        if (first_ == nullptr)
            busy_ = false;
        else
            unlink(*first_).wake({}, 0);
    }

    /// Everybody who waits is told, and owns nothing.
    void abort(error_code ec)
    {
        while (first_ != nullptr)
            unlink(*first_).wake(ec, 0);
    }

    /// Calls `handler(error_code, 0)` when the lane is the handler's; with an error, it is not.
    /// Cancellation of any type that its slot lets through ends the wait.
    template <class Handler, class Executor>
    void wait(Handler handler, const Executor& fallback)
    {
        auto slot = asio::get_associated_cancellation_slot(handler);
        waiter* const w = make_waiter(std::move(handler), fallback);
        link(*w);
        if (slot.is_connected())
            slot.assign([this, w](asio::cancellation_type type) {
                if (type != asio::cancellation_type::none)
                    unlink(*w).wake(asio::error::operation_aborted, 0);
            });
    }

private:
    void link(waiter& w) noexcept
    {
        w.previous = last_;
        (last_ != nullptr ? last_->next : first_) = &w;
        last_ = &w;
    }

    waiter& unlink(waiter& w) noexcept
    {
        (w.previous != nullptr ? w.previous->next : first_) = w.next;
        (w.next != nullptr ? w.next->previous : last_) = w.previous;
        return w;
    }

    bool busy_ = false;
    waiter* first_ = nullptr;
    waiter* last_ = nullptr;
};

} // namespace weft::detail

#endif
