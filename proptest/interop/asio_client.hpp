// What the two clients on Asio share: the cases, held through a `Connection` that wraps one
// library's stream. It has
//
//     explicit Connection(tcp::socket);
//     bool is_open();
//     asio::awaitable<void> handshake(host), write(message), write_some(fin, binary, bytes),
//                           ping(payload), close(code, reason);
//     asio::awaitable<message> read();            // throws when the connection ends
//     conversation::close_frame received_close(); // after that: what the peer has closed with
//     conversation::pong_bell pongs;              // rung by what hears the library's pongs
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "conversation.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <memory>

namespace conversation {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;

// In what follows no expression both awaits and makes a message: g++ 12 destroys such a temporary
// twice.

/// Lets a coroutine wait for a pong that another one, which reads, comes upon.
class pong_bell
{
public:
    explicit pong_bell(asio::any_io_executor executor)
        : rung_(executor, asio::steady_timer::time_point::max())
    {}

    void ring(std::string_view payload)
    {
        last_ = payload;
        rung_.cancel();
    }

    asio::awaitable<void> heard(const std::string& payload)
    {
        while (last_ != payload)
            co_await rung_.async_wait(asio::as_tuple(use_awaitable));
    }

private:
    asio::steady_timer rung_;
    std::string last_ = "none yet";
};

template <class Connection>
class asio_client
{
    using awaitable = asio::awaitable<void>;

public:
    static int run(const url& to)
    {
        report told;
        asio::io_context context{1};
        asio::co_spawn(context, hold_all(to, told), [](std::exception_ptr broken) {
            if (broken)
                std::rethrow_exception(broken);
        });
        context.run();
        return told.exit_code();
    }

private:
    struct named_case
    {
        std::string name;
        std::function<awaitable(Connection&)> hold;
    };

    static asio::awaitable<std::unique_ptr<Connection>> connect(const url& to)
    {
        tcp::socket socket{co_await asio::this_coro::executor};
        const tcp::endpoint there{asio::ip::make_address(to.host),
                                  static_cast<unsigned short>(std::stoi(to.port))};
        co_await socket.async_connect(there, use_awaitable);
        auto made = std::make_unique<Connection>(std::move(socket));
        const auto host = to.host + ":" + to.port;
        co_await made->handshake(host);
        co_return made;
    }

    // Both libraries tell of a pong when they read, so this needs a read() beside it.
    static awaitable pinged(Connection& peer, std::string payload)
    {
        co_await peer.ping(payload);
        co_await peer.pongs.heard(payload);
    }

    static awaitable write_with_pings(Connection& peer, const fragmented_case& sent)
    {
        for (std::size_t i = 0; i != sent.parts.size(); ++i) {
            // A pong may not wait for the end of the message that its ping interrupts (RFC 6455
            // §5.5.2).
            if (i != 0)
                co_await pinged(peer, "between " + std::to_string(i));
            co_await peer.write_some(i + 1 == sent.parts.size(), sent.binary, sent.parts[i]);
        }
    }

    static awaitable write_after_pings(Connection& peer, const message& last)
    {
        for (const auto& payload : ping_payloads())
            co_await pinged(peer, payload);
        co_await peer.write(last);
    }

    static awaitable echoed(Connection& peer, message sent)
    {
        // Both at once: a server may begin its echo of a long message before it has read the whole.
        const auto got = co_await (peer.read() && peer.write(sent));
        same(got, sent);
    }

    static awaitable fragmented(Connection& peer, fragmented_case sent)
    {
        const auto got = co_await (peer.read() && write_with_pings(peer, sent));
        same(got, sent.whole());
    }

    static awaitable ping(Connection& peer)
    {
        const message last{false, "after the pings"};
        const auto got = co_await (peer.read() && write_after_pings(peer, last));
        same(got, last);
    }

    static awaitable asks(Connection& peer, exchange said)
    {
        const message question{false, std::string(said.question)};
        co_await peer.write(question);
        const auto got = co_await peer.read();
        same(got, {false, std::string(said.answer)});
    }

    static awaitable close_by_client(Connection& peer)
    {
        co_await peer.close(1000, "done");
        // The code has to come back (§5.5.1); the reason may.
        same_close({peer.received_close().code, ""}, {1000, ""});
    }

    static awaitable close_by_server(Connection& peer)
    {
        const message question{false, "close-me"};
        co_await peer.write(question);
        std::string got;
        try {
            got = shown(co_await peer.read());
        } catch (const boost::system::system_error& ended) {
            same_close(peer.received_close(), {4001, "bye"});
            co_return;
        }
        throw std::runtime_error("got " + got + ", expected a close");
    }

    static std::vector<named_case> all_cases()
    {
        std::vector<named_case> cases;
        for (const auto& c : echo_cases())
            cases.push_back({c.name, [c](Connection& peer) { return echoed(peer, c.sent); }});
        for (const auto& c : fragmented_cases())
            cases.push_back({c.name, [c](Connection& peer) { return fragmented(peer, c); }});
        cases.push_back({"ping", ping});
        for (const auto& c : exchanges)
            cases.push_back({std::string(c.name), [c](Connection& peer) { return asks(peer, c); }});
        cases.push_back({"close-by-client", close_by_client});
        cases.push_back({"close-by-server", close_by_server});
        return cases;
    }

    // Of two operations that ran side by side and failed both, the first has the cause.
    static std::string why(std::exception_ptr failed)
    try {
        std::rethrow_exception(failed);
    } catch (const asio::multiple_exceptions& both) {
        return why(both.first_exception());
    } catch (const std::exception& error) {
        return error.what();
    }

    static awaitable hold_all(url to, report& told)
    {
        std::unique_ptr<Connection> peer;
        for (const auto& c : all_cases()) {
            try {
                // One connection serves until a case closes or breaks it, so that what a case
                // leaves behind is seen by the next.
                if (!peer || !peer->is_open())
                    peer = co_await connect(to);
                co_await c.hold(*peer);
                told.ok(c.name);
            } catch (...) {
                told.fail(c.name, why(std::current_exception()));
                peer.reset();
            }
        }
    }
};

} // namespace conversation
