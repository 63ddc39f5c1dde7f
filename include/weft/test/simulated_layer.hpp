// A layer below whose every step is a choice of the schedule.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_SIMULATED_LAYER_HPP
#define WEFT_TEST_SIMULATED_LAYER_HPP

#include <cstddef>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/socket_base.hpp>

#include <weft/test/simulated_wire.hpp>
#include <weft/test/world.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::test {

/// An AsyncReadStream and AsyncWriteStream over a `simulated_wire`, which it does not own.
class simulated_layer
{
public:
    using executor_type = world::executor;

    explicit simulated_layer(simulated_wire& w) noexcept : wire_(&w) {}
    simulated_layer(simulated_layer&& other) noexcept : wire_(std::exchange(other.wire_, nullptr))
    {}
    simulated_layer& operator=(simulated_layer&& other) noexcept
    {
        simulated_layer old(std::move(*this));
        wire_ = std::exchange(other.wire_, nullptr);
        return *this;
    }
    ~simulated_layer()
    {
        if (wire_ != nullptr)
            wire_->close();
    }

    executor_type get_executor() const noexcept { return wire_->context().get_executor(); }

    template <class MutableBuffers, class Token>
    auto async_read_some(const MutableBuffers& buffers, Token&& token)
    {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [wire = wire_](auto handler, const MutableBuffers& b) {
                wire->start(wire->read_, std::move(handler), b);
            },
            token, buffers);
    }

    static constexpr auto wait_read = asio::socket_base::wait_read;

    /// For bytes, or the end of the stream; it can be waited for nothing else.
    template <class Token>
    auto async_wait(asio::socket_base::wait_type, Token&& token)
    {
        return asio::async_initiate<Token, void(error_code)>(
            [wire = wire_](auto handler) { wire->start_wait(std::move(handler)); }, token);
    }

    template <class ConstBuffers, class Token>
    auto async_write_some(const ConstBuffers& buffers, Token&& token)
    {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [wire = wire_](auto handler, const ConstBuffers& b) {
                wire->start(wire->write_, std::move(handler), b);
            },
            token, buffers);
    }

    void shutdown(asio::socket_base::shutdown_type what, error_code& ec)
    {
        ec = {};
        if (what == asio::socket_base::shutdown_receive)
            return;
        wire_->output_ended_ = true;
        wire_->on_output_();
    }

    void close(error_code& ec)
    {
        ec = {};
        wire_->close();
    }

private:
    simulated_wire* wire_;
};

} // namespace weft::test

#endif
