// One direction of the layer below, which one operation at a time may use; the others wait in line.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_LANE_HPP
#define WEFT_STREAM_LANE_HPP

#include <memory>
#include <type_traits>
#include <utility>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <weft/wire/error_code.hpp>

namespace weft::detail {

namespace asio = boost::asio;

/// An operation that waits, without its type.
class waiter
{
public:
    virtual void wake(error_code ec) = 0; // takes itself apart first

    waiter* previous = nullptr;
    waiter* next = nullptr;

protected:
    ~waiter() = default;
};

/// The whole rule: whoever acquires a lane uses it until `release`, which passes it to the operation
/// that has waited longest. The lane stays busy on the way, so that nobody slips in between.
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
            unlink(*first_).wake({});
    }

    /// Everybody who waits is told, and owns nothing.
    void abort(error_code ec)
    {
        while (first_ != nullptr)
            unlink(*first_).wake(ec);
    }

    /// Calls `handler(error_code)` through its executor when the lane is its own; with an error,
    /// it is not. Cancellation of any type that its slot lets through ends the wait.
    template <class Handler, class Executor>
    void wait(Handler handler, const Executor& fallback);

private:
    template <class Handler, class Executor>
    class waiting;

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

template <class Handler, class Executor>
class lane::waiting final : public waiter
{
    using allocator = asio::associated_allocator_t<Handler>;
    using executor = asio::associated_executor_t<Handler, Executor>;
    using work = std::decay_t<decltype(
        asio::prefer(std::declval<executor>(), asio::execution::outstanding_work.tracked))>;

public:
    using rebound = typename std::allocator_traits<allocator>::template rebind_alloc<waiting>;

    waiting(Handler&& handler, const Executor& fallback)
        : handler_(std::move(handler))
        , work_(asio::prefer(asio::get_associated_executor(handler_, fallback),
                             asio::execution::outstanding_work.tracked))
    {
    }

    void wake(error_code ec) override
    {
        asio::get_associated_cancellation_slot(handler_).clear();
        rebound memory(asio::get_associated_allocator(handler_));
        Handler handler(std::move(handler_));
        work held(std::move(work_));
        std::allocator_traits<rebound>::destroy(memory, this);
        std::allocator_traits<rebound>::deallocate(memory, this, 1);
        asio::post(held, asio::append(std::move(handler), ec));
    }

private:
    Handler handler_;
    work work_;
};

template <class Handler, class Executor>
void lane::wait(Handler handler, const Executor& fallback)
{
    using node = waiting<Handler, Executor>;
    auto slot = asio::get_associated_cancellation_slot(handler);
    typename node::rebound memory(asio::get_associated_allocator(handler));
    node* const w = std::allocator_traits<typename node::rebound>::allocate(memory, 1);
    std::allocator_traits<typename node::rebound>::construct(memory, w, std::move(handler),
                                                             fallback);
    link(*w);
    if (slot.is_connected())
        slot.assign([this, w](asio::cancellation_type type) {
            if (type != asio::cancellation_type::none)
                unlink(*w).wake(asio::error::operation_aborted);
        });
}

} // namespace weft::detail

#endif
