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
#include <weft/test/script_check.hpp>
#include <weft/test/verdict.hpp>

namespace weft::test {

/// One stream, its user and its peer, all led by `choices`. `Stream` is over
/// `basic_mock_stream<asio::io_context::executor_type>` and sends valid text only.
template <class Stream>
class stream_script
{
public:
    stream_script(std::span<const std::byte> wire, byte_choices choices)
        : said_(wire),
          wire_(wire),
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
        peer_reads();
        return detail::script_checker(operations_, said_, std::as_bytes(std::span(written_)),
                                      Stream::policies::role::is_client)
            .run();
    }

private:
    using operation = script_operation;

    struct completion
    {
        stream_script* in;
        operation* of;
        void operator()(error_code ec, std::size_t n = 0) const { in->complete(*of, ec, n); }
    };

    operation& add(operation::kind does = operation::other)
    {
        operation& o = operations_.emplace_back();
        o.does = does;
        o.late = told_end_;
        return o;
    }

    auto into(operation& o)
    {
        return asio::bind_cancellation_slot(o.stop.slot(), completion{this, &o});
    }

    // A read that began meanwhile, or a close, may have gone on to another message.
    void complete(operation& o, error_code ec, std::size_t n)
    {
        ++o.calls;
        o.ec = ec;
        o.n = n;
        if (o.does == operation::read_some)
            o.text.resize(n);
        told_end_ = told_end_ || ends_stream(ec);
        if (&o != last_read_ || closes_)
            return;
        o.of_kind = stream_->received_kind();
        o.is_last = stream_->is_message_done();
    }

    void read()
    {
        operation& o = add(operation::read);
        last_read_ = &o;
        stream_->async_read(asio::dynamic_buffer(o.text, 1 << 20), into(o));
    }

    // Without room it reads nothing.
    void read_some(std::size_t size)
    {
        operation& o = add(size == 0 ? operation::other : operation::read_some);
        last_read_ = size == 0 ? last_read_ : &o;
        o.text.assign(size, 'x');
        stream_->async_read_some(asio::buffer(o.text), into(o));
    }

    void act(unsigned what)
    {
        Stream& s = *stream_;
        const unsigned size = what / 16;
        switch (what % 16) {
        case 0:
            read();
            break;
        case 1:
            read_some(size);
            break;
        case 2:
            s.async_write(message_kind::text, room(size + 5), into(add()));
            break;
        case 3:
            s.async_write_some(size % 2 == 0, message_kind::binary, room(size), into(add()));
            break;
        case 4:
            s.async_ping(room(size), into(add()));
            break;
        case 5:
            s.async_pong(room(size), into(add(operation::pong)));
            break;
        case 6:
            closes_ = true;
            s.async_close({close_code::normal, "done"}, into(add()));
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

    asio::io_context io_{1};
    using layer = basic_mock_stream<asio::io_context::executor_type>;
    std::pair<layer, layer> ends_ = connect_pair(io_.get_executor());
    layer& peer_ = ends_.second;
    std::deque<operation> operations_;
    std::deque<std::string> rooms_;
    std::string written_;
    std::span<const std::byte> said_;
    std::span<const std::byte> wire_; // what of it is to come
    byte_choices choices_;
    const operation* last_read_ = nullptr;
    bool closes_ = false;
    bool told_end_ = false; // somebody was
    std::optional<Stream> stream_{std::in_place, std::move(ends_.first)};
};

/// Laws 20 to 23, 28 to 31: of what was read, of the frames and pongs that were written, and of the
/// end. What the writes report is compared with the wire by the simulation. The last 31 bytes are
/// the script, what is before them the peer's wire.
template <class Stream>
verdict a_stream_completes_each_operation_once(std::span<const std::byte> input)
{
    const auto script = input.last(std::min<std::size_t>(input.size(), 31));
    const auto wire = input.first(input.size() - script.size());
    return stream_script<Stream>(wire, byte_choices(script)).run();
}

} // namespace weft::test

#endif
