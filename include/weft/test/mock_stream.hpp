// A pair of connected streams in memory, deterministic, for tests and benchmarks.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_MOCK_STREAM_HPP
#define WEFT_TEST_MOCK_STREAM_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>

#include <weft/stream/waiter.hpp>
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
    std::size_t fail_at = never;            ///< this operation and all after it fail: 0 is the first
    error_code fail_with = asio::error::connection_reset; ///< `asio::error::eof` serves as well
};

namespace detail {

/// A read or a write that waits for the other end.
template <class Buffer>
struct mock_pending
{
    weft::detail::waiter* handler = nullptr;
    std::array<Buffer, 16> buffers{};
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

struct mock_wire
{
    std::array<mock_end, 2> ends;
};

[[noreturn]] inline void mock_abort(const char* why)
{
    std::fprintf(stderr, "weft::test::mock_stream: %s\n", why);
    std::abort();
}

} // namespace detail

/// One end of a pair that `connect_pair` makes. It is an AsyncReadStream, AsyncWriteStream,
/// SyncReadStream and SyncWriteStream of Asio. Completions are posted, never inline. A second read
/// while one is pending, or a second write, ends the program: no layer of Asio allows it. A
/// synchronous operation that would have to wait fails with `would_block`. Not thread safe.
template <class Executor = asio::any_io_executor>
class basic_mock_stream
{
    using wire = detail::mock_wire;
    using end = detail::mock_end;

public:
    using executor_type = Executor;
    template <class Other>
    struct rebind_executor
    {
        using other = basic_mock_stream<Other>;
    };

    basic_mock_stream(Executor executor, std::shared_ptr<wire> shared, std::size_t side)
        : executor_(std::move(executor)), wire_(std::move(shared)), side_(side)
    {
    }
    basic_mock_stream(basic_mock_stream&&) noexcept = default;
    basic_mock_stream& operator=(basic_mock_stream&&) noexcept = default;
    ~basic_mock_stream()
    {
        if (wire_)
            close();
    }

    executor_type get_executor() const noexcept { return executor_; }

    /// May be changed between operations.
    mock_plan& plan() noexcept { return own().plan; }

    /// Operations that were started, in all and of each kind.
    std::size_t operations() const noexcept { return own().operations; }
    std::size_t reads() const noexcept { return own().reads; }
    std::size_t writes() const noexcept { return own().writes; }

    /// Takes all bytes that have come so far.
    std::string take()
    {
        std::string bytes = own().inbox.substr(own().taken);
        own().discard(bytes.size());
        resume_write(peer(), own());
        return bytes;
    }

    template <class MutableBuffers>
    std::size_t read_some(const MutableBuffers& buffers, error_code& ec)
    {
        const auto flat = flatten<asio::mutable_buffer>(buffers);
        ec = enter(own().reads);
        return ec ? 0 : try_read(own(), peer(), flat, ec);
    }

    template <class ConstBuffers>
    std::size_t write_some(const ConstBuffers& buffers, error_code& ec)
    {
        const auto flat = flatten<asio::const_buffer>(buffers);
        ec = enter(own().writes);
        return ec ? 0 : try_write(own(), peer(), flat, ec);
    }

    template <class MutableBuffers, class Token = asio::default_completion_token_t<Executor>>
    auto async_read_some(const MutableBuffers& buffers, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto handler, const auto& flat) {
                if (own().read.handler != nullptr)
                    detail::mock_abort("a read began while another was pending");
                error_code ec = enter(own().reads);
                const std::size_t n = ec ? 0 : try_read(own(), peer(), flat, ec);
                settle(own().read, std::move(handler), flat, ec, n);
            },
            token, flatten<asio::mutable_buffer>(buffers));
    }

    template <class ConstBuffers, class Token = asio::default_completion_token_t<Executor>>
    auto async_write_some(const ConstBuffers& buffers, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto handler, const auto& flat) {
                if (own().write.handler != nullptr)
                    detail::mock_abort("a write began while another was pending");
                error_code ec = enter(own().writes);
                const std::size_t n = ec ? 0 : try_write(own(), peer(), flat, ec);
                settle(own().write, std::move(handler), flat, ec, n);
            },
            token, flatten<asio::const_buffer>(buffers));
    }

    /// The other end reads what is on its way, then the end of the stream.
    void shutdown(asio::socket_base::shutdown_type what, error_code& ec)
    {
        ec = {};
        if (what != asio::socket_base::shutdown_receive)
            end_output();
    }

    /// What is pending here is aborted; the other end reads what is on its way, then the end.
    void close(error_code& ec)
    {
        ec = {};
        close();
    }
    void close()
    {
        own().closed = true;
        end_output();
        abort(own().read);
        abort(own().write);
        own().discard(own().waiting());
        resume_write(peer(), own()); // it need not wait for us any more
    }

private:
    template <class Buffer>
    using flat_buffers = std::array<Buffer, 16>;

    end& own() const noexcept { return wire_->ends[side_]; }
    end& peer() const noexcept { return wire_->ends[1 - side_]; }

    template <class Buffer, class Buffers>
    static flat_buffers<Buffer> flatten(const Buffers& buffers)
    {
        flat_buffers<Buffer> flat;
        std::size_t n = 0;
        for (auto i = asio::buffer_sequence_begin(buffers);
             i != asio::buffer_sequence_end(buffers) && n != flat.size(); ++i)
            flat[n++] = Buffer(*i);
        return flat;
    }

    error_code enter(std::size_t& kind) noexcept
    {
        ++kind;
        if (own().operations++ >= own().plan.fail_at)
            return own().plan.fail_with;
        return own().closed ? error_code(asio::error::bad_descriptor) : error_code();
    }

    static std::size_t cap(const std::vector<std::size_t>& sizes, std::size_t count) noexcept
    {
        return sizes.empty() ? mock_plan::never : sizes[(count - 1) % sizes.size()];
    }

    // Both fail with `would_block` if the operation has to wait for the other end.
    static std::size_t try_read(end& own, end& peer, const flat_buffers<asio::mutable_buffer>& to,
                                error_code& ec)
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

    static std::size_t try_write(end& own, end& peer, const flat_buffers<asio::const_buffer>& from,
                                 error_code& ec)
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

    template <class Buffer, class Handler>
    void settle(detail::mock_pending<Buffer>& pending, Handler handler,
                const flat_buffers<Buffer>& buffers, error_code ec, std::size_t n)
    {
        auto slot = asio::get_associated_cancellation_slot(handler);
        weft::detail::waiter* const w = weft::detail::make_waiter(std::move(handler), executor_);
        if (ec != asio::error::would_block)
            return w->wake(ec, n);
        pending.handler = w;
        pending.buffers = buffers;
        if (slot.is_connected())
            slot.assign([&pending](asio::cancellation_type type) {
                if (type != asio::cancellation_type::none)
                    abort(pending);
            });
    }

    template <class Buffer>
    static void abort(detail::mock_pending<Buffer>& pending)
    {
        if (auto* const w = std::exchange(pending.handler, nullptr))
            w->wake(asio::error::operation_aborted, 0);
    }

    // The other end has changed something: what waits may be able to go on.
    static void resume_read(end& own, end& peer)
    {
        resume(own.read, [&](const auto& buffers, error_code& ec) {
            return try_read(own, peer, buffers, ec);
        });
    }
    static void resume_write(end& own, end& peer)
    {
        resume(own.write, [&](const auto& buffers, error_code& ec) {
            return try_write(own, peer, buffers, ec);
        });
    }

    template <class Buffer, class Try>
    static void resume(detail::mock_pending<Buffer>& pending, Try again)
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

    void end_output()
    {
        peer().no_more = true;
        resume_read(peer(), own());
    }

    Executor executor_;
    std::shared_ptr<wire> wire_;
    std::size_t side_;
};

using mock_stream = basic_mock_stream<>;

/// Two ends that are connected with each other.
template <class Executor>
std::pair<basic_mock_stream<Executor>, basic_mock_stream<Executor>>
connect_pair(const Executor& executor)
{
    const auto wire = std::make_shared<detail::mock_wire>();
    return {basic_mock_stream<Executor>(executor, wire, 0),
            basic_mock_stream<Executor>(executor, wire, 1)};
}

} // namespace weft::test

#endif
