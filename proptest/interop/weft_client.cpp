// The conversation (conversation.txt) held by weft. Usage: weft_client ws://127.0.0.1:PORT/
// SPDX-License-Identifier: BSL-1.0

#include "conversation.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <weft/weft.hpp>

#include <functional>
#include <memory>
#include <span>

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;
using conversation::message;
using namespace asio::experimental::awaitable_operators;

namespace {

using stream = weft::basic_ws_stream<
    tcp::socket, weft::role::client,
    weft::budget::limited<weft::budget::limits{.frame_bytes = 32u << 20,
                                               .message_bytes = 32u << 20}>,
    weft::timing::steady<weft::timing::limits{.handshake_ms = 5'000, .idle_ms = 10'000}>>;

constexpr auto kind_of(const message& m)
{
    return m.binary ? weft::message_kind::binary : weft::message_kind::text;
}

struct connection
{
    stream ws;
    asio::steady_timer pong_came{ws.get_executor(), asio::steady_timer::time_point::max()};
    std::string last_pong = "none";

    explicit connection(tcp::socket socket) : ws(std::move(socket))
    {
        ws.control_callback([this](weft::opcode op, std::span<const std::byte> payload) {
            if (op != weft::opcode::pong)
                return;
            last_pong.assign(reinterpret_cast<const char*>(payload.data()), payload.size());
            pong_came.cancel();
        });
    }

    asio::awaitable<message> read()
    {
        std::string bytes;
        auto buffer = asio::dynamic_buffer(bytes);
        co_await ws.async_read(buffer, use_awaitable);
        co_return message{ws.received_kind() == weft::message_kind::binary, std::move(bytes)};
    }

    asio::awaitable<void> write(const message& m)
    {
        co_await ws.async_write(kind_of(m), asio::buffer(m.bytes), use_awaitable);
    }

    // Only beside a read(): weft tells of control frames when it reads.
    asio::awaitable<void> pinged(const std::string& payload)
    {
        co_await ws.async_ping(asio::buffer(payload), use_awaitable);
        while (last_pong != payload)
            co_await pong_came.async_wait(asio::as_tuple(use_awaitable));
    }

    asio::awaitable<void> write_with_pings(const conversation::fragmented_case& sent)
    {
        const auto kind = kind_of(sent.whole());
        for (std::size_t i = 0; i != sent.parts.size(); ++i) {
            // A pong may not wait for the end of the message that its ping interrupts (RFC 6455
            // §5.5.2).
            if (i != 0)
                co_await pinged("between " + std::to_string(i));
            co_await ws.async_write_some(i + 1 == sent.parts.size(), kind,
                                         asio::buffer(sent.parts[i]), use_awaitable);
        }
    }

    asio::awaitable<void> write_after_pings(const message& last)
    {
        for (const auto& payload : conversation::ping_payloads())
            co_await pinged(payload);
        co_await write(last);
    }
};

asio::awaitable<std::unique_ptr<connection>> connect(const conversation::url& to)
{
    tcp::socket socket{co_await asio::this_coro::executor};
    co_await socket.async_connect(
        {asio::ip::make_address(to.host), static_cast<unsigned short>(std::stoi(to.port))},
        use_awaitable);
    auto made = std::make_unique<connection>(std::move(socket));
    co_await made->ws.async_handshake(to.host + ":" + to.port, "/", use_awaitable);
    co_return made;
}

struct conversation_case
{
    std::string name;
    std::function<asio::awaitable<void>(connection&)> hold;
};

// In what follows no expression both awaits and makes a message: g++ 12 destroys such a temporary
// twice.

asio::awaitable<void> echoed(connection& peer, message sent)
{
    // Both at once: a server may start its echo of a long message before it has read the whole.
    const auto got = co_await (peer.read() && peer.write(sent));
    same(got, sent);
}

asio::awaitable<void> fragmented(connection& peer, conversation::fragmented_case sent)
{
    const auto got = co_await (peer.read() && peer.write_with_pings(sent));
    same(got, sent.whole());
}

asio::awaitable<void> ping(connection& peer)
{
    const message last{false, "after the pings"};
    const auto got = co_await (peer.read() && peer.write_after_pings(last));
    same(got, last);
}

asio::awaitable<void> asks(connection& peer, conversation::exchange said)
{
    const message question{false, std::string(said.question)};
    co_await peer.write(question);
    const auto got = co_await peer.read();
    same(got, {false, std::string(said.answer)});
}

asio::awaitable<void> close_by_client(connection& peer)
{
    co_await peer.ws.async_close({weft::close_code::normal, "done"}, use_awaitable);
    conversation::same_close(static_cast<unsigned>(peer.ws.peer_close().code), "", 1000,
                             ""); // the reason may be echoed or not
}

asio::awaitable<void> close_by_server(connection& peer)
{
    const message question{false, "close-me"};
    co_await peer.write(question);
    std::string bytes;
    auto buffer = asio::dynamic_buffer(bytes);
    const auto [error, size] = co_await peer.ws.async_read(buffer, asio::as_tuple(use_awaitable));
    if (error != weft::error::closed)
        throw std::runtime_error("expected a close, got " +
                                 (error ? error.message() : std::to_string(size) + " bytes"));
    const auto reason = peer.ws.peer_close();
    conversation::same_close(static_cast<unsigned>(reason.code), reason.reason, 4001, "bye");
}

std::vector<conversation_case> all_cases()
{
    std::vector<conversation_case> cases;
    for (const auto& c : conversation::echo_cases())
        cases.push_back({c.name, [c](connection& peer) { return echoed(peer, c.sent); }});
    for (const auto& c : conversation::fragmented_cases())
        cases.push_back({c.name, [c](connection& peer) { return fragmented(peer, c); }});
    cases.push_back({"ping", ping});
    for (const auto& c : conversation::exchanges)
        cases.push_back({std::string(c.name), [c](connection& peer) { return asks(peer, c); }});
    cases.push_back({"close-by-client", close_by_client});
    cases.push_back({"close-by-server", close_by_server});
    return cases;
}

asio::awaitable<void> converse(conversation::url to, conversation::report& report)
{
    std::unique_ptr<connection> peer;
    for (const auto& c : all_cases()) {
        try {
            // One connection serves until a case closes or breaks it, so that what a case leaves
            // behind is seen by the next.
            if (!peer || !peer->ws.is_open())
                peer = co_await connect(to);
            co_await c.hold(*peer);
            report.ok(c.name);
        } catch (const std::exception& error) {
            report.fail(c.name, error.what());
            peer.reset();
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2)
        return 2;
    conversation::report report;
    asio::io_context context{1};
    asio::co_spawn(context, converse(conversation::url{argv[1]}, report),
                   [](std::exception_ptr broken) {
                       if (broken)
                           std::rethrow_exception(broken);
                   });
    context.run();
    return report.exit_code();
}
