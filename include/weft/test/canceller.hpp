// Somebody who cancels what is pending.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_CANCELLER_HPP
#define WEFT_TEST_CANCELLER_HPP

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>

#include <boost/asio/cancellation_signal.hpp>

#include <weft/test/scenario.hpp>
#include <weft/test/world.hpp>

namespace weft::test {

/// Cancels any step that is pending, in either way, as often as the bounds allow. Each step has its
/// signal.
class canceller final : private actor
{
public:
    canceller(world& w, std::deque<done_step>& steps,
              std::deque<asio::cancellation_signal>& signals)
        : world_(w),
          steps_(steps),
          signals_(signals)
    {
        world_.add(*this);
    }
    canceller(const canceller&) = delete;
    canceller& operator=(const canceller&) = delete;

private:
    std::size_t options() const override
    {
        return world_.left.cancellations == 0
                   ? 0
                   : 2 * static_cast<std::size_t>(std::ranges::count(steps_, 0, &done_step::calls));
    }
    void act(std::size_t option) override
    {
        --world_.left.cancellations;
        const std::size_t which = pending(option / 2);
        steps_[which].cancelled = true;
        signals_[which].emit(option % 2 == 0 ? asio::cancellation_type::terminal
                                             : asio::cancellation_type::total);
    }
    std::string name(std::size_t option) const override
    {
        return std::string(option % 2 == 0 ? "terminal" : "total") + " cancellation of " +
               name_of(steps_[pending(option / 2)].does);
    }

    std::size_t pending(std::size_t skip) const
    {
        std::size_t i = 0;
        for (; steps_[i].calls != 0 || skip != 0; ++i)
            skip -= steps_[i].calls == 0 ? 1 : 0;
        return i;
    }

    world& world_;
    std::deque<done_step>& steps_;
    std::deque<asio::cancellation_signal>& signals_;
};

} // namespace weft::test

#endif
