// One direction of the layer below, which one operation at a time may use; the others wait in line.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_LANE_HPP
#define WEFT_STREAM_LANE_HPP

#include <weft/wire/error_code.hpp>

namespace weft::detail {

/// The whole rule: whoever acquires a lane uses it until `release`, which passes it to the
/// operation that has waited longest. The lane stays busy on the way, so that nobody slips in
/// between.
class lane
{
public:
    /// One who waits in line.
    class waiter
    {
    public:
        waiter() = default;
        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;

        /// The lane is the waiter's; with an error, it is not. Must not call it back at once.
        virtual void wake(error_code ec) = 0;

    protected:
        ~waiter() = default;

    private:
        friend lane;

        waiter* previous_ = nullptr;
        waiter* next_ = nullptr;
    };

    lane() = default;
    lane(const lane&) = delete;
    lane& operator=(const lane&) = delete;

    bool is_free() const noexcept { return !busy_; }

    bool try_acquire() noexcept
    {
        if (busy_)
            return false;
        busy_ = true;
        return true;
    }

    /// `w` is woken when its turn has come.
    void wait(waiter& w) noexcept
    {
        w.previous_ = last_;
        w.next_ = nullptr;
        (last_ != nullptr ? last_->next_ : first_) = &w;
        last_ = &w;
    }

    /// Takes `w` out of the line, and wakes it.
    void dismiss(waiter& w, error_code ec)
    {
        (w.previous_ != nullptr ? w.previous_->next_ : first_) = w.next_;
        (w.next_ != nullptr ? w.next_->previous_ : last_) = w.previous_;
        w.wake(ec);
    }

    void release()
    {
        if (first_ == nullptr)
            busy_ = false;
        else
            dismiss(*first_, {});
    }

    /// Everybody who waits is told, and owns nothing.
    void abort(error_code ec)
    {
        while (first_ != nullptr)
            dismiss(*first_, ec);
    }

private:
    bool busy_ = false;
    waiter* first_ = nullptr;
    waiter* last_ = nullptr;
};

} // namespace weft::detail

#endif
