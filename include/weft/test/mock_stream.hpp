// A pair of connected streams in memory, deterministic, for tests and benchmarks.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_MOCK_STREAM_HPP
#define WEFT_TEST_MOCK_STREAM_HPP

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>

#include <weft/test/mock_wire.hpp>
#include <weft/test/stored_handler.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::test {

namespace detail {

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
        : executor_(std::move(executor)),
          wire_(std::move(shared)),
          side_(side)
    {}
    basic_mock_stream(basic_mock_stream&&) noexcept = default;
    basic_mock_stream& operator=(basic_mock_stream&& other) noexcept
    {
        basic_mock_stream old(std::move(*this)); // closes what it was
        executor_ = std::move(other.executor_);
        wire_ = std::move(other.wire_);
        side_ = other.side_;
        return *this;
    }
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
        std::string all = own().inbox.substr(own().taken);
        own().discard(all.size());
        detail::resume_write(peer(), own());
        return all;
    }

    template <class MutableBuffers>
    std::size_t read_some(const MutableBuffers& buffers, error_code& ec)
    {
        const auto flat = detail::flatten<asio::mutable_buffer>(buffers);
        ec = enter(own().reads);
        return ec ? 0 : detail::try_read(own(), peer(), flat, ec);
    }

    template <class ConstBuffers>
    std::size_t write_some(const ConstBuffers& buffers, error_code& ec)
    {
        const auto flat = detail::flatten<asio::const_buffer>(buffers);
        ec = enter(own().writes);
        return ec ? 0 : detail::try_write(own(), peer(), flat, ec);
    }

    template <class MutableBuffers, class Token = asio::default_completion_token_t<Executor>>
    auto async_read_some(const MutableBuffers& buffers, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto handler, const auto& flat) {
                if (own().read.handler != nullptr)
                    detail::mock_abort("a read began while another was pending");
                error_code ec = enter(own().reads);
                const std::size_t n = ec ? 0 : detail::try_read(own(), peer(), flat, ec);
                settle(own().read, std::move(handler), flat, ec, n);
            },
            token, detail::flatten<asio::mutable_buffer>(buffers));
    }

    template <class ConstBuffers, class Token = asio::default_completion_token_t<Executor>>
    auto async_write_some(const ConstBuffers& buffers, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto handler, const auto& flat) {
                if (own().write.handler != nullptr)
                    detail::mock_abort("a write began while another was pending");
                error_code ec = enter(own().writes);
                const std::size_t n = ec ? 0 : detail::try_write(own(), peer(), flat, ec);
                settle(own().write, std::move(handler), flat, ec, n);
            },
            token, detail::flatten<asio::const_buffer>(buffers));
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
        detail::abort(own().read);
        detail::abort(own().write);
        own().discard(own().waiting());
        detail::resume_write(peer(), own()); // it need not wait for us any more
    }

private:
    end& own() const noexcept { return wire_->ends[side_]; }
    end& peer() const noexcept { return wire_->ends[1 - side_]; }

    error_code enter(std::size_t& kind) noexcept
    {
        ++kind;
        if (own().operations++ >= own().plan.fail_at)
            return own().plan.fail_with;
        return own().closed ? error_code(asio::error::bad_descriptor) : error_code();
    }

    template <class Buffer, class Handler>
    void settle(detail::mock_pending<Buffer>& pending, Handler handler,
                const detail::flat_buffers<Buffer>& buffers, error_code ec, std::size_t n)
    {
        auto slot = asio::get_associated_cancellation_slot(handler);
        detail::stored_handler* const w = detail::store_handler(std::move(handler), executor_);
        if (ec != asio::error::would_block)
            return w->wake(ec, n);
        pending.handler = w;
        pending.buffers = buffers;
        if (slot.is_connected())
            slot.assign([&pending](asio::cancellation_type type) {
                if (type != asio::cancellation_type::none)
                    detail::abort(pending);
            });
    }

    void end_output()
    {
        peer().no_more = true;
        detail::resume_read(peer(), own());
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
