// What the playground does with a stream, whatever it is composed of.
// SPDX-License-Identifier: BSL-1.0
#ifndef PLAYGROUND_SERVE_HPP
#define PLAYGROUND_SERVE_HPP

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <weft/weft.hpp>

#include "deployment.hpp"
#include "tap.hpp"
#include "visitor.hpp"

namespace playground {

using asio::use_awaitable;

/// Nobody is waited for forever: `keep_alive` pings more often than `idle_ms`.
using patience = weft::timing::steady<weft::timing::limits{
    .handshake_ms = 10'000, .idle_ms = 60'000, .close_ms = 3'000}>;

/// Pings, so that a peer that is gone is noticed. One that doesn't even take our pings is cut off.
/// It is cancelled when the conversation ends, and ends quietly: one exception is enough.
template <class Stream>
asio::awaitable<void> keep_alive(Stream& ws)
{
    asio::steady_timer timer(ws.get_executor());
    for (auto pinged = std::make_shared<bool>(true);;) {
        timer.expires_after(std::chrono::seconds(20));
        const auto [cancelled] = co_await timer.async_wait(asio::as_tuple(use_awaitable));
        if (cancelled)
            co_return;
        if (!*pinged)
            weft::weft_force_close(ws.next_layer());
        *pinged = false;
        ws.async_ping({}, [pinged](error_code) { *pinged = true; });
    }
}

/// Sends whole messages back.
struct echo
{
    template <class Stream>
    asio::awaitable<void> operator()(Stream& ws) const
    {
        for (std::string message;; message.clear()) {
            co_await ws.async_read(asio::dynamic_buffer(message), use_awaitable);
            co_await ws.async_write(ws.received_kind(), asio::buffer(message), use_awaitable);
        }
    }
};

/// Sends the parts of messages back as they come, through memory of a fixed size.
struct echo_in_parts
{
    template <class Stream>
    asio::awaitable<void> operator()(Stream& ws) const
    {
        for (std::array<char, 4096> part;;) {
            const auto n = co_await ws.async_read_some(asio::buffer(part), use_awaitable);
            co_await ws.async_write_some(ws.is_message_done(), ws.received_kind(),
                                         asio::buffer(part, n), use_awaitable);
        }
    }
};

/// One connection from its request to its end, which is always an error: at best `closed`.
template <class Stream, class Work>
asio::awaitable<void> converse(Stream& ws, visitor& guest, const Work& work)
{
    using namespace asio::experimental::awaitable_operators;
    const guest_list::stay stay(guest.guests, [&ws] {
        if (ws.is_open())
            ws.async_close({weft::close_code::going_away, "the playground ends"},
                           [](error_code) {});
        else
            weft::weft_force_close(ws.next_layer());
    });
    co_await ws.async_accept(std::move(guest.request), asio::buffer(guest.early), same_site_only,
                             use_awaitable);
    if constexpr (requires { ws.next_layer().watch(guest.watched, guest.early); })
        ws.next_layer().watch(guest.watched, guest.early);
    co_await (work(ws) && keep_alive(ws));
}

/// A deployment: `Stream` over a tap, and what is done with its messages.
template <class Stream, class Work = echo>
asio::awaitable<void> serve(visitor guest)
{
    Stream ws(tap(std::move(guest.socket)));
    std::string end;
    try {
        co_await converse(ws, guest, Work());
    } catch (const boost::system::system_error& error) {
        end = error.code().message();
    }
    if (guest.watched)
        guest.watched->remark(end);
}

} // namespace playground

#endif
