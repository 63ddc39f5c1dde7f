// A completion handler that waits, without its type.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_STORED_HANDLER_HPP
#define WEFT_TEST_STORED_HANDLER_HPP

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <weft/wire/error_code.hpp>

namespace weft::test::detail {

namespace asio = boost::asio;

/// Made by `store_handler`, ended by `wake`; `n` is left out where the signature has none.
class stored_handler
{
public:
    /// Frees the memory, then posts `handler(ec, n)`, which goes on through the handler's executor.
    virtual void wake(error_code ec, std::size_t n) = 0;

protected:
    ~stored_handler() = default;
};

/// Holds the handler in memory of its own allocator, and keeps both executors at work: the one that
/// completes operations, and the handler's, through which it goes on.
template <class Signature, class Handler, class Executor>
class handler_store final : public stored_handler
{
    using allocator = asio::associated_allocator_t<Handler>;
    using work = asio::executor_work_guard<Executor>;
    using handler_work = asio::executor_work_guard<asio::associated_executor_t<Handler, Executor>>;

public:
    using memory = typename std::allocator_traits<allocator>::template rebind_alloc<handler_store>;

    handler_store(Handler&& handler, const Executor& executor)
        : handler_(std::move(handler)),
          work_(executor),
          handler_work_(asio::get_associated_executor(handler_, executor))
    {}

    void wake(error_code ec, std::size_t n) override
    {
        asio::get_associated_cancellation_slot(handler_).clear();
        memory own(asio::get_associated_allocator(handler_));
        Handler handler(std::move(handler_));
        const work held(std::move(work_));
        const handler_work also_held(std::move(handler_work_));
        std::allocator_traits<memory>::destroy(own, this);
        std::allocator_traits<memory>::deallocate(own, this, 1);
        if constexpr (std::is_same_v<Signature, void(error_code)>)
            asio::post(held.get_executor(), asio::append(std::move(handler), ec));
        else
            asio::post(held.get_executor(), asio::append(std::move(handler), ec, n));
    }

private:
    Handler handler_;
    work work_;
    handler_work handler_work_;
};

template <class Signature = void(error_code, std::size_t), class Handler, class Executor>
stored_handler* store_handler(Handler handler, const Executor& executor)
{
    using node = handler_store<Signature, Handler, Executor>;
    typename node::memory memory(asio::get_associated_allocator(handler));
    node* const made = std::allocator_traits<typename node::memory>::allocate(memory, 1);
    std::allocator_traits<typename node::memory>::construct(memory, made, std::move(handler),
                                                            executor);
    return made;
}

} // namespace weft::test::detail

#endif
