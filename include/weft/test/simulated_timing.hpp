// Time limits that pass when the schedule says so.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_SIMULATED_TIMING_HPP
#define WEFT_TEST_SIMULATED_TIMING_HPP

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>

#include <weft/policy/timing.hpp>
#include <weft/test/stored_handler.hpp>
#include <weft/test/world.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::test {

/// A timing policy without a clock: a timer that is set may pass at any moment, as often as the
/// bounds of the `world` allow.
template <timing::limits L = timing::limits{}>
struct simulated_timing
{
    using slot = timing::slot;
    static constexpr timing::limits limits() noexcept { return L; }

    template <class Executor>
    class timer final : private actor
    {
    public:
        explicit timer(const Executor& executor) : executor_(executor) { here().add(*this); }
        timer(const timer&) = delete;
        timer& operator=(const timer&) = delete;
        ~timer()
        {
            cancel();
            here().remove(*this);
        }

        void expires_after(std::chrono::milliseconds) { cancel(); }

        template <class Handler>
        void async_wait(Handler handler)
        {
            const auto executor = asio::get_associated_executor(handler, executor_);
            under_way_ = std::make_shared<bool>(false);
            handler_ = detail::store_handler(
                asio::bind_executor(executor, told_of<Handler>{std::move(handler), under_way_}),
                executor_);
        }

        void cancel()
        {
            // A limit that was replaced when it had passed, and nobody knew, was not in force.
            here().passed -= under_way_ && std::exchange(*under_way_, false) ? 1 : 0;
            end(asio::error::operation_aborted);
        }

    private:
        template <class Handler>
        struct told_of
        {
            void operator()(error_code ec, std::size_t)
            {
                *under_way = false;
                std::move(handler)(ec);
            }
            Handler handler;
            std::shared_ptr<bool> under_way;
        };

        world& here() const noexcept { return executor_.context(); }

        std::size_t options() const override
        {
            return handler_ != nullptr && here().left.expirations != 0 ? 1 : 0;
        }
        std::string name(std::size_t) const override { return "a time limit passes"; }
        void act(std::size_t) override
        {
            --here().left.expirations;
            ++here().passed;
            *under_way_ = true;
            end({});
        }

        void end(error_code ec)
        {
            if (auto* const h = std::exchange(handler_, nullptr))
                h->wake(ec, 0);
        }

        Executor executor_;
        detail::stored_handler* handler_ = nullptr;
        std::shared_ptr<bool> under_way_{}; // it has passed, and its handler has not run
    };
};

} // namespace weft::test

#endif
