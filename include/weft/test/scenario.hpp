// What happens to a stream, as data: its users' steps, its peer's bytes, the bounds of bad luck.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_SCENARIO_HPP
#define WEFT_TEST_SCENARIO_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <weft/test/model_run.hpp>
#include <weft/test/verdict.hpp>
#include <weft/test/wire_writer.hpp>
#include <weft/test/world.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::test {

struct user_step
{
    enum kind : std::uint8_t {
        read,       ///< a message
        write,      ///< a message
        write_part, ///< a frame that does not end its message
        ping,
        close,
        send_close, ///< and leave the rest to the reads
        force_close,
        destroy,  ///< the stream, with whatever is pending
        read_view ///< a part of a message
    };

    kind does = read;
    std::size_t size = 4; ///< bytes of payload

    /// Of those with the same answer, one may be active at a time.
    kind family() const noexcept
    {
        return does == write_part   ? write
               : does == send_close ? close
               : does == read_view  ? read
                                    : does;
    }
};

inline const char* name_of(user_step::kind k) noexcept
{
    constexpr const char* names[] = {"a read",
                                     "a write",
                                     "a part of a message",
                                     "a ping",
                                     "a close",
                                     "a close that only sends",
                                     "the end of the transport",
                                     "the end of the stream",
                                     "a read of a view"};
    return names[k];
}

struct scenario
{
    std::string name{};
    /// Each does its steps in order, the next when the last has completed; all at once.
    std::vector<std::vector<user_step>> users{};
    bytes peer{};             ///< what the peer says by itself
    bool peer_closes = false; ///< whether a close frame is part of it
    bytes close_answer{};     ///< what it says else when it has heard a close frame
    bool handshake = false;   ///< opens with one, and the peer says all that in the same breath
    std::size_t fragment_bytes = 0;
    bounds limits{};
};

/// A step that was started, and what came of it.
struct done_step : user_step
{
    bytes payload{};
    int calls = 0;       ///< of its handler
    bool inside = false; ///< its handler was called while an initiating function ran
    bool cancelled = false;
    error_code ec{};
    std::size_t n = 0;
    std::string text{}; ///< that was read
};

/// All that a run has left behind.
struct scenario_record
{
    std::deque<done_step> steps{};
    bytes written{};  ///< by the stream, as the peer got it
    bytes received{}; ///< by the stream, as far as it has read
    bounds used{};
    std::size_t passed = 0; ///< time limits, in force when the stream was told
    bool told_end = false;  ///< a read has come to the end of the transport
    bool unread = false;    ///< some of what came, or its end, was not read
    bool from_client = false;
    bool queued = false;     ///< a write may leave by another's hand, and its end be unknown
    bool corked = false;     ///< a write may succeed before it leaves
    bool overlapped = false; ///< two reads or two writes of the layer at a time
    bool is_open = false;
    bool aborted = false; ///< by a user: the transport, or the whole stream

    bool does(user_step::kind what) const
    {
        return std::ranges::count(steps, what, &done_step::does) != 0;
    }
    /// Whether the transport may have been cut by a user, a time limit, or one that would have
    /// ended it and was cancelled: what was in another operation's hand then may have left.
    bool was_cut_off() const
    {
        const auto stops = [](const done_step& s) {
            return s.cancelled && s.family() != user_step::write && s.does != user_step::ping;
        };
        return aborted || used.expirations != 0 || std::ranges::any_of(steps, stops);
    }
    bool bad_luck() const
    {
        return used.faults + used.cancellations + used.expirations != 0 || aborted;
    }
};

/// Writes what the peer of a `Stream` sends.
template <class Stream>
wire_writer peer_of()
{
    return wire_writer(Stream::policies::role::is_client ? std::optional<masking_key>()
                                                         : example_key);
}

/// The bytes of `messages` and of `rest` in a row, but those of `left_out`: each step has its own.
inline bytes joined(const std::vector<bytes>& messages, const bytes& rest,
                    const std::vector<bytes>& left_out)
{
    bytes all;
    for (const bytes& m : messages)
        all.insert(all.end(), m.begin(), m.end());
    all.insert(all.end(), rest.begin(), rest.end());
    for (const bytes& step : left_out)
        std::erase(all, step.empty() ? std::byte{} : step.front());
    return all;
}

/// What came of each step.
inline std::string print(const scenario_record& record)
{
    std::string out;
    for (const done_step& s : record.steps)
        out += std::string("\n  ") + name_of(s.does) + ": " +
               (s.calls == 0 ? "waits" : s.ec.message()) + ", " + std::to_string(s.n) + " bytes" +
               (s.cancelled ? ", was cancelled" : "");
    return out + "\nwritten: " + print(record.written) + "\nreceived: " + print(record.received) +
           (record.aborted ? "\na user has ended it" : "");
}

} // namespace weft::test

#endif
