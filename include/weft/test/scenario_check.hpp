// The laws of a stream, asked of what a run has left behind.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_SCENARIO_CHECK_HPP
#define WEFT_TEST_SCENARIO_CHECK_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <weft/test/model.hpp>
#include <weft/test/scenario.hpp>
#include <weft/test/scenario_end.hpp>
#include <weft/test/verdict.hpp>
#include <weft/wire/error.hpp>

namespace weft::test {

namespace detail {

class scenario_checker
{
public:
    scenario_checker(const scenario& s, const scenario_record& record)
        : scenario_(s),
          record_(record),
          wrote_(model::read({.from_client = record.from_client}, record.written)),
          said_(model::read({.from_client = !record.from_client}, s.peer))
    {}

    verdict run() const
    {
        for (const auto law :
             {&scenario_checker::completions, &scenario_checker::frames,
              &scenario_checker::messages_out, &scenario_checker::pings_out,
              &scenario_checker::pongs_out, &scenario_checker::messages_in, &scenario_checker::end})
            if (const verdict wrong = (this->*law)())
                return *wrong + "\nscenario: " + scenario_.name + print(record_);
        return {};
    }

private:
    // Laws 22 to 24.
    verdict completions() const
    {
        for (const done_step& s : record_.steps)
            if (s.calls != 1 || s.inside)
                return name(s) + " has completed " + std::to_string(s.calls) + " times" +
                       (s.inside ? ", inside an initiating function" : "");
        if (record_.overlapped)
            return "two reads, or two writes, of the layer at a time";
        return {};
    }

    // Laws 21 and 28: frames that the RFC allows, nothing behind a close, and no frame is cut
    // without a reason.
    verdict frames() const
    {
        if (!wrote_.happenings.empty()) {
            const happening& last = wrote_.happenings.back();
            if (last.what == event::type::fault)
                return "what was written is wrong: " + print(wrote_.happenings);
            if (last.what == event::type::close && last.settled != record_.written.size())
                return "something follows the close frame";
        }
        if (ends_in_a_frame(wrote_, record_.written.size()) &&
            (record_.is_open || !record_.bad_luck()))
            return "a frame was cut for no reason, or the stream is open";
        return {};
    }

    // Laws 20 and 27: on the wire is what the writes say that they have sent, in order.
    verdict messages_out() const
    {
        std::vector<bytes> expected, unknown, found;
        bytes begun;
        for (const done_step& s : record_.steps) {
            if (s.family() != user_step::write)
                continue;
            if (record_.queued && record_.was_cut_off() && s.ec && s.n == 0)
                unknown.push_back(s.payload);
            if (s.n > s.payload.size() || (!s.ec && s.n != s.payload.size()))
                return name(s) + " has sent " + std::to_string(s.n) + " bytes";
            begun.insert(begun.end(), s.payload.begin(),
                         s.payload.begin() + static_cast<std::ptrdiff_t>(s.n));
            if (!s.ec && s.does == user_step::write)
                expected.push_back(std::exchange(begun, {}));
        }
        for (const happening& h : wrote_.happenings)
            if (h.what == event::type::message)
                found.push_back(h.payload);
        if (!unknown.empty()) { // some of whose messages and parts may have left
            found = {joined(found, wrote_.unfinished, unknown)};
            expected = {joined(expected, begun, {})};
            begun = wrote_.unfinished;
        }
        if (record_.corked && record_.bad_luck() && found.size() <= expected.size()) {
            expected.push_back(begun);
            begun = expected[found.size()]; // of which some may have left
            begun.resize(std::min(begun.size(), wrote_.unfinished.size()));
            expected.resize(found.size());
        }
        if (found != expected || wrote_.unfinished != begun)
            return "the messages on the wire are not those of the writes";
        return {};
    }

    // A ping has succeeded when it has left, whoever sent it.
    verdict pings_out() const
    {
        std::vector<bytes> started, succeeded, found;
        for (const done_step& s : record_.steps)
            if (s.does == user_step::ping)
                (s.ec ? started : succeeded).push_back(s.payload);
        for (const happening& h : wrote_.happenings)
            if (h.what == event::type::control && h.op == opcode::ping)
                if (!record_.was_cut_off() || std::ranges::count(started, h.payload) == 0)
                    found.push_back(h.payload);
        return found == succeeded ? verdict()
                                  : "the pings on the wire are not those that succeeded";
    }

    // Law 29: one pong for each ping, in order; all of them if nothing came in between.
    verdict pongs_out() const
    {
        std::vector<bytes> due, found;
        for (const happening& h : said_.happenings)
            if (h.what == event::type::control && h.op == opcode::ping)
                due.push_back(h.payload);
        for (const happening& h : wrote_.happenings)
            if (h.what == event::type::control && h.op == opcode::pong)
                found.push_back(h.payload);
        if (found.size() > due.size() || !std::equal(found.begin(), found.end(), due.begin()))
            return "a pong answers no ping";
        const bool all_heard = all_read() && !record_.bad_luck() && !closes();
        return all_heard && found.size() != due.size() ? verdict("a ping is not answered")
                                                       : verdict();
    }

    // Laws 20, 27 and 30: what was read is what the peer said, nothing lost at a cancellation.
    verdict messages_in() const
    {
        std::string said;
        std::vector<std::size_t> ends, read_to;
        for (const happening& h : said_.happenings)
            if (h.what == event::type::message) {
                said.append(reinterpret_cast<const char*>(h.payload.data()), h.payload.size());
                ends.push_back(said.size());
            }
        for (const std::byte b : said_.unfinished)
            said.push_back(static_cast<char>(b));
        std::string text; // one read after the other: only one is active at a time
        for (const done_step& s : record_.steps) {
            text += s.text;
            if (s.does == user_step::read && !s.ec)
                read_to.push_back(text.size());
        }
        if (!said.starts_with(text))
            return "what was read is not what the peer said: " + text;
        const bool whole = !record_.does(user_step::read_view); // which may end a message as well
        if (!std::ranges::includes(ends, read_to) ||
            (whole && std::ranges::mismatch(read_to, ends).in1 != read_to.end()))
            return "a read ends where no message does";
        for (const done_step& s : record_.steps)
            if (s.does == user_step::read && s.ec == error::closed &&
                !record_.does(user_step::close) && read_to.size() != ends.size() && whole)
                return "a message before the close was not read";
        return {};
    }

    verdict end() const { return end_checker(record_).run(); }

    bool all_read() const
    {
        return std::ranges::any_of(record_.steps, [](const done_step& s) {
            return s.does == user_step::read &&
                   (s.ec == error::closed || s.ec == error::connection_lost);
        });
    }

    bool closes() const
    {
        return record_.does(user_step::close) || record_.does(user_step::send_close);
    }
    static std::string name(const done_step& s) { return name_of(s.does); }

    const scenario& scenario_;
    const scenario_record& record_;
    model_run wrote_;
    model_run said_;
};

} // namespace detail

/// Laws 20 to 24, 27 to 32.
inline verdict check(const scenario& s, const scenario_record& record)
{
    return detail::scenario_checker(s, record).run();
}

} // namespace weft::test

#endif
