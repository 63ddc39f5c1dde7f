// A deterministic world for Asio: its executor, and everybody who may act next.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_WORLD_HPP
#define WEFT_TEST_WORLD_HPP

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>

#include <weft/test/schedule.hpp>

namespace weft::test {

namespace asio = boost::asio;

/// Something in the world that can act: a layer, a timer, a user.
class actor
{
public:
    /// How many different things it could do now.
    virtual std::size_t options() const = 0;
    virtual void act(std::size_t option) = 0;
    virtual std::string name(std::size_t option) const = 0; ///< of that act, for a person

protected:
    ~actor() = default;
};

/// What bounds a run.
struct bounds
{
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    std::size_t faults = 0;         ///< failures of the layer below
    std::size_t cancellations = 0;  ///< of pending operations
    std::size_t expirations = 0;    ///< of timers
    std::size_t splits = 0;         ///< reads and writes that move one byte of several
    std::size_t preemptions = none; ///< turns taken from an actor that could have gone on
    std::size_t steps = 10'000;     ///< more are a hang
};

/// Runs handlers in the order in which they were submitted, and lets the schedule choose who acts
/// between them. No thread, no clock: a run is a function of its schedule. It is an
/// `execution_context` for executors only: Asio's own sockets and timers don't belong here.
class world : public asio::execution_context, private actor
{
public:
    class executor;

    explicit world(schedule& choices, bounds limits = {}) : left(limits), choices_(choices)
    {
        actors_.push_back(this);
    }
    ~world()
    {
        while (!ready_.empty()) // what is dropped may submit more
            ready_.pop_front();
        shutdown();
    }

    executor get_executor() noexcept;

    void add(actor& a) { actors_.push_back(&a); }
    void remove(actor& a) { std::erase(actors_, &a); }

    /// Lets everybody act until nobody can. False: the bound of steps was passed.
    bool run()
    {
        for (; left.steps != 0; --left.steps) {
            narrow();
            std::size_t total = 0;
            for (const actor* const a : turn_)
                total += a->options();
            if (total == 0)
                return true;
            act(turn_, choices_.choose(total));
        }
        return false;
    }

    std::size_t choose(std::size_t n) { return choices_.choose(n); }

    /// Writes down who does what, from now on.
    void trace(std::string& to) noexcept { trace_ = &to; }

    bounds left;
    std::size_t passed = 0; ///< time limits, in force when their handlers ran

private:
    struct task
    {
        virtual ~task() = default;
        virtual void run() = 0;
    };

    template <class F>
    struct task_of final : task
    {
        explicit task_of(F&& function) : f(std::move(function)) {}
        void run() override { std::move(f)(); }

        F f;
    };

    std::size_t options() const override { return ready_.empty() ? 0 : 1; }
    std::string name(std::size_t) const override { return "the next handler runs"; }
    void act(std::size_t) override
    {
        const auto next = std::move(ready_.front());
        ready_.pop_front();
        inside_ = true;
        next->run();
        inside_ = false;
    }

    // Who may act: everybody, or, when no preemption is left, the last one as long as it can.
    void narrow()
    {
        turn_.assign(actors_.begin(), actors_.end());
        if (left.preemptions == 0 && last_ != nullptr && last_->options() != 0)
            turn_.assign(1, last_);
    }

    void act(const std::vector<actor*>& turn, std::size_t option)
    {
        auto a = turn.begin();
        while (option >= (*a)->options())
            option -= (*a++)->options();
        if (last_ != nullptr && last_ != *a && last_->options() != 0 &&
            left.preemptions != bounds::none)
            --left.preemptions;
        last_ = *a;
        if (trace_ != nullptr)
            *trace_ += "\n  " + last_->name(option);
        last_->act(option);
    }

    schedule& choices_;
    std::deque<std::unique_ptr<task>> ready_{};
    std::vector<actor*> actors_{};
    std::vector<actor*> turn_{};
    actor* last_ = nullptr;
    std::string* trace_ = nullptr;
    bool inside_ = false;
};

class world::executor
{
public:
    explicit executor(world& w) noexcept : world_(&w) {}

    world& context() const noexcept { return *world_; }

    asio::execution_context& query(asio::execution::context_t) const noexcept { return *world_; }
    asio::execution::blocking_t query(asio::execution::blocking_t) const noexcept
    {
        return never_blocks_ ? asio::execution::blocking_t(asio::execution::blocking.never)
                             : asio::execution::blocking_t(asio::execution::blocking.possibly);
    }
    executor require(asio::execution::blocking_t::never_t) const noexcept
    {
        executor other(*this);
        other.never_blocks_ = true;
        return other;
    }
    executor require(asio::execution::blocking_t::possibly_t) const noexcept
    {
        return executor(*world_);
    }

    template <class F>
    void execute(F f) const
    {
        if (!never_blocks_ && world_->inside_)
            std::move(f)();
        else
            world_->ready_.push_back(std::make_unique<task_of<F>>(std::move(f)));
    }

    friend bool operator==(const executor&, const executor&) = default;

private:
    world* world_;
    bool never_blocks_ = false;
};

inline world::executor world::get_executor() noexcept { return executor(*this); }

} // namespace weft::test

#endif
