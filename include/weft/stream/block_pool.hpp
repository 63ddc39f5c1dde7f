// The buffers of an execution context that its connections borrow: see `buffer::borrowed`.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_BLOCK_POOL_HPP
#define WEFT_STREAM_BLOCK_POOL_HPP

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <mutex>
#include <new>
#include <utility>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

namespace weft::detail {

namespace asio = boost::asio;

/// Lends blocks of `N` bytes to any thread, and keeps a few of those that came back. One for each
/// execution context and size.
template <std::size_t N>
class block_pool final : public asio::execution_context::service, public std::pmr::memory_resource
{
public:
    using key_type = block_pool;
    static inline asio::execution_context::id id;

    /// What is kept for the next borrowers; the heap gets what is above it.
    static constexpr std::size_t spare_max = std::max<std::size_t>(4, (256 * 1024) / N);

    explicit block_pool(asio::execution_context& context) : service(context) {}
    ~block_pool() override
    {
        while (spare_ != nullptr)
            ::operator delete(std::exchange(spare_, spare_->next));
    }

    /// Blocks that are in use, and blocks that are not.
    std::size_t lent() const
    {
        const std::lock_guard lock(mutex_);
        return lent_;
    }
    std::size_t spare() const
    {
        const std::lock_guard lock(mutex_);
        return spare_count_;
    }

private:
    // In the memory of a spare block.
    struct link
    {
        link* next;
    };
    static_assert(N >= sizeof(link));

    void* do_allocate(std::size_t, std::size_t) override
    {
        if (void* const block = take_spare())
            return block;
        void* const block = ::operator new(N);
        const std::lock_guard lock(mutex_);
        ++lent_;
        return block;
    }

    void do_deallocate(void* block, std::size_t, std::size_t) override
    {
        if (!keep(block))
            ::operator delete(block);
    }

    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override
    {
        return this == &other;
    }

    void* take_spare() noexcept
    {
        const std::lock_guard lock(mutex_);
        if (spare_ == nullptr)
            return nullptr;
        ++lent_;
        --spare_count_;
        return std::exchange(spare_, spare_->next);
    }

    bool keep(void* block) noexcept
    {
        const std::lock_guard lock(mutex_);
        --lent_;
        if (spare_count_ == spare_max)
            return false;
        ++spare_count_;
        spare_ = ::new (block) link{spare_};
        return true;
    }

    // Operations that the context destroys at its end still give blocks back, until the destructor.
    void shutdown() noexcept override {}

    mutable std::mutex mutex_;
    link* spare_ = nullptr;
    std::size_t spare_count_ = 0;
    std::size_t lent_ = 0;
};

template <std::size_t N, class Executor>
block_pool<N>& pool_of(const Executor& executor)
{
    return asio::use_service<block_pool<N>>(asio::query(executor, asio::execution::context));
}

} // namespace weft::detail

#endif
