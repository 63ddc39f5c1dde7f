// Boost.Beast's side of a conversation in memory: what it sends, and what it hears.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_PROTOCOL_BEAST_TALKER_HPP
#define WEFT_PROPTEST_PROTOCOL_BEAST_TALKER_HPP

#include <algorithm>
#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <protocol/beast_layer.hpp>
#include <weft/handshake/client.hpp>
#include <weft/handshake/response.hpp>
#include <weft/test/byte_choices.hpp>
#include <weft/test/header_model.hpp>
#include <weft/test/letters.hpp>
#include <weft/test/verdict.hpp>

namespace weft::proptest {

using test::happening;
using test::verdict;

/// Beast's side: it sends messages in frames of its own cut, pings and pongs, as the choices say,
/// and reads a whole wire in pieces.
class beast_talker
{
public:
    beast_talker()
    {
        seed();
        stream_.secure_prng(false);
        using beast::websocket::frame_type;
        stream_.control_callback([this](frame_type kind, beast::string_view payload) {
            if (kind != frame_type::close)
                heard_.push_back({.what = event::type::control,
                                  .op = kind == frame_type::ping ? opcode::ping : opcode::pong,
                                  .payload = bytes_of({payload.data(), payload.size()})});
        });
    }

    /// Beast takes weft's answer to its request.
    verdict open_as_client()
    {
        beast::error_code ec;
        stream_.handshake("a", "/", ec);
        layer().outgoing.clear();
        return complain("doesn't open with weft's response", ec);
    }

    /// Beast takes weft's request, and weft its answer.
    verdict open_as_server()
    {
        const handshake::client_options options{.host = "a", .target = "/"};
        const handshake::opening made = handshake::open(options, {});
        layer().incoming = std::as_bytes(std::span(made.bytes));
        beast::error_code ec;
        stream_.accept(ec);
        handshake::response answer;
        if (answer.feed(std::exchange(layer().outgoing, {})).done &&
            answer.check(made.key, options) == error::none)
            return complain("doesn't open with weft's request", ec);
        return "weft doesn't open with Beast's response";
    }

    /// Does one thing.
    verdict act(test::byte_choices& choices)
    {
        const unsigned what = choices.next() % 8;
        return what == 0   ? control(choices, opcode::ping)
               : what == 1 ? control(choices, opcode::pong)
                           : write(choices);
    }

    /// Ends its message, if it is amid one.
    verdict finish() { return began_ ? write_part(true, SIZE_MAX) : verdict(); }

    /// Reads all of `wire` and answers it, as its reader does.
    verdict hear(std::span<const std::byte> wire, std::size_t piece)
    {
        layer().incoming = wire;
        layer().piece = piece;
        for (;;) {
            beast::flat_buffer buffer;
            beast::error_code ec;
            stream_.read(buffer, ec);
            if (ec == beast::websocket::error::closed) {
                const auto& reason = stream_.reason();
                heard_.push_back(
                    {.what = event::type::close,
                     .code = reason ? close_code(reason.code) : close_code::no_status,
                     .payload = bytes_of({reason.reason.data(), reason.reason.size()})});
                return {};
            }
            if (ec == asio::error::eof && layer().incoming.empty())
                return {};
            if (ec)
                return complain("refuses what weft wrote", ec);
            const auto data = buffer.data();
            heard_.push_back(
                {.what = event::type::message,
                 .kind = stream_.got_text() ? message_kind::text : message_kind::binary,
                 .payload = bytes_of({static_cast<const char*>(data.data()), data.size()})});
        }
    }

    /// §5.5.3: those before it may go unanswered.
    bool last_ping_is_answered() const
    {
        const auto ping = std::find_if(sent_.rbegin(), sent_.rend(), [](const happening& h) {
            return h.what == event::type::control && h.op == opcode::ping;
        });
        if (ping == sent_.rend())
            return true;
        happening pong = *ping;
        pong.op = opcode::pong;
        return std::ranges::find(heard_, pong) != heard_.end();
    }

    /// What it wrote; whatever keys it drew, the same choices give the same bytes.
    const bytes& wire()
    {
        bytes& all = layer().outgoing;
        while (masked_ < all.size())
            masked_ += mask_again(std::span(all).subspan(masked_));
        return all;
    }

    const std::vector<happening>& sent() const noexcept { return sent_; }
    const std::vector<happening>& heard() const noexcept { return heard_; }

private:
    // For the whole program, once: a run of many conversations can be repeated.
    static void seed()
    {
        static const bool done = [] {
            std::seed_seq numbers{6455};
            beast::websocket::seed_prng(numbers);
            return true;
        }();
        static_cast<void>(done);
    }

    // Gives the frame in front, which is whole, a key that depends on its place. Returns its size.
    std::size_t mask_again(std::span<std::byte> wire) const
    {
        const test::header_reading got = test::header_model::read(wire, {});
        const frame_header& h = got.header;
        if (!got.complete || h.payload_size > wire.size() - got.settled)
            return wire.size();
        const auto size = static_cast<std::size_t>(h.payload_size);
        if (h.masked) {
            masking_key key = test::example_key;
            key[0] ^= static_cast<std::byte>(masked_ & 0xFF);
            for (std::size_t i = 0; i < size; ++i)
                wire[got.settled + i] ^= h.key[i % 4] ^ key[i % 4];
            std::ranges::copy(key, wire.begin() + static_cast<std::ptrdiff_t>(got.settled - 4));
        }
        return got.settled + size;
    }

    static bytes bytes_of(std::string_view text)
    {
        const auto octets = std::as_bytes(std::span(text));
        return {octets.begin(), octets.end()};
    }

    static verdict complain(std::string_view what, beast::error_code ec)
    {
        return ec ? verdict("Beast " + std::string(what) + ": " + ec.message()) : verdict();
    }

    memory_layer& layer() { return stream_.next_layer(); }

    verdict control(test::byte_choices& choices, opcode op)
    {
        const bytes payload(choices.next() % 126, std::byte{0x42});
        const beast::websocket::ping_data data(reinterpret_cast<const char*>(payload.data()),
                                               payload.size());
        beast::error_code ec;
        op == opcode::ping ? stream_.ping(data, ec) : stream_.pong(data, ec);
        sent_.push_back({.what = event::type::control, .op = op, .payload = payload});
        return complain("can't write a control frame", ec);
    }

    verdict write(test::byte_choices& choices)
    {
        if (!began_) {
            const bool is_text = choices.flip();
            stream_.text(is_text);
            stream_.auto_fragment(choices.flip());
            stream_.write_buffer_bytes(8 + choices.next());
            message_ = {.what = event::type::message,
                        .kind = is_text ? message_kind::text : message_kind::binary,
                        .payload = test::letters(choices)};
            offset_ = 0;
        }
        const bool fin = choices.flip();
        return write_part(fin, choices.amount(SIZE_MAX));
    }

    verdict write_part(bool fin, std::size_t most)
    {
        const auto left = std::span(message_.payload).subspan(offset_);
        const auto part = fin ? left : left.first(std::min(most, left.size()));
        beast::error_code ec;
        stream_.write_some(fin, asio::buffer(part.data(), part.size()), ec);
        offset_ += part.size();
        began_ = !fin;
        if (fin)
            sent_.push_back(std::exchange(message_, {}));
        return complain("can't write", ec);
    }

    beast::websocket::stream<memory_layer> stream_{};
    happening message_{}; // that is being sent, the first `offset_` bytes of it have been
    std::size_t offset_ = 0;
    bool began_ = false;
    std::size_t masked_ = 0; // bytes of what it wrote that have their key
    std::vector<happening> sent_{};
    std::vector<happening> heard_{};
};

} // namespace weft::proptest

#endif
