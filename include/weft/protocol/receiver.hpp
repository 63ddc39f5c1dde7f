// The receiving half of a connection: bytes in, events out (RFC 6455 §5, §6.2).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_RECEIVER_HPP
#define WEFT_PROTOCOL_RECEIVER_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <utility>

#include <weft/policy/policy_set.hpp>
#include <weft/protocol/allowance.hpp>
#include <weft/protocol/close_body.hpp>
#include <weft/protocol/event.hpp>
#include <weft/protocol/payload.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::detail {

template <class Set>
class receiver
{
public:
    std::span<std::byte> prepare()
    {
        release();
        return in_.prepare(room_wanted());
    }

    /// Keeps no byte that nobody needs any more.
    void release() noexcept
    {
        forget_handed_out();
        // What follows a fault means nothing, and would take the room to drain the rest.
        if (ended_.what == event::type::fault)
            in_.consume(in_.data().size());
    }

    // After the end, what comes is only drained.
    void commit(std::size_t n) noexcept { in_.commit(ended() ? 0 : n); }

    std::span<std::byte> unread() noexcept { return in_.data(); }
    void consume(std::size_t n) noexcept { in_.consume(n); }
    std::span<std::byte> handed_out() noexcept { return in_.data().first(handed_out_); }
    void borrow_from(std::pmr::memory_resource& lender) noexcept { in_.borrow_from(lender); }

    /// The next event; message parts have at most `part_max` bytes, which is above 0.
    event poll(const budget::limits& limits, std::size_t part_max)
    {
        forget_handed_out();
        while (ended_.what == event::type::need_more) {
            if (!in_frame_ && !begin_frame(limits))
                break;
            if (is_control(header_.op)) {
                if (in_.data().size() < header_.payload_size)
                    break;
                return end_control();
            }
            const auto available = in_.data();
            const auto size = std::min<std::uint64_t>({available.size(), left_, part_max});
            if (size == 0 && left_ != 0)
                break;
            handed_out_ = static_cast<std::size_t>(size);
            if (const event e = take(available.first(handed_out_));
                e.what != event::type::need_more)
                return e;
        }
        return end();
    }

    /// Payload bytes that may be received straight into the caller's memory, ahead of `prepare`'s:
    /// what the current frame still owes, if nothing of it waits in the buffer.
    std::uint64_t direct_size() noexcept
    {
        const bool in_payload = in_frame_ && !ended() && !is_control(header_.op);
        return in_payload && in_.data().size() == handed_out_ ? left_ : 0;
    }

    /// The event of bytes that were received so. `bytes.size() <= direct_size()`, above 0.
    event direct(std::span<std::byte> bytes) noexcept
    {
        forget_handed_out();
        return take(bytes);
    }

    close_reason peer_close() noexcept
    {
        if (ended_.what != event::type::close)
            return {close_code::abnormal, {}};
        const auto reason = in_.data();
        return {ended_.code, {reinterpret_cast<const char*>(reason.data()), reason.size()}};
    }

    bool ended() const noexcept { return ended_.what != event::type::need_more; }
    bool in_message() const noexcept { return in_message_; }
    message_kind kind() const noexcept { return kind_; }

private:
    using role = typename Set::role;
    using masking = typename Set::masking;

    static constexpr mask_rule mask() noexcept
    {
        if (!Set::peer_masking::is_required)
            return mask_rule::either;
        return role::is_client ? mask_rule::forbidden : mask_rule::required;
    }

    // A control frame is handed out whole: without room for the rest of it, it would never be.
    std::size_t room_wanted() noexcept
    {
        const std::size_t held = in_.data().size();
        return held < buffer_size_min ? buffer_size_min - held : 1;
    }

    void forget_handed_out() noexcept { in_.consume(std::exchange(handed_out_, 0)); }

    event fail(error e) noexcept
    {
        ended_.what = event::type::fault;
        ended_.fault = e;
        ended_.code = describe(e).close;
        return ended_;
    }

    bool begin_frame(const budget::limits& limits) noexcept
    {
        const frame_rules rules{.mask = mask(),
                                .position = in_message_ ? message_position::inside
                                                        : message_position::between};
        const decoded_header decoded = decode(in_.data(), rules);
        if (decoded.fault != error::none)
            return fail(decoded.fault), false;
        if (!decoded)
            return false;
        header_ = decoded.header;
        left_ = header_.payload_size;
        if (!is_control(header_.op))
            if (const error e = enter_data_frame(limits); e != error::none)
                return fail(e), false;
        in_.consume(decoded.size);
        in_frame_ = true;
        return true;
    }

    error enter_data_frame(const budget::limits& limits) noexcept
    {
        if (!in_message_) {
            allowance_.begin_message(limits);
            kind_ = static_cast<message_kind>(header_.op);
            in_message_ = true;
            at_first_part_ = true;
        }
        return allowance_.take_frame(left_, limits);
    }

    // Unmasks and checks the next bytes of the frame, and says what there is to report of them.
    event take(std::span<std::byte> bytes) noexcept
    {
        const auto phase = static_cast<std::size_t>((header_.payload_size - left_) % 4);
        const bool is_text = kind_ == message_kind::text;
        const std::size_t good = payload_.take(header_, phase, is_text, bytes);
        left_ -= bytes.size();
        const bool last = header_.fin && left_ == 0;
        const bool valid = good == bytes.size() && (!last || payload_.finish(is_text));
        bytes = bytes.first(good);
        if (!valid)
            fail(error::invalid_utf8);
        if (left_ == 0)
            in_frame_ = false;
        const bool done = last && valid;
        // A frame without a payload that does not end its message is nothing to anyone, and so is
        // an invalid message's part before the fault when nothing of it is left.
        if (bytes.empty() && !done)
            return ended_;
        event out;
        out.what = event::type::message;
        out.kind = kind_;
        out.first = at_first_part_;
        out.last = done;
        out.bytes = bytes;
        at_first_part_ = false;
        if (done)
            in_message_ = false;
        return out;
    }

    event end_control()
    {
        const auto payload = in_.data().first(static_cast<std::size_t>(header_.payload_size));
        if (header_.masked)
            masking::apply(payload, header_.key, 0);
        in_frame_ = false;
        if (header_.op == opcode::close)
            return end_close(payload);
        handed_out_ = payload.size();
        event out;
        out.what = event::type::control;
        out.op = header_.op;
        out.bytes = payload;
        return out;
    }

    event end_close(std::span<std::byte> body)
    {
        if (const error broken = check_close_body(body); broken != error::none)
            return fail(broken);
        if (!body.empty())
            ended_.code = static_cast<close_code>(big_endian(body.first(2)));
        keep_only(body.empty() ? body : body.subspan(2));
        ended_.what = event::type::close;
        ended_.op = opcode::close;
        return end();
    }

    event end() noexcept
    {
        ended_.bytes = ended_.what == event::type::close ? in_.data() : std::span<std::byte>();
        return ended_;
    }

    // The reason stays, as the buffer's only content; the other room serves to drain what comes.
    void keep_only(std::span<const std::byte> reason)
    {
        std::array<std::byte, control_payload_max> copy;
        std::ranges::copy(reason, copy.begin());
        in_.consume(in_.data().size());
        std::copy_n(copy.begin(), reason.size(), in_.prepare(reason.size()).begin());
        in_.commit(reason.size());
    }

    typename Set::buffer in_;
    frame_header header_;
    allowance allowance_;
    std::uint64_t left_ = 0;     // of the current frame's payload
    std::size_t handed_out_ = 0; // bytes at the front of the buffer that an event showed
    event ended_;                // `need_more` as long as this half goes on
    message_kind kind_ = message_kind::binary;
    bool in_frame_ = false;
    bool in_message_ = false;
    bool at_first_part_ = false;
    [[no_unique_address]] payload<typename Set::utf8, masking> payload_;
};

} // namespace weft::detail

#endif
