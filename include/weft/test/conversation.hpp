// The law of sending: what one side sends, the other receives, whatever the bytes go through.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_CONVERSATION_HPP
#define WEFT_TEST_CONVERSATION_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <weft/protocol/close_reason.hpp>
#include <weft/test/answers.hpp>
#include <weft/test/byte_choices.hpp>
#include <weft/test/letters.hpp>
#include <weft/test/receiving.hpp>

namespace weft::test {

/// One side: it sends what the choices say, and writes and receives pieces of any size.
template <class Connection>
class talker
{
public:
    explicit talker(Connection& connection) : connection_(connection) {}

    /// Does one thing.
    verdict act(byte_choices& choices)
    {
        switch (choices.next() % 8) {
        case 0:
        case 1:
            begin(choices);
            break;
        case 2:
            control(choices);
            break;
        case 3:
            if (choices.next() % 8 == 0)
                close(choices);
            break;
        case 4:
            retract();
            break;
        default:
            return write(choices.amount(70000));
        }
        return {};
    }

    verdict write(std::size_t most)
    {
        wrote_ = write_some(connection_, source_, most, wire_, &left_) != 0;
        // By memcmp: a fuzzer's build counts each comparison of a loop.
        if (!payload_.empty() &&
            std::memcmp(payload_.data(), message_.payload.data() + from_, payload_.size()) != 0)
            return "a write changes the caller's bytes";
        if (!connection_.in_frame() && offset_ == message_.payload.size() &&
            !connection_.in_message() && began_)
            finish();
        return {};
    }

    /// Receives at most `most` bytes of what the other has written.
    verdict receive(std::span<const std::byte> wire, std::size_t most, byte_choices& choices)
    {
        auto rest = wire.subspan(received_);
        rest = rest.first(std::min(most, rest.size()));
        while (!rest.empty() && !connection_.is_read_closed()) {
            const auto room = connection_.prepare();
            const auto n = std::min(room.size(), rest.size());
            std::copy_n(rest.begin(), n, room.begin());
            connection_.commit(n);
            received_ += n;
            rest = rest.subspan(n);
            for (event e = poll(choices); e.what != event::type::need_more; e = poll(choices)) {
                if (e.what == event::type::fault)
                    return std::string("refuses what the other wrote: ") +
                           describe(e.fault).sentence;
                if (const verdict wrong = heard_.take(e))
                    return wrong;
                if (e.what == event::type::close)
                    break;
            }
        }
        return {};
    }

    /// Nothing is left to write or to receive of `wire`.
    bool is_quiet(std::span<const std::byte> wire) const
    {
        return !wrote_ && !connection_.owes_control() &&
               (received_ == wire.size() || connection_.is_read_closed());
    }

    const bytes& wire() const noexcept { return wire_; }
    bool closing() const noexcept { return connection_.close_queued(); }
    const std::vector<happening>& sent() const noexcept { return sent_; }
    const std::vector<happening>& pings() const noexcept { return pings_; }
    const std::vector<happening>& heard() const noexcept { return heard_.happenings; }
    std::vector<happening> heard(event::type what, opcode op = opcode::ping) const
    {
        std::vector<happening> out;
        for (const happening& h : heard_.happenings)
            if (h.what == what && (what != event::type::control || h.op == op))
                out.push_back(h);
        return out;
    }

private:
    event poll(byte_choices& choices)
    {
        return connection_.poll(choices.flip() ? choices.amount(SIZE_MAX) : SIZE_MAX);
    }

    void begin(byte_choices& choices)
    {
        if (connection_.in_frame())
            return;
        if (!connection_.in_message() && !began_) {
            message_ = {.what = event::type::message};
            message_.kind = choices.flip() ? message_kind::text : message_kind::binary;
            message_.payload = letters(choices);
            offset_ = 0;
        }
        const std::size_t left = message_.payload.size() - offset_;
        const std::size_t size = left == 0 || choices.next() % 8 == 0 ? 0 : choices.amount(left);
        const bool fin = size == left;
        from_ = offset_;
        const std::byte* const part = message_.payload.data() + from_;
        payload_.assign(part, part + size);
        // At most a hundred frames: the model reads a message again with each of them.
        const std::size_t each = choices.next() % 4 == 0 ? size / 100 + 1 + choices.amount(300) : 0;
        if (!connection_.begin(message_.kind, fin, size, each))
            return;
        left_ = 0;
        began_ = true;
        offset_ += size;
        source_ = {payload_, choices.amount(SIZE_MAX)};
    }

    void retract()
    {
        if (!connection_.retract())
            return;
        offset_ -= payload_.size() - left_;
        began_ = connection_.in_message();
    }

    void finish()
    {
        began_ = false;
        sent_.push_back(message_);
    }

    void control(byte_choices& choices)
    {
        const bool is_ping = choices.flip();
        happening h{.what = event::type::control, .op = is_ping ? opcode::ping : opcode::pong};
        h.payload = bytes(choices.next() % 126, std::byte{0x55});
        ++tickets_;
        if (is_ping ? connection_.ping(h.payload, tickets_) : connection_.pong(h.payload, tickets_))
            (is_ping ? pings_ : pongs_).push_back(h);
    }

    void close(byte_choices& choices)
    {
        constexpr close_reason reasons[] = {
            {}, {close_code::no_status, {}}, {close_code{4999}, "end"}};
        connection_.close(reasons[choices.next() % 3], ++tickets_);
    }

    Connection& connection_;
    hearing heard_{};
    happening message_{};
    bytes payload_{}; // of the frames that are being sent, from there on in the message
    std::size_t from_ = 0;
    payload_source source_{};
    std::size_t left_ = 0;   // how much of it has
    std::size_t offset_ = 0; // in the message, behind the frames that are being sent
    bool began_ = false;     // a message of which a frame was begun
    bool wrote_ = true;
    std::uint32_t tickets_ = 0;
    std::size_t received_ = 0;
    bytes wire_{};
    std::vector<happening> sent_{};
    std::vector<happening> pings_{};
    std::vector<happening> pongs_{};
};

/// What `from` wrote is what a strict peer may receive, whole frames and nothing behind a close,
/// and what `to` heard of it is what `from` sent.
template <class From, class To>
verdict compare(const From& from, const To& to, bool from_client)
{
    const model_run run = model::read({.from_client = from_client}, from.wire());
    const std::size_t end = run.happenings.empty() ? 0 : run.happenings.back().settled;
    if (!run.happenings.empty() && run.happenings.back().what == event::type::fault)
        return "writes what the RFC forbids: " + print(run.happenings);
    if (run.ended ? end != from.wire().size() : run.waiting_at(from.wire().size()) != 0)
        return std::string("writes part of a frame, or goes on behind its close");
    if (to.heard(event::type::message) != from.sent())
        return "sent " + print(from.sent()) + "\nbut heard " +
               print(to.heard(event::type::message));
    if (to.heard(event::type::control) != from.pings())
        return "pinged " + print(from.pings()) + "\nbut heard " +
               print(to.heard(event::type::control));
    return from.closing() == run.ended ? verdict() : "a close that was queued has not left";
}

/// Laws 20, 21, 28: under any script of messages, fragments, pings, pongs and closes, short writes
/// and reads of any size, everything arrives once, in order and unchanged.
template <class Client, class Server>
verdict everything_sent_arrives(Client&& client, Server&& server, byte_choices choices)
{
    talker one(client);
    talker other(server);
    for (int step = 0; step < 1000 && !choices.used_up(); ++step) {
        if (auto wrong = one.act(choices))
            return wrong;
        if (auto wrong = other.act(choices))
            return wrong;
        if (auto wrong = one.receive(other.wire(), choices.next(), choices))
            return wrong;
        if (auto wrong = other.receive(one.wire(), choices.next(), choices))
            return wrong;
    }
    do {
        if (auto wrong = one.write(SIZE_MAX))
            return wrong;
        if (auto wrong = other.write(SIZE_MAX))
            return wrong;
        if (auto wrong = one.receive(other.wire(), SIZE_MAX, choices))
            return wrong;
        if (auto wrong = other.receive(one.wire(), SIZE_MAX, choices))
            return wrong;
    } while (!one.is_quiet(other.wire()) || !other.is_quiet(one.wire()));
    if (auto wrong = compare(one, other, true))
        return "the client " + *wrong;
    if (auto wrong = compare(other, one, false))
        return "the server " + *wrong;
    return {};
}

} // namespace weft::test

#endif
