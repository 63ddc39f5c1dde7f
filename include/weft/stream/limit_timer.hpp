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
#include <weft/stream/silence.hpp>
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

/// Which time limit is in force; `idle` stands for all those of an open connection.
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

    /// Bytes have gone to the peer, or come from it.
    void note_sent() noexcept { silence_.note_sent(); }
    void note_received() noexcept { silence_.note_received(); }

    /// Whether `limit` is being counted down.
    bool is_on(time_limit limit) const noexcept { return armed_ == limit && has(limit); }

    /// Makes the wanted limit the armed one. `expired` is called through `executor` as
    /// `expired()` when it passes, unless `owner` is gone or another limit was armed meanwhile.
    template <class Owner, class HandlerExecutor>
    void arm(const std::shared_ptr<Owner>& owner, const HandlerExecutor& executor)
    {
        armed_ = wanted_;
        ++generation_;
        silence_ = {};
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
            return std::chrono::milliseconds(silence::period(limits));
        case time_limit::close:
            return std::chrono::milliseconds(limits.close_ms);
        }
        return {};
    }

    template <class Owner, class HandlerExecutor>
    void start(const std::shared_ptr<Owner>& owner, const HandlerExecutor& executor)
    {
        timer_.expires_after(milliseconds(armed_));
        timer_.async_wait(
            asio::bind_executor(executor, [weak = std::weak_ptr<Owner>(owner), executor,
                                           generation = generation_](error_code ec) {
                const auto alive = weak.lock();
                if (!ec && alive && alive->timer.generation_ == generation)
                    alive->timer.fire(alive, executor);
            }));
    }

    template <class Owner, class HandlerExecutor>
    void fire(const std::shared_ptr<Owner>& owner, const HandlerExecutor& executor)
    {
        if (armed_ != time_limit::idle)
            return owner->expire();
        const auto verdict = tick(*owner);
        if (verdict == silence::verdict::give_up)
            return owner->expire();
        if (verdict == silence::verdict::ask && owner->core.ask(owner->new_ticket()))
            flush(owner, executor, std::allocator<void>());
        start(owner, executor);
    }

    // Only what happens while an operation waits for the peer counts: nobody else would see a pong.
    template <class Owner>
    silence::verdict tick(Owner& owner) noexcept
    {
        if (!owner.awaits_peer())
            return silence::verdict::wait;
        return silence_.tick(timing_.limits(), owner.core.asked());
    }

    [[no_unique_address]] Timing timing_;
    typename timer_of<Timing, Executor>::type timer_;
    std::uint32_t generation_ = 0;
    time_limit wanted_ = time_limit::off;
    time_limit armed_ = time_limit::off;
    silence silence_;
};

} // namespace weft::detail

#endif
