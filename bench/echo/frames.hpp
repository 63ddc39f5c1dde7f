// The frames of a client that knows just enough of RFC 6455 to load a server, and shares no code
// with any of those that are measured.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BENCH_ECHO_FRAMES_HPP
#define WEFT_BENCH_ECHO_FRAMES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace echo {

/// A whole message, masked (§5.2).
inline std::string client_frame(std::string_view payload, bool text)
{
    constexpr std::string_view key = "\x37\xfa\x21\x3d";
    std::string frame(1, text ? '\x81' : '\x82');
    const int bytes = payload.size() < 126 ? 0 : payload.size() < 65536 ? 2 : 8;
    frame += static_cast<char>(0x80 | (bytes == 0   ? static_cast<int>(payload.size())
                                       : bytes == 2 ? 126
                                                    : 127));
    for (int i = bytes - 1; i >= 0; --i)
        frame += static_cast<char>(payload.size() >> 8 * i);
    frame += key;
    for (std::size_t i = 0; i < payload.size(); ++i)
        frame += static_cast<char>(payload[i] ^ key[i % 4]);
    return frame;
}

/// Takes the answers to a round of messages, in whatever frames they come.
class answers
{
public:
    /// `payloads`: of all messages, one behind the other. `raw`: no frames, the bytes themselves.
    void expect(std::string_view payloads, std::size_t messages, bool raw)
    {
        payloads_ = payloads;
        messages_ = messages;
        at_ = 0;
        raw_ = raw;
    }

    bool complete() const { return messages_ == 0; }

    /// False if the bytes are not what was expected. Contents are compared in the first round.
    bool take(std::string_view bytes)
    {
        if (raw_)
            return take_payload(bytes) && (at_ != payloads_.size() || end_round());
        while (!bytes.empty()) {
            if (left_ == 0 && !take_header(bytes))
                continue; // the rest of the header is still to come, or there is a wrong one
            const std::size_t n = std::min<std::uint64_t>(left_, bytes.size());
            if (!take_payload(bytes.substr(0, n)))
                return false;
            bytes.remove_prefix(n);
            left_ -= n;
            if (left_ == 0 && last_ && (messages_ == 0 || (--messages_ == 0 && !end_round())))
                return false;
        }
        return true;
    }

private:
    // A byte at a time until the header is whole; whether it is.
    bool take_header(std::string_view& bytes)
    {
        const auto at = [this](std::size_t i) { return static_cast<std::uint8_t>(header_[i]); };
        header_[held_++] = bytes.front();
        bytes.remove_prefix(1);
        const std::size_t size = held_ < 2 ? 2 : at(1) < 126 ? 2 : at(1) == 126 ? 4 : 10;
        if (held_ != size)
            return false;
        left_ = size == 2 ? at(1) : 0;
        for (std::size_t i = 2; i < size; ++i)
            left_ = left_ << 8 | at(i);
        last_ = (at(0) & 0x80) != 0;
        held_ = 0;
        return true;
    }

    bool take_payload(std::string_view bytes)
    {
        if (bytes.size() > payloads_.size() - at_ ||
            (!compared_ && bytes != payloads_.substr(at_, bytes.size())))
            return false;
        at_ += bytes.size();
        return true;
    }

    bool end_round()
    {
        compared_ = true;
        messages_ = 0;
        return at_ == payloads_.size();
    }

    std::string_view payloads_;
    std::size_t messages_ = 0;
    std::size_t at_ = 0;
    std::uint64_t left_ = 0; // of the frame's payload
    std::size_t held_ = 0;   // of the header
    char header_[10] = {};
    bool last_ = false;
    bool raw_ = false;
    bool compared_ = false;
};

} // namespace echo

#endif
