// A clock that a test advances, and time limits measured by it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_STREAM_MANUAL_TIMING_HPP
#define WEFT_PROPTEST_STREAM_MANUAL_TIMING_HPP

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>

#include <weft/policy/timing.hpp>
#include <weft/test/stored_handler.hpp>

namespace weft::proptest {

/// Time stands still but in `advance`. All timers of the program are on it.
class manual_clock
{
public:
    using duration = std::chrono::milliseconds;

    struct entry
    {
        duration at{};
        test::detail::stored_handler* handler = nullptr;
    };

    static void add(entry& e) { entries().push_back(&e); }
    static void remove(entry& e) { std::erase(entries(), &e); }
    static duration now() { return now_; }

    /// How often a timer was set: what costs something on a real clock.
    static inline int settings = 0;

    /// Posts the handlers of the timers whose time comes.
    static void advance(duration d)
    {
        now_ += d;
        for (entry* e : entries())
            if (e->handler != nullptr && e->at <= now_)
                std::exchange(e->handler, nullptr)->wake({}, 0);
    }

    static bool idle()
    {
        return std::ranges::none_of(entries(), [](auto* e) { return e->handler != nullptr; });
    }

private:
    static std::vector<entry*>& entries()
    {
        static std::vector<entry*> all;
        return all;
    }

    static inline duration now_{};
};

template <timing::limits L>
struct manual
{
    using slot = timing::slot;
    static constexpr timing::limits limits() noexcept { return L; }

    template <class Executor>
    class timer
    {
    public:
        explicit timer(const Executor& executor) : executor_(executor)
        {
            manual_clock::add(entry_);
        }
        timer(const timer&) = delete;
        timer& operator=(const timer&) = delete;
        ~timer()
        {
            cancel();
            manual_clock::remove(entry_);
        }

        void expires_after(std::chrono::milliseconds d)
        {
            cancel();
            ++manual_clock::settings;
            entry_.at = manual_clock::now() + d;
        }

        template <class Handler>
        void async_wait(Handler handler)
        {
            const auto executor = detail::asio::get_associated_executor(handler, executor_);
            entry_.handler = test::detail::store_handler(
                detail::asio::bind_executor(
                    executor,
                    [h = std::move(handler)](error_code ec, std::size_t) mutable { h(ec); }),
                executor_);
        }

        void cancel()
        {
            if (auto* const w = std::exchange(entry_.handler, nullptr))
                w->wake(detail::asio::error::operation_aborted, 0);
        }

    private:
        Executor executor_;
        manual_clock::entry entry_;
    };
};

} // namespace weft::proptest

#endif
