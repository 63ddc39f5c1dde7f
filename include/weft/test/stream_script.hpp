// The law of the stream: whatever a peer sends, a user starts and a layer does, each operation
// completes once, and what leaves is well-formed.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_STREAM_SCRIPT_HPP
#define WEFT_TEST_STREAM_SCRIPT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <weft/test/byte_choices.hpp>
#include <weft/test/mock_stream.hpp>
#include <weft/test/model.hpp>
#include <weft/test/verdict.hpp>

namespace weft::test {

/// One stream, its user and its peer, all led by `choices`. `Stream` is over
/// `basic_mock_stream<asio::io_context::executor_type>` and sends valid text only.
template <class Stream>
class stream_script
{
public:
    stream_script(std::span<const std::byte> wire, byte_choices choices)
        : wire_(wire),
          choices_(choices)
    {
        mock_plan& plan = stream_->next_layer().plan();
        plan.read_sizes = {choices_.amount(1 << 16), choices_.amount(1 << 16)};
        plan.write_sizes = {choices_.amount(1 << 16)};
        if (const unsigned n = choices_.next(); n % 4 == 3)
            plan.fail_at = n / 4;
        if (choices_.flip())
            stream_->auto_fragment(choices_.next() % 16);
    }

    verdict run()
    {
        stream_->adopt();
        for (int i = 0; i != 64 && !choices_.used_up(); ++i)
            act(choices_.next());
        peer_says(wire_.size());
        while (peer_reads())
            poll();
        peer_.close();
        poll();
        // A read can only wait for a peer that is gone, and so can nobody.
        if (const verdict wrong = all_completed("the peer is gone"))
            return wrong;
        return check_written();
    }

private:
    struct operation
    {
        int calls = 0;
        std::string room{};
        asio::cancellation_signal stop{};
    };

    struct completion
    {
        operation* of;
        void operator()(error_code, std::size_t = 0) const { ++of->calls; }
    };

    auto begin()
    {
        operation& o = operations_.emplace_back();
        o.room.assign(20, 'x');
        return asio::bind_cancellation_slot(o.stop.slot(), completion{&o});
    }

    void act(unsigned what)
    {
        Stream& s = *stream_;
        const unsigned size = what / 16;
        switch (what % 16) {
        case 0:
            s.async_read(asio::dynamic_buffer(text_, 1 << 20), begin());
            break;
        case 1:
            s.async_read_some(room(size), begin());
            break;
        case 2:
            s.async_write(message_kind::text, room(size + 5), begin());
            break;
        case 3:
            s.async_write_some(size % 2 == 0, message_kind::binary, room(size), begin());
            break;
        case 4:
            s.async_ping(room(size), begin());
            break;
        case 5:
            s.async_pong(room(size), begin());
            break;
        case 6:
            s.async_close({close_code::normal, "done"}, begin());
            break;
        case 7:
            peer_says(1 + size);
            break;
        case 8:
            peer_says(1 + size * 16);
            break;
        case 9:
            stream_->next_layer().plan().capacity = size == 15 ? mock_plan::never : size;
            break;
        case 10:
            peer_reads();
            break;
        case 11:
            cancel(asio::cancellation_type::total, size);
            break;
        case 12:
            cancel(asio::cancellation_type::terminal, size);
            break;
        default:
            poll_one(size);
            break;
        }
    }

    asio::mutable_buffer room(std::size_t size)
    {
        rooms_.emplace_back(size, 'x');
        return asio::buffer(rooms_.back());
    }

    void cancel(asio::cancellation_type type, std::size_t back)
    {
        if (back < operations_.size())
            operations_[operations_.size() - 1 - back].stop.emit(type);
    }

    void peer_says(std::size_t most)
    {
        const auto some = wire_.first(std::min(most, wire_.size()));
        error_code ec;
        const std::size_t n =
            some.empty() ? 0 : peer_.write_some(asio::buffer(some.data(), some.size()), ec);
        wire_ = wire_.subspan(n);
    }

    bool peer_reads()
    {
        const std::string more = peer_.take();
        written_ += more;
        return !more.empty();
    }

    void poll()
    {
        io_.restart();
        io_.poll();
    }
    void poll_one(std::size_t n)
    {
        io_.restart();
        for (; n != 0; --n)
            io_.poll_one();
    }

    verdict all_completed(const char* when) const
    {
        for (std::size_t i = 0; i != operations_.size(); ++i)
            if (operations_[i].calls != 1)
                return "operation " + std::to_string(i) + " has completed " +
                       std::to_string(operations_[i].calls) + " times when " + when;
        return {};
    }

    verdict check_written()
    {
        peer_reads();
        const auto wire = std::as_bytes(std::span(written_));
        const auto run = model::read({.from_client = Stream::policies::role::is_client}, wire);
        if (run.happenings.empty())
            return {};
        const happening& last = run.happenings.back();
        if (last.what == event::type::fault)
            return "what was written is wrong: " + print(run.happenings);
        if (last.what == event::type::close && last.settled != written_.size())
            return "something follows the close frame: " + print(wire);
        return {};
    }

    asio::io_context io_{1};
    using layer = basic_mock_stream<asio::io_context::executor_type>;
    std::pair<layer, layer> ends_ = connect_pair(io_.get_executor());
    layer& peer_ = ends_.second;
    std::deque<operation> operations_;
    std::deque<std::string> rooms_;
    std::string text_;
    std::string written_;
    std::span<const std::byte> wire_;
    byte_choices choices_;
    std::optional<Stream> stream_{std::in_place, std::move(ends_.first)};
};

/// Laws 20 to 23, 28 to 31.
template <class Stream>
verdict a_stream_completes_each_operation_once(std::span<const std::byte> wire,
                                               byte_choices choices)
{
    return stream_script<Stream>(wire, choices).run();
}

} // namespace weft::test

#endif
