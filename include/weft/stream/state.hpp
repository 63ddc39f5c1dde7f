// What a stream and its operations share: the layer, the protocol core, the two lanes.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_STATE_HPP
#define WEFT_STREAM_STATE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/error.hpp>

#include <weft/stream/farewell.hpp>
#include <weft/stream/lane.hpp>
#include <weft/stream/layer.hpp>
#include <weft/stream/limit_timer.hpp>
#include <weft/stream/spare_memory.hpp>
#include <weft/stream/transfer.hpp>

namespace weft::detail {

/// Held by the stream and by each of its operations, so that an operation may outlive the stream.
template <class NextLayer, class Set>
struct stream_state : transfer<NextLayer, Set>
{
    using transfer<NextLayer, Set>::core;
    using transfer<NextLayer, Set>::next;
    using transfer<NextLayer, Set>::writing;

    using executor_type = typename NextLayer::executor_type;
    using policies = Set;
    using farewell = weft::farewell<NextLayer>;

    enum class phase : std::uint8_t { fresh, handshaking, open };

    template <class... Args>
    stream_state(typename Set::budget budget, typename Set::key_source keys,
                 typename Set::timing timing, typename Set::observer watch, Args&&... args)
        : transfer<NextLayer, Set>(std::move(budget), std::move(keys), std::forward<Args>(args)...),
          timer(std::move(timing), next.get_executor()),
          watcher(std::move(watch))
    {}

    /// The error of an operation that may not start, or none.
    error_code entry_error() const noexcept
    {
        if (cause)
            return cause;
        return at == phase::open ? error_code() : error::not_open;
    }

    /// The error of an operation that `ec` has stopped: what ended the stream, if anything did.
    error_code cause_or(error_code ec) const noexcept { return cause ? cause : ec; }

    /// The handshake owns both lanes, which are free: nothing else may start before it ends.
    error_code begin_handshake() noexcept
    {
        if (cause)
            return cause;
        if (at != phase::fresh)
            return at == phase::open ? error::already_open : error::operation_in_progress;
        at = phase::handshaking;
        timer.want(time_limit::handshake);
        return {};
    }

    void end_handshake(error_code result) noexcept
    {
        if (result)
            timer.want(time_limit::off);
        else
            open();
    }

    void open() noexcept
    {
        at = phase::open;
        timer.want(time_limit::idle);
    }

    /// Bytes of the peer's that somebody else has read. False if the buffer can't hold them.
    bool keep(std::span<const std::byte> early)
    {
        while (!early.empty()) {
            const auto room = core.prepare();
            if (room.empty())
                return false;
            const std::size_t n = std::min(room.size(), early.size());
            std::copy_n(early.begin(), n, room.begin());
            core.commit(n);
            early = early.subspan(n);
        }
        return true;
    }

    /// The first error that ends the stream is what every later operation reports. The end of the
    /// transport without a closing handshake is a loss (§7.1.5), whatever the layer calls it.
    error_code fail(error_code ec) noexcept
    {
        timer.want(time_limit::off);
        if (!cause)
            cause = farewell::is_end(ec) ? error_code(error::connection_lost) : ec;
        return cause;
    }

    /// A read that the layer aborted has lost nothing: unless something else ended the stream, it
    /// was cancelled, and the next read goes on where it stopped.
    error_code read_error(error_code ec) noexcept
    {
        return ec == asio::error::operation_aborted && !cause ? ec : fail(ec);
    }

    /// A write that was cancelled between two messages has harmed nothing. Any other failure of a
    /// write is the end: nothing can follow what was `cut`, a frame or a message, or a record of a
    /// layer that has its own.
    error_code write_error(error_code ec, bool cut) noexcept
    {
        if (ec == asio::error::operation_aborted && !cause) {
            if (!cut && !farewell::exists)
                return ec;
            ec = error::write_cut;
        }
        ec = fail(ec);
        if (std::exchange(transport_gone, true))
            return ec;
        // What still waits for the peer must not wait for ever.
        timer.want(time_limit::close);
        cut_if_unheard();
        return ec;
    }

    /// Cuts a transport that can't be written to, unless somebody still waits for its peer: else
    /// nobody would but the timer.
    void cut_if_unheard() noexcept
    {
        if (!transport_gone || reading || closing)
            return;
        timer.want(time_limit::off);
        cut();
    }

    /// Cuts the transport; everything that is pending on it completes.
    void cut() noexcept
    {
        static_assert(farewell::exists || !has_a_farewell<NextLayer>,
                      "weft: this layer has an end of its own, which weft must know: for TLS "
                      "include <weft/tls.hpp>, for another see weft/stream/farewell.hpp");
        transport_gone = true;
        weft_force_close(next);
    }

    /// The stream is gone; its operations complete.
    void abandon()
    {
        fail(asio::error::operation_aborted);
        timer.cancel();
        cut();
        read_lane.abort(cause);
        write_lane.abort(cause);
    }

    void expire() noexcept
    {
        fail(error::timeout);
        cut();
    }

    /// Tells the observer of a control frame.
    void observe(const event& e) noexcept
    {
        if constexpr (!std::is_same_v<typename Set::observer, observer::none>)
            watcher.control(e.op, e.bytes);
    }

    bool awaits_peer() const noexcept
    {
        return reading || writing || closing || core.waiting_bytes() != 0;
    }

    /// Whether a message of `size` bytes may wait with those that do.
    bool can_wait(std::size_t size) const noexcept
    {
        constexpr std::size_t most = Set::writing::waiting_bytes;
        if (size > most)
            return false;
        const std::size_t frames = 1 + (fragment_bytes != 0 ? size / fragment_bytes : 0);
        return core.waiting_bytes() + frames * frame_header_size_max + size <= most;
    }

    /// Whether something waits to be written that no write operation waits for.
    bool owes_write() const noexcept
    {
        return core.owes_control() || (Set::writing::corks && core.waiting_bytes() != 0);
    }

    /// Whether to write it now: what is corked waits while a handler runs, or is about to.
    bool owes_flush() const noexcept
    {
        return !transport_gone && (core.owes_control() || (owes_write() && completing == 0));
    }

    /// A nonzero number that tells a queued control frame apart.
    std::uint32_t new_ticket() noexcept { return ++last_ticket == 0 ? ++last_ticket : last_ticket; }

    lane read_lane;
    lane write_lane;
    spare_memory spare;
    limit_timer<typename Set::timing, executor_type> timer;
    [[no_unique_address]] typename Set::observer watcher;
    std::string subprotocol;
    std::size_t fragment_bytes = 0; // of a frame at most; 0: messages are not fragmented by us
    error_code cause;               // what ended the stream
    std::uint32_t last_ticket = 0;
    std::uint32_t completing = 0; // operations that have ended, and whose handler has not returned
    phase at = phase::fresh;
    message_kind default_kind = message_kind::binary;
    bool reading = false; // one of each kind of operation at a time
    bool closing = false;
    bool message_done = false;
    bool discarded = false; // a close has, of what came: no read can go on behind it
    bool transport_gone = false;
};

} // namespace weft::detail

#endif
