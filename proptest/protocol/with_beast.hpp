// A conversation with Boost.Beast, in memory: what weft writes, Beast reads, and the reverse.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_PROTOCOL_WITH_BEAST_HPP
#define WEFT_PROPTEST_PROTOCOL_WITH_BEAST_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <weft/handshake/client.hpp>
#include <weft/handshake/request.hpp>
#include <weft/handshake/response.hpp>
#include <weft/handshake/server.hpp>
#include <weft/test/byte_choices.hpp>
#include <weft/test/conversation.hpp>
#include <weft/test/letters.hpp>
#include <weft/test/model.hpp>
#include <weft/test/verdict.hpp>

namespace weft::proptest {

namespace asio = boost::asio;
namespace beast = boost::beast;
using test::bytes;
using test::happening;
using test::verdict;

/// The layer below Beast: it reads what lies there, a piece at a time, and what is written is kept.
struct memory_layer
{
    using executor_type = asio::io_context::executor_type;

    std::span<const std::byte> incoming{};
    std::size_t piece = SIZE_MAX;
    bytes outgoing{};
    std::string answer{}; // weft's, to Beast's request

    executor_type get_executor() const
    {
        static asio::io_context never_run;
        return never_run.get_executor();
    }

    template <class Buffers>
    std::size_t read_some(const Buffers& buffers, beast::error_code& ec)
    {
        if (asks())
            answer_request();
        const auto n = asio::buffer_copy(
            buffers, asio::buffer(incoming.data(), std::min(piece, incoming.size())));
        incoming = incoming.subspan(n);
        ec = n == 0 ? asio::error::make_error_code(asio::error::eof) : beast::error_code();
        return n;
    }

    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, beast::error_code& ec)
    {
        const std::size_t before = outgoing.size();
        outgoing.resize(before + asio::buffer_size(buffers));
        ec = {};
        return asio::buffer_copy(asio::buffer(outgoing) + before, buffers);
    }

    // Beast asks for the forms that throw, too, and calls none of them.
    template <class Buffers>
    std::size_t read_some(const Buffers&);
    template <class Buffers>
    std::size_t write_some(const Buffers&);
    friend void teardown(beast::role_type, memory_layer&, beast::error_code&) {}
    friend void beast_close_socket(memory_layer&) {}

private:
    bool asks() const { return incoming.empty() && answer.empty() && !outgoing.empty(); }

    void answer_request()
    {
        handshake::request asked;
        if (!asked.feed(outgoing).done || asked.check() != error::none)
            return;
        answer = handshake::answer(asked, handshake::accept()).bytes;
        incoming = std::as_bytes(std::span(answer));
    }
};

/// Beast's side: it sends messages in frames of its own cut, pings and pongs, as the choices say,
/// and reads a whole wire in pieces.
class beast_talker
{
public:
    beast_talker()
    {
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

    const bytes& wire() { return layer().outgoing; }
    const std::vector<happening>& sent() const noexcept { return sent_; }
    const std::vector<happening>& heard() const noexcept { return heard_; }

private:
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
    std::vector<happening> sent_{};
    std::vector<happening> heard_{};
};

/// What Beast writes, weft hears; and what weft writes, its answers among it, Beast reads as the
/// model does. Each writes and reads pieces of any size.
template <class Connection>
verdict converses_with_beast(Connection&& connection, test::byte_choices choices)
{
    constexpr bool from_client = std::remove_cvref_t<Connection>::policies::role::is_client;
    beast_talker peer;
    test::talker own(connection);
    if (auto wrong = from_client ? peer.open_as_server() : peer.open_as_client())
        return wrong;
    for (int step = 0; step < 1000 && !choices.used_up(); ++step) {
        if (auto wrong = peer.act(choices))
            return wrong;
        if (auto wrong = own.act(choices))
            return wrong;
        if (auto wrong = own.receive(peer.wire(), choices.next(), choices))
            return wrong;
    }
    if (auto wrong = peer.finish())
        return wrong;
    const auto drain = [&]() -> verdict {
        do {
            if (auto wrong = own.write(SIZE_MAX))
                return wrong;
            if (auto wrong = own.receive(peer.wire(), SIZE_MAX, choices))
                return wrong;
        } while (!own.is_quiet(peer.wire()));
        return {};
    };
    if (auto wrong = drain())
        return wrong;
    if (own.heard() != peer.sent())
        return "Beast sent " + test::print(peer.sent()) + "\nbut weft heard " +
               test::print(own.heard());
    if (auto wrong = peer.hear(own.wire(), choices.amount(SIZE_MAX)))
        return wrong;
    const auto meant = test::model::read({.from_client = from_client}, own.wire());
    if (peer.heard() != meant.happenings)
        return "weft wrote " + test::print(meant.happenings) + "\nbut Beast heard " +
               test::print(peer.heard());
    if (!own.closing() && !peer.last_ping_is_answered())
        return "weft doesn't answer Beast's last ping";
    return drain(); // of Beast's answers nothing is refused
}

} // namespace weft::proptest

#endif
