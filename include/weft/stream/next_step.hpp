// The handler that an operation gives to the layer below.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_NEXT_STEP_HPP
#define WEFT_STREAM_NEXT_STEP_HPP

#include <cstddef>
#include <memory>

#include <boost/asio/cancellation_signal.hpp>

#include <weft/wire/error_code.hpp>

namespace weft::detail {

namespace asio = boost::asio;

/// The owner of an operation until its next step.
template <class Operation>
class next_step
{
public:
    using executor_type = typename Operation::executor_type;
    using allocator_type = typename Operation::allocator_type;
    using cancellation_slot_type = asio::cancellation_slot;

    explicit next_step(Operation& operation) noexcept : operation_(&operation) {}

    executor_type get_executor() const noexcept { return operation_->get_executor(); }
    allocator_type get_allocator() const noexcept { return operation_->get_allocator(); }
    cancellation_slot_type get_cancellation_slot() const noexcept
    {
        return operation_->get_cancellation_slot();
    }

    void operator()(error_code ec, std::size_t n) { operation_.release()->step(ec, n); }
    void operator()(error_code ec) { operation_.release()->step(ec); }
    void operator()() { operation_.release()->step(); }

private:
    struct drop
    {
        void operator()(Operation* operation) const noexcept { operation->drop(); }
    };

    // The hint of Asio that lets the next step stay with the thread that began it.
    friend bool asio_handler_is_continuation(next_step* self) noexcept
    {
        return self->operation_->continues();
    }

    std::unique_ptr<Operation, drop> operation_;
};

} // namespace weft::detail

#endif
