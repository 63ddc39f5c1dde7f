// One stream that writes what the journal has, and reads only to notice the end.
// SPDX-License-Identifier: BSL-1.0
#include "tell_frames.hpp"

#include "serve.hpp"

namespace playground {

namespace {

// The page has nothing to say here.
using stream = weft::server_stream<
    tcp::socket, weft::buffer::fixed<8192>, patience,
    weft::budget::limited<weft::budget::limits{.frame_bytes = 125, .message_bytes = 125}>>;

asio::awaitable<void> read_nothing(stream& ws)
{
    for (std::array<char, 125> ignored;;)
        co_await ws.async_read_some(asio::buffer(ignored), use_awaitable);
}

// What comes in a burst goes in one message: the page can't draw faster anyway.
asio::awaitable<void> write_lines(stream& ws, journal& from)
{
    for (asio::steady_timer timer(ws.get_executor());;) {
        timer.expires_after(std::chrono::milliseconds(100));
        co_await timer.async_wait(use_awaitable);
        const std::string lines = from.take_lines();
        if (!lines.empty())
            co_await ws.async_write(weft::message_kind::text, asio::buffer(lines), use_awaitable);
    }
}

} // namespace

asio::awaitable<void> tell_frames(visitor guest)
{
    using namespace asio::experimental::awaitable_operators;
    stream ws(std::move(guest.socket));
    const auto tell = [journal = guest.watched](stream& opened) -> asio::awaitable<void> {
        co_await (read_nothing(opened) && write_lines(opened, *journal));
    };
    co_await converse(ws, guest, tell);
}

} // namespace playground
