// The answers to all that the outside world decides in one run: a list that can be replayed.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_SCHEDULE_HPP
#define WEFT_TEST_SCHEDULE_HPP

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <weft/test/byte_choices.hpp>

namespace weft::test {

/// One run of a simulation is a function of its schedule. Three engines supply one: `explore` goes
/// through all of them, a generator or a fuzzer gives bytes, and a printed list repeats a run.
/// What was not said is 0, the simplest choice.
class schedule
{
public:
    schedule() = default;
    explicit schedule(byte_choices further) : further_(further) {}

    /// Repeats a run of which `print()` gave the choices.
    explicit schedule(const std::vector<std::size_t>& choices)
    {
        for (const std::size_t c : choices)
            path_.push_back({c, 0});
    }

    /// A number below `n`, which is above 0. Where nothing can be chosen, nothing is noted.
    std::size_t choose(std::size_t n)
    {
        if (n == 1)
            return 0;
        if (at_ == path_.size())
            path_.push_back({further_.next() % n, n});
        choice& c = path_[at_++];
        is_deterministic_ = is_deterministic_ && (c.of == 0 || c.of == n);
        // A list that was noted before the code changed still is a schedule.
        c = {c.taken % n, n};
        return c.taken;
    }

    /// Makes this the next schedule in order, from its beginning. False: there is none.
    bool advance()
    {
        path_.erase(path_.begin() + static_cast<std::ptrdiff_t>(at_), path_.end());
        at_ = 0;
        while (!path_.empty() && path_.back().taken + 1 == path_.back().of)
            path_.pop_back();
        if (path_.empty())
            return false;
        ++path_.back().taken;
        return true;
    }

    /// Whether the same answers have led to the same questions as in the run before.
    bool is_deterministic() const noexcept { return is_deterministic_; }

    /// The same again, from its beginning.
    void rewind() noexcept { at_ = 0; }

    std::string print() const
    {
        std::string out = "{";
        for (const choice& c : path_)
            out += (out.size() == 1 ? "" : ", ") + std::to_string(c.taken);
        return out + "}";
    }

private:
    struct choice
    {
        std::size_t taken;
        std::size_t of; // 0: not asked yet
    };

    std::vector<choice> path_{};
    std::size_t at_ = 0;
    byte_choices further_{};
    bool is_deterministic_ = true;
};

} // namespace weft::test

#endif
