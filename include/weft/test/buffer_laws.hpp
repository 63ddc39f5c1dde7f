// The laws of the slot `buffer`: what its concept promises, against a list of bytes.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_BUFFER_LAWS_HPP
#define WEFT_TEST_BUFFER_LAWS_HPP

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <utility>

#include <weft/policy/buffer.hpp>
#include <weft/test/byte_choices.hpp>
#include <weft/test/payload_case.hpp>
#include <weft/test/verdict.hpp>

namespace weft::test {

/// A buffer and the list of bytes that it must be, compared after each step.
template <buffer_policy Buffer>
class checked_buffer
{
public:
    /// Prepares `room` and fills as much of what it gets as is wanted.
    void add(std::size_t room, std::size_t wanted)
    {
        const std::size_t held = list_.size();
        const auto begin = [&] {
            return "prepare(" + std::to_string(room) + ") with " + std::to_string(held) +
                   " bytes held, " + std::to_string(gone_) + " consumed before, ";
        };
        const std::span<std::byte> got = buffer_.prepare(room);
        if (held + room <= buffer_size_min && got.size() < room)
            return complain(begin() + "gives only " + std::to_string(got.size()) + " bytes");
        if (held == 0 && got.empty())
            return complain(begin() + "gives nothing, and so nothing can come any more");
        compare([&] { return begin() + "changes what is held"; });
        const std::size_t n = std::min(wanted, got.size());
        for (std::size_t i = 0; i != n; ++i)
            got[i] = static_cast<std::byte>(++stamp_ & 0xFF);
        list_.insert(list_.end(), got.data(), got.data() + n);
        buffer_.commit(n);
        compare([&] {
            return "commit(" + std::to_string(n) + ") behind " + std::to_string(held) +
                   " bytes, after prepare(" + std::to_string(room) + "), does not add them";
        });
    }

    void take(std::size_t wanted)
    {
        const std::size_t held = list_.size();
        const std::size_t n = std::min(wanted, held);
        const std::byte* const stays = buffer_.data().data() + n;
        buffer_.consume(n);
        gone_ += n;
        list_.erase(list_.begin(), list_.begin() + static_cast<std::ptrdiff_t>(n));
        const auto what = [&] {
            return "consume(" + std::to_string(n) + ") of " + std::to_string(held) + " bytes held ";
        };
        compare([&] { return what() + "does not forget the first and keep the rest"; });
        if (!list_.empty() && buffer_.data().data() != stays)
            complain(what() + "moves the rest, which should stay put");
    }

    void write_to_what_is_held()
    {
        for (std::byte& b : buffer_.data())
            b ^= std::byte{0xFF};
        for (std::byte& b : list_)
            b ^= std::byte{0xFF};
        compare([] { return "data() does not show what was written to it"; });
    }

    void move_away_and_back()
    {
        Buffer elsewhere = std::move(buffer_);
        buffer_ = Buffer();
        if (!buffer_.data().empty())
            complain("a new one is not empty");
        buffer_ = std::move(elsewhere);
        compare([] { return "what is held is lost when the buffer is moved"; });
    }

    /// The first promise that was broken.
    const verdict& broken() const noexcept { return broken_; }
    std::size_t size() const noexcept { return list_.size(); }

private:
    void complain(std::string what)
    {
        if (!broken_)
            broken_ = std::move(what);
    }
    template <class Sentence>
    void compare(Sentence otherwise)
    {
        if (!same_bytes(buffer_.data(), list_))
            complain(otherwise());
    }

    Buffer buffer_{};
    bytes list_{};
    std::size_t gone_ = 0;
    unsigned stamp_ = 0;
    verdict broken_{};
};

/// For each number of bytes held, at each place that earlier bytes have left them in.
template <buffer_policy Buffer>
verdict there_is_room_for_the_rest_of_a_control_frame()
{
    for (std::size_t gone = 0; gone != buffer_size_min; ++gone)
        for (std::size_t held = 0; held + gone <= buffer_size_min; ++held) {
            checked_buffer<Buffer> buffer;
            buffer.add(1, gone + held);
            buffer.take(gone);
            const std::size_t rest = buffer_size_min - buffer.size();
            buffer.add(rest, rest);
            if (buffer.broken())
                return buffer.broken();
        }
    return {};
}

/// Any use of a buffer, as the choices say, is that of a list of bytes.
template <buffer_policy Buffer>
verdict any_use_is_that_of_a_list_of_bytes(byte_choices choices)
{
    constexpr std::size_t sizes[] = {0, 1, 2, 13, 14, 15, 64, 125, 138, 139, 140, 200, 9000};
    const auto some = [&] { return sizes[choices.next() % std::size(sizes)]; };
    checked_buffer<Buffer> buffer;
    do {
        const unsigned step = choices.next() % 12;
        if (step < 5) {
            const std::size_t room = some();
            buffer.add(room, some());
        } else if (step < 10)
            buffer.take(some());
        else if (step == 10)
            buffer.write_to_what_is_held();
        else
            buffer.move_away_and_back();
    } while (!buffer.broken() && !choices.used_up());
    return buffer.broken();
}

} // namespace weft::test

#endif
