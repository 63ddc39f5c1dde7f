// How a stream ends: why, as its operations tell it, and who may wait for that no longer.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_SCENARIO_END_HPP
#define WEFT_TEST_SCENARIO_END_HPP

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

#include <boost/asio/error.hpp>

#include <weft/protocol/event.hpp>
#include <weft/test/model.hpp>
#include <weft/test/scenario.hpp>
#include <weft/test/verdict.hpp>
#include <weft/wire/error.hpp>

namespace weft::test {

namespace detail {

/// Whether the first `size` bytes of a wire end inside a frame.
inline bool ends_in_a_frame(const model_run& run, std::size_t size)
{
    return run.waiting_at(size) != 0 ||
           (!run.frames.empty() && size - run.frames.back().payload < run.frames.back().size);
}

/// Asks what was told of the end, beside what the peer has said as far as the stream has got it.
class end_checker
{
public:
    explicit end_checker(const scenario_record& record)
        : record_(record),
          heard_(model::read({.from_client = !record.from_client}, record.received))
    {}

    verdict run() const
    {
        if (const verdict wrong = causes())
            return wrong;
        for (const done_step& s : record_.steps)
            for (const auto law :
                 {&end_checker::clean_end, &end_checker::bad_luck, &end_checker::own_doing})
                if (const char* const wrong = (this->*law)(s))
                    return name_of(s.does) + std::string(" ") + wrong;
        return {};
    }

    /// Law 28, when nobody can act: what has all that it needs is complete.
    verdict waiting() const
    {
        for (const done_step& s : record_.steps)
            if (s.calls == 0)
                if (const char* const why = should_be_complete(s))
                    return name_of(s.does) + std::string(" waits ") + why;
        return {};
    }

private:
    // Law 30: the stream has one end, which everybody is told.
    verdict causes() const
    {
        std::optional<error_code> cause;
        for (const done_step& s : record_.steps) {
            if (!s.ec || s.ec == condition::misuse || s.ec == asio::error::operation_aborted)
                continue;
            if (cause && *cause != s.ec)
                return "the stream has ended twice: " + cause->message() + " / " + s.ec.message();
            cause = s.ec;
        }
        return cause && record_.is_open ? verdict("the stream has ended, and is open") : verdict();
    }

    // Laws 28 and 30, RFC 6455 §7.1.4 and §7.1.5: an end is clean if the peer's close frame has
    // come. It is a loss if the transport has come to its end and no close frame or fault was
    // before it. And a fault is the peer's.
    const char* clean_end(const done_step& s) const
    {
        if ((s.ec == error::closed || (s.does == user_step::close && !s.ec)) &&
            !heard(event::type::close))
            return "tells a clean end, and the peer's close frame has not come";
        if (s.ec == error::connection_lost && (heard_.ended || !record_.told_end))
            return heard_.ended ? "tells a loss, and the peer had ended the connection"
                                : "tells a loss, and the transport has not come to its end";
        if ((s.ec == condition::protocol_violation || s.ec == condition::limit_exceeded) &&
            (!heard(event::type::fault) || s.ec != heard_.happenings.back().fault))
            return "tells a fault that the peer has not made";
        return nullptr;
    }

    const char* bad_luck(const done_step& s) const
    {
        if (s.ec == error::timeout && record_.passed == 0)
            return "has timed out, and no time limit that was in force has passed";
        if ((s.ec == asio::error::connection_reset || s.ec == asio::error::broken_pipe) &&
            record_.used.faults == 0)
            return "tells a failure that did not happen";
        return nullptr;
    }

    const char* own_doing(const done_step& s) const
    {
        if (s.ec == asio::error::operation_aborted && !s.cancelled && !record_.aborted)
            return "was aborted, and nobody did";
        if (s.ec == error::write_cut && (record_.used.cancellations == 0 || !is_cut()))
            return "says that something was cut";
        if (s.ec == error::operation_in_progress &&
            std::ranges::count(record_.steps, s.family(), &done_step::family) < 2)
            return "is told that another is in progress";
        return nullptr;
    }

    // All but a read wait for nobody: what is written leaves, and the peer of a close answers it.
    const char* should_be_complete(const done_step& s) const
    {
        if (s.family() != user_step::read)
            return "for nothing";
        if (record_.aborted)
            return "though a user has ended the stream";
        if (heard_.ended)
            return "though the peer has ended the connection";
        if (record_.unread)
            return "though something has come that nobody reads";
        return has_come_for(s) ? "though its message has come" : nullptr;
    }

    // Of what one read after the other has taken, the rest is this one's.
    bool has_come_for(const done_step& waiting) const
    {
        std::size_t taken = 0, come = 0;
        for (const done_step& s : record_.steps)
            taken += s.calls == 0 ? 0 : s.text.size();
        for (const happening& h : heard_.happenings)
            come += h.what == event::type::message ? h.payload.size() : 0;
        if (waiting.does == user_step::read_view)
            come = heard_.shown_by(record_.received.size());
        return come > taken;
    }

    bool heard(event::type last) const
    {
        return heard_.ended && heard_.happenings.back().what == last;
    }

    // In a frame, or in a message.
    bool is_cut() const
    {
        const model_run wrote = model::read({.from_client = record_.from_client}, record_.written);
        return ends_in_a_frame(wrote, record_.written.size()) || !wrote.unfinished.empty();
    }

    const scenario_record& record_;
    model_run heard_;
};

} // namespace detail

/// Law 28, of a run in which nobody can act any more, before the peer goes away and so completes
/// whatever still waits.
inline verdict check_waiting(const scenario& s, const scenario_record& record)
{
    if (std::ranges::count(record.steps, 0, &done_step::calls) == 0)
        return {};
    const verdict wrong = detail::end_checker(record).waiting();
    return wrong ? *wrong + "\nscenario: " + s.name + print(record) : verdict();
}

} // namespace weft::test

#endif
