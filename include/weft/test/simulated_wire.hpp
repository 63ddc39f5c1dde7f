// The two directions of a simulated connection: how much passes, when, in what order, what fails.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_SIMULATED_WIRE_HPP
#define WEFT_TEST_SIMULATED_WIRE_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>

#include <weft/test/mock_wire.hpp>
#include <weft/test/stored_handler.hpp>
#include <weft/test/wire_writer.hpp>
#include <weft/test/world.hpp>
#include <weft/wire/error_code.hpp>

namespace weft::test {

/// The far side of a `simulated_layer`: what the peer says and hears. A read that is pending gets
/// one byte or all there is, a write gives one byte or all it has, in any order, and either may
/// fail. It must outlive the layer.
class simulated_wire final : private actor
{
public:
    explicit simulated_wire(world& w) : world_(w) { w.add(*this); }
    simulated_wire(const simulated_wire&) = delete;
    simulated_wire& operator=(const simulated_wire&) = delete;
    ~simulated_wire() { world_.remove(*this); }

    world& context() const noexcept { return world_; }

    void peer_says(std::span<const std::byte> more)
    {
        inbox_.insert(inbox_.end(), more.begin(), more.end());
    }

    /// The peer has said all: reads come to the end of the stream.
    void peer_ends() noexcept { peer_ended_ = true; }

    /// All that was written, and all that was read.
    std::span<const std::byte> written() const noexcept { return written_; }
    std::span<const std::byte> received() const noexcept { return std::span(inbox_).first(taken_); }

    /// As if all that was written, and the first `n` bytes of what was read, had never been.
    void forget(std::size_t n)
    {
        inbox_.erase(inbox_.begin(), inbox_.begin() + static_cast<std::ptrdiff_t>(n));
        taken_ -= n;
        written_.clear();
    }

    /// Whether a read has come to the end, and whether nobody has read all up to it.
    bool told_end() const noexcept { return told_end_; }
    bool has_unread() const noexcept { return waiting() != 0 || (peer_ended_ && !told_end_); }

    /// Called after each write of bytes, and at the end of the output: how the peer reacts.
    void on_output(std::function<void()> f) { on_output_ = std::move(f); }

    /// Whether the layer has ended its output, or is closed.
    bool output_ended() const noexcept { return output_ended_ || closed_; }

    /// Whether a read was ever started beside a read, or a write beside a write.
    bool overlapped() const noexcept { return overlapped_; }

private:
    friend class simulated_layer;

    template <class Buffer>
    using pending = detail::mock_pending<Buffer>;

    std::size_t waiting() const noexcept { return inbox_.size() - taken_; }
    std::size_t readable() const { return std::min(waiting(), room()); }
    std::size_t room() const { return asio::buffer_size(read_.buffers); }
    std::size_t writable() const { return asio::buffer_size(write_.buffers); }

    // One byte or all: what is right for these is right for the splits between.
    std::size_t amounts(std::size_t n) const
    {
        return std::min<std::size_t>(n, world_.left.splits == 0 ? 1 : 2);
    }
    std::size_t amount(std::size_t option, std::size_t n) const
    {
        if (option == 0)
            return n;
        world_.left.splits -= world_.left.splits == bounds::none ? 0 : 1;
        return 1;
    }

    std::size_t read_options() const
    {
        if (read_.handler == nullptr)
            return 0;
        if (only_tells_)
            return waiting() != 0 || peer_ended_ ? 1 : 0;
        return readable() == 0 ? (peer_ended_ ? 1 : 0) : amounts(readable());
    }
    std::size_t write_options() const
    {
        return write_.handler == nullptr ? 0 : amounts(writable());
    }

    std::size_t options() const override
    {
        const std::size_t faults =
            world_.left.faults == 0 ? 0 : (read_.handler ? 1u : 0u) + (write_.handler ? 1u : 0u);
        return read_options() + write_options() + faults;
    }

    std::string name(std::size_t option) const override
    {
        if (option < read_options())
            return only_tells_       ? "the layer tells that it can be read"
                   : readable() == 0 ? "a read comes to the end"
                   : option == 0     ? "a read gets all"
                                     : "a read gets one byte";
        option -= read_options();
        if (option < write_options())
            return option == 0 ? "a write gives all" : "a write gives one byte";
        return option == write_options() && read_.handler ? "a read fails" : "a write fails";
    }

    void act(std::size_t option) override
    {
        if (option < read_options())
            return only_tells_ ? finish(read_, {}, 0) : finish_read(amount(option, readable()));
        option -= read_options();
        if (option < write_options())
            return finish_write(amount(option, writable()));
        option -= write_options();
        --world_.left.faults;
        if (option == 0 && read_.handler)
            finish(read_, asio::error::connection_reset, 0);
        else
            finish(write_, asio::error::broken_pipe, 0);
    }

    void finish_read(std::size_t n)
    {
        if (n == 0) {
            told_end_ = true;
            return finish(read_, asio::error::eof, 0);
        }
        asio::buffer_copy(read_.buffers, asio::buffer(inbox_.data() + taken_, n));
        taken_ += n;
        finish(read_, {}, n);
    }

    void finish_write(std::size_t n)
    {
        const std::size_t at = written_.size();
        written_.resize(at + n);
        asio::buffer_copy(asio::buffer(written_.data() + at, n), write_.buffers);
        finish(write_, {}, n);
        on_output_();
    }

    template <class Buffer>
    static void finish(pending<Buffer>& p, error_code ec, std::size_t n)
    {
        std::exchange(p.handler, nullptr)->wake(ec, n);
    }

    template <class Buffer, class Handler, class Buffers>
    void start(pending<Buffer>& p, Handler&& handler, const Buffers& buffers)
    {
        overlapped_ = overlapped_ || p.handler != nullptr;
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto* const stored =
            detail::store_handler(std::forward<Handler>(handler), world_.get_executor());
        if (closed_ || p.handler != nullptr)
            return stored->wake(asio::error::bad_descriptor, 0);
        p.buffers = detail::flatten<Buffer>(buffers);
        if (asio::buffer_size(p.buffers) == 0)
            return stored->wake({}, 0);
        if constexpr (std::same_as<Buffer, asio::mutable_buffer>)
            only_tells_ = false;
        pend(p, stored, slot);
    }

    // A read that takes nothing: it is told when there is something, or the end.
    template <class Handler>
    void start_wait(Handler&& handler)
    {
        overlapped_ = overlapped_ || read_.handler != nullptr;
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto* const stored = detail::store_handler<void(error_code)>(std::forward<Handler>(handler),
                                                                     world_.get_executor());
        if (closed_ || read_.handler != nullptr)
            return stored->wake(asio::error::bad_descriptor, 0);
        only_tells_ = true;
        pend(read_, stored, slot);
    }

    template <class Buffer>
    static void pend(pending<Buffer>& p, detail::stored_handler* handler,
                     asio::cancellation_slot slot)
    {
        p.handler = handler;
        if (slot.is_connected())
            slot.assign([&p](asio::cancellation_type type) {
                if (type != asio::cancellation_type::none)
                    abort(p);
            });
    }

    template <class Buffer>
    static void abort(pending<Buffer>& p)
    {
        if (p.handler != nullptr)
            finish(p, asio::error::operation_aborted, 0);
    }

    void close()
    {
        closed_ = true;
        abort(read_);
        abort(write_);
    }

    world& world_;
    bytes inbox_{};
    std::size_t taken_ = 0;
    bytes written_{};
    std::function<void()> on_output_ = [] {};
    pending<asio::mutable_buffer> read_{};
    pending<asio::const_buffer> write_{};
    bool only_tells_ = false; // what is pending for bytes takes none
    bool peer_ended_ = false;
    bool told_end_ = false;
    bool output_ended_ = false;
    bool closed_ = false;
    bool overlapped_ = false;
};

} // namespace weft::test

#endif
