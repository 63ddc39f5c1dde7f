// A layer between the stream and its socket that looks at the frames of both directions.
// SPDX-License-Identifier: BSL-1.0
#ifndef PLAYGROUND_TAP_HPP
#define PLAYGROUND_TAP_HPP

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "frame_watch.hpp"
#include "journal.hpp"

namespace playground {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// An Asio stream, as `weft::basic_ws_stream` asks for one: it passes on what it is told to, and
/// once it has a journal, writes the frames into it.
class tap
{
    using transfer = void(error_code, std::size_t);

public:
    using executor_type = tcp::socket::executor_type;
    using lowest_layer_type = tcp::socket::lowest_layer_type;

    explicit tap(tcp::socket socket) : socket_(std::move(socket)) {}

    executor_type get_executor() noexcept { return socket_.get_executor(); }
    lowest_layer_type& lowest_layer() noexcept { return socket_.lowest_layer(); }

    /// From now on everything that passes is frames. `early` has passed already, from the client.
    void watch(std::shared_ptr<journal> into, std::string_view early)
    {
        journal_ = std::move(into);
        if (journal_)
            from_client_.see(std::as_bytes(std::span(early)), *journal_);
    }

    template <class Buffers, asio::completion_token_for<transfer> Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
    {
        return look_at(from_client_, buffers, token, [this, buffers](auto& self) {
            socket_.async_read_some(buffers, std::move(self));
        });
    }

    template <class Buffers, asio::completion_token_for<transfer> Token>
    auto async_write_some(const Buffers& buffers, Token&& token)
    {
        return look_at(from_server_, buffers, token, [this, buffers](auto& self) {
            socket_.async_write_some(buffers, std::move(self));
        });
    }

private:
    // A composed operation of one step: after it the bytes are in `buffers`, or have left them.
    template <class Buffers, class Token, class Start>
    auto look_at(frame_watch& direction, const Buffers& buffers, Token& token, Start start)
    {
        return asio::async_compose<Token, transfer>(
            [this, &direction, buffers, start, begun = false](auto& self, error_code ec = {},
                                                              std::size_t n = 0) mutable {
                if (!std::exchange(begun, true)) {
                    self.reset_cancellation_state(asio::enable_total_cancellation());
                    return start(self);
                }
                if (journal_)
                    show(direction, buffers, n);
                self.complete(ec, n);
            },
            token, socket_);
    }

    template <class Buffers>
    void show(frame_watch& direction, const Buffers& buffers, std::size_t n)
    {
        for (auto at = asio::buffer_sequence_begin(buffers);
             n != 0 && at != asio::buffer_sequence_end(buffers); ++at) {
            const asio::const_buffer piece = asio::buffer(asio::const_buffer(*at), n);
            direction.see({static_cast<const std::byte*>(piece.data()), piece.size()}, *journal_);
            n -= piece.size();
        }
    }

    tcp::socket socket_;
    std::shared_ptr<journal> journal_;
    frame_watch from_client_{sender::client};
    frame_watch from_server_{sender::server};
};

} // namespace playground

#endif
