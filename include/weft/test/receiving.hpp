// A connection that is fed bytes in pieces: what it reports, holds and answers.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_RECEIVING_HPP
#define WEFT_TEST_RECEIVING_HPP

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <weft/policy/policy_set.hpp>
#include <weft/test/answers.hpp>
#include <weft/test/byte_choices.hpp>
#include <weft/test/model.hpp>
#include <weft/test/text_rule.hpp>
#include <weft/test/verdict.hpp>

namespace weft::test {

/// What the model must know of a connection to say what it receives.
template <class Connection>
model_rules rules_of(const Connection& connection)
{
    using set = typename std::remove_cvref_t<Connection>::policies;
    return {.from_client = !set::role::is_client,
            .masks_checked = set::peer_masking::is_required,
            .text = text_rule_of<typename set::utf8>,
            .limits = connection.limits()};
}

/// The events of a connection, put together to whole messages.
struct hearing
{
    std::vector<happening> happenings{};
    bytes unfinished{};
    std::size_t shown = 0; ///< payload bytes of all messages
    bool in_message = false;
    message_kind kind = message_kind::binary;

    /// Takes an event; tells what is wrong with it.
    verdict take(const event& e)
    {
        if (e.what != event::type::message) {
            happening h{.what = e.what,
                        .code = e.code,
                        .fault = e.fault,
                        .payload = bytes(e.bytes.begin(), e.bytes.end())};
            if (e.what == event::type::control)
                h.op = e.op;
            happenings.push_back(std::move(h));
            return {};
        }
        if (e.first == in_message)
            return "`first` is wrong";
        if (in_message && e.kind != kind)
            return "the kind changes inside a message";
        if (e.bytes.empty() && !e.last)
            return "an event without bytes ends nothing";
        kind = e.kind;
        in_message = !e.last;
        shown += e.bytes.size();
        unfinished.insert(unfinished.end(), e.bytes.begin(), e.bytes.end());
        if (e.last)
            happenings.push_back(
                {.what = e.what, .kind = e.kind, .payload = std::exchange(unfinished, {})});
        return {};
    }
};

/// What was heard of the first `fed` bytes is what the model reads in them.
inline verdict compare_at(const model_run& expected, const hearing& heard, std::size_t fed)
{
    const auto when = [&] { return "after " + std::to_string(fed) + " bytes: "; };
    if (heard.happenings.size() != expected.happened_by(fed))
        return when() + "heard " + print(heard.happenings) + "\nthe whole wire means " +
               print(expected.happenings) + "\nof which " +
               std::to_string(expected.happened_by(fed)) + " are due";
    if (heard.shown != expected.shown_by(fed))
        return when() + std::to_string(heard.shown) + " bytes of messages are shown, not " +
               std::to_string(expected.shown_by(fed));
    return {};
}

inline verdict compare_at_end(const model_run& expected, const hearing& heard)
{
    if (heard.happenings != expected.happenings)
        return "heard " + print(heard.happenings) + "\nthe wire means " +
               print(expected.happenings);
    if (heard.unfinished != expected.unfinished)
        return "of the unfinished message, shown: " + print(heard.unfinished) +
               "\nsent: " + print(expected.unfinished);
    return {};
}

/// Feeds a connection as the choices say: through its buffer or straight into memory of its own
/// exact size, with parts of any size, while the answers leave in pieces.
template <class Connection>
class receiving
{
public:
    receiving(Connection& connection, byte_choices choices)
        : connection_(connection),
          choices_(choices),
          answers_(connection)
    {}

    /// Receives the next piece of `wire` and takes all its events. False: see `complaint`.
    bool step(std::span<const std::byte> wire)
    {
        const auto rest = wire.subspan(fed_);
        if (!rest.empty() && !receive(rest))
            return false;
        if (!take_events())
            return false;
        if (choices_.next() % 4 == 1)
            answers_.flush(connection_, choices_.amount(4096));
        return true;
    }

    /// After the end: room for what still comes, which changes nothing; answers leave.
    bool drain()
    {
        if (ended()) {
            const std::size_t count = heard_.happenings.size();
            const happening last = heard_.happenings.back();
            for (int i = 0; i < 3; ++i) {
                const auto room = connection_.prepare();
                if (room.empty())
                    return complain("no room to drain what comes after the end");
                std::fill(room.begin(), room.end(), std::byte{0x89});
                connection_.commit(room.size());
                if (connection_.direct_size() != 0)
                    return complain("bytes may be received directly after the end");
                if (!take(connection_.poll()) || heard_.happenings.back() != last)
                    return complain("another event after the end");
                heard_.happenings.resize(count);
            }
        }
        answers_.flush(connection_, SIZE_MAX);
        return true;
    }

    bool holds_last(std::span<const std::byte> wire, std::size_t n)
    {
        const auto unread = connection_.unread();
        const auto last = wire.first(fed_).last(n);
        return std::equal(unread.begin(), unread.end(), last.begin(), last.end());
    }

    bool ended() const noexcept { return connection_.is_read_closed(); }
    std::size_t fed() const noexcept { return fed_; }
    const hearing& heard() const noexcept { return heard_; }
    answers<Connection>& answered() noexcept { return answers_; }
    verdict complaint() const { return say(complaint_); }
    verdict say(const std::string& what) const
    {
        return "after " + std::to_string(fed_) + " bytes: " + what;
    }

private:
    bool complain(std::string what)
    {
        complaint_ = std::move(what);
        return false;
    }

    bool receive(std::span<const std::byte> rest)
    {
        const auto direct = static_cast<std::size_t>(
            std::min<std::uint64_t>(connection_.direct_size(), rest.size()));
        if (direct != 0 && choices_.flip()) {
            const std::size_t n = choices_.amount(direct);
            bytes exact(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(n));
            fed_ += n;
            return take(connection_.direct(exact));
        }
        const auto room = connection_.prepare();
        if (room.empty())
            return complain("no room to receive into");
        const std::size_t n = choices_.amount(std::min(room.size(), rest.size()));
        std::memcpy(room.data(), rest.data(), n);
        connection_.commit(n);
        fed_ += n;
        return true;
    }

    bool take_events()
    {
        while (!over_) {
            const std::size_t part_max = choices_.flip() ? choices_.amount(SIZE_MAX) : SIZE_MAX;
            const event e = connection_.poll(part_max);
            if (e.what == event::type::need_more)
                return true;
            if (e.bytes.size() > part_max && e.what == event::type::message)
                return complain("a part is larger than was asked for");
            if (!take(e))
                return false;
        }
        return ended() || complain("reading goes on after the end");
    }

    bool take(const event& e)
    {
        if (const verdict wrong = heard_.take(e))
            return complain(*wrong);
        answers_.owe(e);
        over_ = e.what == event::type::close || e.what == event::type::fault;
        if (e.what == event::type::fault && !connection_.close_queued())
            return complain("the peer is not told of its fault");
        return true;
    }

    Connection& connection_;
    byte_choices choices_;
    answers<Connection> answers_;
    hearing heard_{};
    std::size_t fed_ = 0;
    bool over_ = false; // the close or the fault was heard
    std::string complaint_{};
};

template <class Connection>
receiving(Connection&, byte_choices) -> receiving<Connection>;

/// Everything that a connection reports of a wire.
template <class Connection>
hearing hear_all(Connection&& connection, std::span<const std::byte> wire, byte_choices choices)
{
    receiving receiver(connection, choices);
    do {
        if (!receiver.step(wire))
            break;
    } while (receiver.fed() < wire.size() && !receiver.ended());
    return receiver.heard();
}

} // namespace weft::test

#endif
