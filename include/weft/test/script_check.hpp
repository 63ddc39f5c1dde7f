// What a script's operations have told, beside what the peer has said.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_SCRIPT_CHECK_HPP
#define WEFT_TEST_SCRIPT_CHECK_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>

#include <weft/test/model.hpp>
#include <weft/test/verdict.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::test {

/// An operation of a script, and what came of it.
struct script_operation
{
    enum kind : std::uint8_t { other, read, read_some, pong };

    kind does = other;
    bool late = false; ///< somebody had been told of the stream's end when it began
    int calls = 0;
    error_code ec{};
    std::size_t n = 0;
    std::string text{};                    ///< that was read, or that it has room for
    bool is_last = false;                  ///< what was read ends a message
    std::optional<message_kind> of_kind{}; ///< and is of this kind; if the stream still knows both
    boost::asio::cancellation_signal stop{};
};

/// Whether an operation that is told this is told the end of its stream.
inline bool ends_stream(error_code ec) noexcept
{
    return ec && ec != condition::misuse && ec != boost::asio::error::operation_aborted;
}

namespace detail {

class script_checker
{
public:
    script_checker(const std::deque<script_operation>& done, std::span<const std::byte> said,
                   std::span<const std::byte> written, bool is_client)
        : done_(done),
          written_size_(written.size()),
          said_(model::read({.from_client = !is_client}, said)),
          wrote_(model::read({.from_client = is_client}, written))
    {
        for (const happening& h : said_.happenings)
            if (h.what == event::type::message) {
                text_.append(reinterpret_cast<const char*>(h.payload.data()), h.payload.size());
                messages_.push_back({text_.size(), h.kind});
            }
        text_.append(reinterpret_cast<const char*>(said_.unfinished.data()),
                     said_.unfinished.size());
    }

    verdict run() const
    {
        for (const auto law : {&script_checker::frames, &script_checker::reads,
                               &script_checker::end, &script_checker::pongs})
            if (const verdict wrong = (this->*law)())
                return *wrong + "\nsaid: " + print(said_.happenings) +
                       "\nwritten: " + print(wrote_.happenings);
        return {};
    }

private:
    using operation = script_operation;

    struct message
    {
        std::size_t end; ///< in all that was said
        message_kind kind;
    };

    // Laws 21 and 28.
    verdict frames() const
    {
        if (wrote_.happenings.empty())
            return {};
        const happening& last = wrote_.happenings.back();
        if (last.what == event::type::fault)
            return "what was written is wrong";
        if (last.what == event::type::close && last.settled != written_size_)
            return "something follows the close frame";
        return {};
    }

    // Law 20: the reads, one after the other, have read what the peer said, and whole messages.
    verdict reads() const
    {
        std::string text;
        std::size_t count = 0; // of messages that were read, if it is known
        for (const operation& o : done_) {
            if (o.does != operation::read && o.does != operation::read_some)
                continue;
            text += o.text;
            if (o.n != o.text.size() || !text_.starts_with(text))
                return "what was read is not what the peer said";
            if (!o.ec && !ends_well(o, text.size(), count))
                return "a read ends where no message does, or is of another kind";
        }
        return {};
    }

    static constexpr std::size_t unknown = ~std::size_t{0};

    bool ends_well(const operation& o, std::size_t at, std::size_t& count) const
    {
        if (!o.of_kind && o.does == operation::read_some)
            count = unknown;
        if (count == unknown)
            return o.does != operation::read ||
                   std::ranges::count(messages_, at, &message::end) != 0;
        const bool ends = o.does == operation::read || o.is_last;
        const bool begun = count == messages_.size();
        const message m = begun ? message{text_.size(), {}} : messages_[count];
        count += ends ? 1 : 0;
        if (!begun && o.of_kind && o.of_kind != m.kind)
            return false;
        return ends ? at == m.end && !begun : at <= m.end;
    }

    // Law 30: the stream has one end, of which everybody is told, and after which nothing succeeds.
    verdict end() const
    {
        std::optional<error_code> cause;
        const bool closed = said_.ended && said_.happenings.back().what == event::type::close;
        const error fault = said_.ended ? said_.happenings.back().fault : error::none;
        for (const operation& o : done_) {
            if (o.late && !o.ec)
                return "an operation has succeeded after the end";
            if (!ends_stream(o.ec))
                continue;
            if (cause && *cause != o.ec)
                return "the stream has ended twice: " + cause->message() + " / " + o.ec.message();
            if (o.ec == error::closed && !closed)
                return "a clean end is told, and there is no close frame of the peer's";
            if (o.ec == condition::protocol_violation && o.ec != fault)
                return "a fault is told that the peer has not made";
            cause = o.ec;
        }
        return {};
    }

    // Law 29: a pong answers a ping, none of them twice and in their order, or is the user's, who
    // writes nothing but 'x'. Of some both could be, so that every way to tell them is followed.
    verdict pongs() const
    {
        // How many of the user's may follow, by where the next ping is looked for; less than none:
        // it can't be.
        std::vector<std::ptrdiff_t> own(said_.happenings.size() + 1, -1);
        own[0] = std::ranges::count(done_, operation::pong, &operation::does);
        for (const happening& h : wrote_.happenings) {
            if (h.what != event::type::control || h.op != opcode::pong)
                continue;
            own = after(h, own);
            if (std::ranges::max(own) < 0)
                return "a pong answers no ping";
        }
        return {};
    }

    std::vector<std::ptrdiff_t> after(const happening& pong,
                                      const std::vector<std::ptrdiff_t>& before) const
    {
        const auto is_answered = [&](const happening& ping) {
            return ping.what == event::type::control && ping.op == opcode::ping &&
                   ping.payload == pong.payload;
        };
        const bool may_be_own = std::ranges::count(pong.payload, std::byte{'x'}) ==
                                static_cast<std::ptrdiff_t>(pong.payload.size());
        std::vector<std::ptrdiff_t> own(before.size(), -1);
        for (std::size_t at = 0; at != before.size(); ++at) {
            if (before[at] < 0)
                continue;
            std::size_t ping = at;
            while (ping != said_.happenings.size() && !is_answered(said_.happenings[ping]))
                ++ping;
            if (ping != said_.happenings.size())
                own[ping + 1] = std::max(own[ping + 1], before[at]);
            if (may_be_own)
                own[at] = std::max(own[at], before[at] - 1);
        }
        return own;
    }

    const std::deque<script_operation>& done_;
    std::size_t written_size_;
    model_run said_;
    model_run wrote_;
    std::string text_{};
    std::vector<message> messages_{};
};

} // namespace detail

} // namespace weft::test

#endif
