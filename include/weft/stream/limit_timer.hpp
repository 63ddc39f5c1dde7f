// The one timer of a stream, and the time limit that it measures.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_LIMIT_TIMER_HPP
#define WEFT_STREAM_LIMIT_TIMER_HPP

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <weft/policy/timing.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::detail {

namespace asio = boost::asio;

template <class Timing, class Executor>
struct timer_of
{
    using type = asio::basic_waitable_timer<std::chrono::steady_clock,
                                            asio::wait_traits<std::chrono::steady_clock>, Executor>;
};

template <class Timing, class Executor>
    requires requires { typename Timing::template timer<Executor>; }
struct timer_of<Timing, Executor>
{
    using type = typename Timing::template timer<Executor>;
};

/// Which time limit is in force.
enum class time_limit : std::uint8_t { off, handshake, idle, close };

/// Counts down the limit that the operations ask for. Asking is a store; the timer is touched only
/// when the limit changes, never for a message: whether the peer was idle is a flag that a coarse
/// tick looks at.
template <class Timing, class Executor>
class limit_timer
{
public:
    limit_timer(Timing timing, const Executor& executor)
        : timing_(std::move(timing)),
          timer_(executor)
    {}

    void want(time_limit limit) noexcept { wanted_ = limit; }
    bool is_due() const noexcept { return wanted_ != armed_; }
    void note_activity() noexcept { quiet_ticks_ = 0; }

    /// Whether `limit` is being counted down.
    bool is_on(time_limit limit) const noexcept { return armed_ == limit && has(limit); }

    /// Makes the wanted limit the armed one. `expired` is called through `executor` as
    /// `expired()` when it passes, unless `owner` is gone or another limit was armed meanwhile.
    template <class Owner, class HandlerExecutor>
    void arm(const std::shared_ptr<Owner>& owner, const HandlerExecutor& executor)
    {
        armed_ = wanted_;
        ++generation_;
        quiet_ticks_ = 0;
        if (has(armed_))
            start(owner, executor);
        else
            timer_.cancel();
    }

    void cancel()
    {
        want(time_limit::off);
        armed_ = time_limit::off;
        ++generation_;
        timer_.cancel();
    }

private:
    bool has(time_limit limit) const noexcept { return milliseconds(limit).count() != 0; }

    std::chrono::milliseconds milliseconds(time_limit limit) const noexcept
    {
        const auto limits = timing_.limits();
        switch (limit) {
        case time_limit::off:
            break;
        case time_limit::handshake:
            return std::chrono::milliseconds(limits.handshake_ms);
        case time_limit::idle:
            return std::chrono::milliseconds(limits.idle_ms);
        case time_limit::close:
            return std::chrono::milliseconds(limits.close_ms);
        }
        return {};
    }

    template <class Owner, class HandlerExecutor>
    void start(const std::shared_ptr<Owner>& owner, const HandlerExecutor& executor)
    {
        auto span = milliseconds(armed_);
        if (armed_ == time_limit::idle)
            span = (span + std::chrono::milliseconds(1)) / 2;
        timer_.expires_after(span);
        timer_.async_wait(
            asio::bind_executor(executor, [weak = std::weak_ptr<Owner>(owner), executor,
                                           generation = generation_](error_code ec) {
                const auto alive = weak.lock();
                if (!ec && alive && alive->timer.generation_ == generation)
                    alive->timer.fire(alive, executor);
            }));
    }

    // The peer is idle when two whole ticks have passed while an operation waited for its bytes.
    template <class Owner, class HandlerExecutor>
    void fire(const std::shared_ptr<Owner>& owner, const HandlerExecutor& executor)
    {
        if (armed_ == time_limit::idle && (!owner->awaits_peer() || ++quiet_ticks_ < 3))
            start(owner, executor);
        else
            owner->expire();
    }

    [[no_unique_address]] Timing timing_;
    typename timer_of<Timing, Executor>::type timer_;
    std::uint32_t generation_ = 0;
    time_limit wanted_ = time_limit::off;
    time_limit armed_ = time_limit::off;
    std::uint8_t quiet_ticks_ = 0;
};

} // namespace weft::detail

#endif
