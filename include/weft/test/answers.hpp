// What a connection owes its peer without being asked: pongs and one close (RFC 6455 §5.5).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_ANSWERS_HPP
#define WEFT_TEST_ANSWERS_HPP

#include <algorithm>
#include <cstddef>
#include <deque>
#include <span>
#include <vector>

#include <weft/policy/buffer.hpp>
#include <weft/protocol/pieces.hpp>
#include <weft/test/model.hpp>
#include <weft/test/verdict.hpp>

namespace weft::test {

/// A payload, shown `piece` bytes at a time: a source for `gather` and `sent`.
struct payload_source
{
    std::span<const std::byte> left{};
    std::size_t piece = SIZE_MAX;

    std::span<const std::byte> front() const noexcept
    {
        return left.first(std::min(piece, left.size()));
    }
    void advance(std::size_t n) noexcept { left = left.subspan(n); }
};

/// Writes at most `most` bytes of what the connection shows, to the end of `wire`; returns how
/// many it wrote, and adds to `payload` how many of them were the source's.
template <class Connection, class Source>
std::size_t write_some(Connection& connection, Source& source, std::size_t most, bytes& wire,
                       std::size_t* payload = nullptr)
{
    pieces<> out;
    connection.gather(out, source);
    std::size_t n = 0;
    for (const auto& piece : out) {
        const auto taken = piece.first(std::min(piece.size(), most - n));
        wire.insert(wire.end(), taken.begin(), taken.end());
        n += taken.size();
    }
    const std::size_t of_source = connection.sent(n, source);
    if (payload != nullptr)
        *payload += of_source;
    return n;
}

/// Follows what the events make due, with the backlog's rule: when it is full, the oldest pong
/// that has not begun to leave is forgotten.
template <class Connection>
class answers
{
public:
    explicit answers(const Connection& connection)
        : backlog_(std::max<std::size_t>(connection.limits().control_backlog, 2))
    {
        if (weft::detail::never_allocates<typename Connection::policies::buffer>)
            backlog_ = std::min<std::size_t>(backlog_, 16);
    }

    void owe(const event& e)
    {
        if (closed_)
            return;
        happening h{.what = event::type::control, .op = opcode::pong};
        if (e.what == event::type::close || e.what == event::type::fault) {
            closed_ = true;
            h = {.what = event::type::close, .code = e.code};
        } else if (e.what != event::type::control || e.op != opcode::ping) {
            return;
        } else {
            h.payload.assign(e.bytes.begin(), e.bytes.end());
            if (due_.size() == backlog_)
                due_.erase(due_.begin() + (gone_ != 0 ? 1 : 0));
        }
        due_.push_back(std::move(h));
    }

    /// Lets the connection write at most `most` bytes.
    void flush(Connection& connection, std::size_t most)
    {
        payload_source nothing;
        for (std::size_t n = 1; n != 0 && most != 0; most -= n) {
            n = write_some(connection, nothing, most, wire_);
            note(n);
        }
    }

    /// What was written is exactly what was due, in well-formed frames, and nothing follows a
    /// close.
    verdict compare() const
    {
        const model_run run =
            model::read({.from_client = Connection::policies::role::is_client}, wire_);
        if (run.happenings != written_)
            return "answered " + print(run.happenings) + "\ninstead of " + print(written_);
        if (!due_.empty())
            return "not answered: " + print(due_.front());
        const std::size_t end = run.happenings.empty() ? 0 : run.happenings.back().settled;
        if (end != wire_.size())
            return "bytes are written behind the last answer: " + print(wire_);
        return {};
    }

private:
    static std::size_t size_of(const happening& h)
    {
        const std::size_t code = h.code == close_code::no_status ? 0 : 2;
        return 2 + (Connection::policies::role::is_client ? 4 : 0) + code + h.payload.size();
    }

    void note(std::size_t n)
    {
        for (gone_ += n; !due_.empty() && gone_ >= size_of(due_.front()); due_.pop_front()) {
            gone_ -= size_of(due_.front());
            written_.push_back(due_.front());
        }
    }

    std::size_t backlog_;
    std::deque<happening> due_{};
    std::vector<happening> written_{};
    std::size_t gone_ = 0; // bytes of the first that have left
    bool closed_ = false;
    bytes wire_{};
};

} // namespace weft::test

#endif
