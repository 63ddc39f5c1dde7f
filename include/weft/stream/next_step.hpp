// How an operation is continued: what it hands to the layer below, or to an executor.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_NEXT_STEP_HPP
#define WEFT_STREAM_NEXT_STEP_HPP

#include <cstddef>
#include <memory>

#include <boost/asio/cancellation_signal.hpp>

#include <weft/wire/error_code.hpp>

namespace weft::detail {

namespace asio = boost::asio;

/// What an operation gives away to be continued: its owner until the next step.
template <class Operation>
class posted_step
{
public:
    using allocator_type = typename Operation::allocator_type;

    explicit posted_step(Operation& operation) noexcept
        : operation_(&operation),
          allocator_(operation.get_allocator())
    {}

    allocator_type get_allocator() const noexcept { return allocator_; }

    void operator()(error_code ec, std::size_t n) { operation_.release()->step(ec, n); }
    void operator()(error_code ec) { operation_.release()->step(ec); }
    void operator()() { operation_.release()->step(); }

protected:
    const Operation& operation() const noexcept { return *operation_; }

private:
    struct drop
    {
        void operator()(Operation* operation) const noexcept { operation->drop(); }
    };

    // The hint of Asio that lets the next step stay with the thread that began it.
    friend bool asio_handler_is_continuation(posted_step* self) noexcept
    {
        return self->operation_->continues();
    }

    std::unique_ptr<Operation, drop> operation_;
    // A copy, since Asio asks for it where this was moved from, too: when it can't start an
    // operation.
    [[no_unique_address]] allocator_type allocator_;
};

/// The handler that an operation gives to the layer below.
template <class Operation>
class next_step : public posted_step<Operation>
{
public:
    using executor_type = typename Operation::executor_type;
    using cancellation_slot_type = asio::cancellation_slot;

    explicit next_step(Operation& operation) noexcept : posted_step<Operation>(operation) {}

    executor_type get_executor() const noexcept { return this->operation().get_executor(); }
    cancellation_slot_type get_cancellation_slot() const noexcept
    {
        return this->operation().get_cancellation_slot();
    }
};

} // namespace weft::detail

#endif
