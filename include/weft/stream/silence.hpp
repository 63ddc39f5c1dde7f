// How long nothing has come from the peer, or gone to it, and what follows from that.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_SILENCE_HPP
#define WEFT_STREAM_SILENCE_HPP

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>

#include <weft/policy/timing.hpp>

namespace weft::detail {

/// Counts coarse ticks, so that a message costs a store and no look at a clock: a limit is noticed
/// between itself and a tick later.
class silence
{
public:
    enum class verdict : std::uint8_t { wait, ask, give_up };

    /// Milliseconds between two ticks: half of the smallest limit, 0 if there is none.
    static std::uint32_t period(const timing::limits& limits) noexcept
    {
        auto smallest = std::numeric_limits<std::uint32_t>::max();
        for (const auto ms : {limits.idle_ms, limits.keep_alive_ms, pong_ms(limits)})
            if (ms != 0)
                smallest = std::min(smallest, ms);
        return smallest == std::numeric_limits<std::uint32_t>::max() ? 0 : (smallest + 1) / 2;
    }

    void note_sent() noexcept { still_ = 0; }
    void note_received() noexcept { still_ = silent_ = 0; }

    /// `asked`: a ping of ours waits for its pong.
    verdict tick(const timing::limits& limits, bool asked) noexcept
    {
        ++still_;
        ++silent_;
        ++unanswered_;
        if (limits.data_is_pong && silent_ <= unanswered_)
            asked = false;
        const std::uint64_t p = period(limits);
        const auto passed = [p](std::uint64_t ticks, std::uint32_t ms) {
            return ms != 0 && ticks * p >= ms;
        };
        // The last byte may have come at any time before the first tick that counts.
        if (passed(still_ - 1, limits.idle_ms) || (asked && passed(unanswered_, pong_ms(limits))))
            return verdict::give_up;
        if ((asked && limits.pong_ms != 0) || !passed(silent_ - 1, limits.keep_alive_ms))
            return verdict::wait;
        silent_ = 1; // above `unanswered_` until a byte comes
        unanswered_ = 0;
        return verdict::ask;
    }

private:
    static std::uint32_t pong_ms(const timing::limits& limits) noexcept
    {
        return limits.keep_alive_ms != 0 ? limits.pong_ms : 0;
    }

    std::uint32_t still_ = 0;      // ticks without a byte either way
    std::uint32_t silent_ = 0;     // ticks without a byte of the peer's, or since the last ping
    std::uint32_t unanswered_ = 0; // ticks since the last ping
};

} // namespace weft::detail

#endif
