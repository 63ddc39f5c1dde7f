// A completion handler that waits, without its type.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_WAITER_HPP
#define WEFT_STREAM_WAITER_HPP

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <weft/wire/error_code.hpp>

namespace weft::detail {

namespace asio = boost::asio;

/// Made by `make_waiter`, ended by `wake`.
class waiter
{
public:
    /// Frees the waiter, then posts `handler(ec, n)` to the handler's executor.
    virtual void wake(error_code ec, std::size_t n) = 0;

    waiter* previous = nullptr; // for whoever keeps several in a list
    waiter* next = nullptr;

protected:
    ~waiter() = default;
};

/// Holds the handler in memory of its own allocator, and keeps its executor at work.
template <class Handler, class Executor>
class waiting final : public waiter
{
    using allocator = asio::associated_allocator_t<Handler>;
    using executor = asio::associated_executor_t<Handler, Executor>;
    using work = std::decay_t<decltype(asio::prefer(std::declval<executor>(),
                                                    asio::execution::outstanding_work.tracked))>;

public:
    using memory = typename std::allocator_traits<allocator>::template rebind_alloc<waiting>;

    waiting(Handler&& handler, const Executor& fallback)
        : handler_(std::move(handler)),
          work_(asio::prefer(asio::get_associated_executor(handler_, fallback),
                             asio::execution::outstanding_work.tracked))
    {}

    void wake(error_code ec, std::size_t n) override
    {
        asio::get_associated_cancellation_slot(handler_).clear();
        memory own(asio::get_associated_allocator(handler_));
        Handler handler(std::move(handler_));
        work held(std::move(work_));
        std::allocator_traits<memory>::destroy(own, this);
        std::allocator_traits<memory>::deallocate(own, this, 1);
        asio::post(held, asio::append(std::move(handler), ec, n));
    }

private:
    Handler handler_;
    work work_;
};

/// `fallback` is the executor of a handler without one.
template <class Handler, class Executor>
waiter* make_waiter(Handler handler, const Executor& fallback)
{
    using node = waiting<Handler, Executor>;
    typename node::memory memory(asio::get_associated_allocator(handler));
    node* const made = std::allocator_traits<typename node::memory>::allocate(memory, 1);
    std::allocator_traits<typename node::memory>::construct(memory, made, std::move(handler),
                                                            fallback);
    return made;
}

} // namespace weft::detail

#endif
