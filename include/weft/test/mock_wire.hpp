// What lies between the two ends of a mock stream: bytes, plans, and operations that wait.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_MOCK_WIRE_HPP
#define WEFT_TEST_MOCK_WIRE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <weft/test/stored_handler.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::test {

namespace asio = boost::asio;

/// How one end behaves. Sizes are used in turn, and over again; none: as much as there is.
struct mock_plan
{
    static constexpr std::size_t never = static_cast<std::size_t>(-1);

    std::vector<std::size_t> read_sizes{};  ///< most bytes that a read gets; above 0
    std::vector<std::size_t> write_sizes{}; ///< most bytes that a write takes; above 0
    std::size_t capacity = never;           ///< bytes that may wait for the peer; then writes wait
    std::size_t fail_at = never; ///< this operation and all after it fail: 0 is the first
    error_code fail_with = asio::error::connection_reset; ///< `asio::error::eof` serves as well
};

namespace detail {

template <class Buffer>
using flat_buffers = std::array<Buffer, 16>;

template <class Buffer, class Buffers>
flat_buffers<Buffer> flatten(const Buffers& buffers)
{
    flat_buffers<Buffer> flat;
    std::size_t n = 0;
    for (auto i = asio::buffer_sequence_begin(buffers);
         i != asio::buffer_sequence_end(buffers) && n != flat.size(); ++i)
        flat[n++] = Buffer(*i);
    return flat;
}

/// A read or a write that waits for the other end.
template <class Buffer>
struct mock_pending
{
    detail::stored_handler* handler = nullptr;
    flat_buffers<Buffer> buffers{};
};

/// One end: what it does, what it has received, and what it waits for.
struct mock_end
{
    mock_plan plan;
    std::string inbox; // bytes on their way to this end
    std::size_t taken = 0;
    bool no_more = false; // the other end sends nothing more
    bool closed = false;
    std::size_t operations = 0;
    std::size_t reads = 0;
    std::size_t writes = 0;
    mock_pending<asio::mutable_buffer> read;
    mock_pending<asio::const_buffer> write;

    std::size_t waiting() const noexcept { return inbox.size() - taken; }

    void discard(std::size_t n)
    {
        taken += n;
        if (waiting() == 0) {
            inbox.clear();
            taken = 0;
        }
    }
};

inline void resume_read(mock_end& own, mock_end& peer);
inline void resume_write(mock_end& own, mock_end& peer);

inline std::size_t cap(const std::vector<std::size_t>& sizes, std::size_t count) noexcept
{
    return sizes.empty() ? mock_plan::never : sizes[(count - 1) % sizes.size()];
}

// Both fail with `would_block` if the operation has to wait for the other end.
inline std::size_t try_read(mock_end& own, mock_end& peer,
                            const flat_buffers<asio::mutable_buffer>& to, error_code& ec)
{
    const asio::const_buffer held(own.inbox.data() + own.taken, own.waiting());
    if (asio::buffer_size(to) == 0)
        return 0;
    if (held.size() == 0) {
        ec = own.no_more ? error_code(asio::error::eof) : asio::error::would_block;
        return 0;
    }
    const std::size_t n = asio::buffer_copy(to, held, cap(own.plan.read_sizes, own.reads));
    own.discard(n);
    resume_write(peer, own);
    return n;
}

inline std::size_t try_write(mock_end& own, mock_end& peer,
                             const flat_buffers<asio::const_buffer>& from, error_code& ec)
{
    const std::size_t size = asio::buffer_size(from);
    if (size == 0)
        return 0;
    if (peer.closed || peer.no_more) {
        ec = asio::error::broken_pipe;
        return 0;
    }
    const std::size_t room = own.plan.capacity - std::min(own.plan.capacity, peer.waiting());
    const std::size_t n = std::min({size, room, cap(own.plan.write_sizes, own.writes)});
    if (n == 0) {
        ec = asio::error::would_block;
        return 0;
    }
    const std::size_t at = peer.inbox.size();
    peer.inbox.resize(at + n);
    asio::buffer_copy(asio::buffer(peer.inbox.data() + at, n), from);
    resume_read(peer, own);
    return n;
}

template <class Buffer>
void abort(mock_pending<Buffer>& pending)
{
    if (auto* const w = std::exchange(pending.handler, nullptr))
        w->wake(asio::error::operation_aborted, 0);
}

template <class Buffer, class Try>
void resume(mock_pending<Buffer>& pending, Try again)
{
    auto* const handler = std::exchange(pending.handler, nullptr);
    if (handler == nullptr)
        return;
    error_code ec;
    const std::size_t n = again(pending.buffers, ec);
    if (ec == asio::error::would_block)
        pending.handler = handler;
    else
        handler->wake(ec, n);
}

// The other end has changed something: what waits may be able to go on.
inline void resume_read(mock_end& own, mock_end& peer)
{
    resume(own.read,
           [&](const auto& buffers, error_code& ec) { return try_read(own, peer, buffers, ec); });
}
inline void resume_write(mock_end& own, mock_end& peer)
{
    resume(own.write,
           [&](const auto& buffers, error_code& ec) { return try_write(own, peer, buffers, ec); });
}

/// Two ends: what one writes, the other reads.
struct mock_wire
{
    std::array<mock_end, 2> ends;
};

} // namespace detail

} // namespace weft::test

#endif
