// Finds the frames in the bytes of one direction, however they are cut (RFC 6455 §5.2).
// SPDX-License-Identifier: BSL-1.0
#ifndef PLAYGROUND_FRAME_WATCH_HPP
#define PLAYGROUND_FRAME_WATCH_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "journal.hpp"

namespace playground {

class frame_watch
{
public:
    explicit frame_watch(sender from) noexcept : from_(from) {}

    /// The next bytes; a frame is written down when its first bytes, or all of them, have come.
    void see(std::span<const std::byte> bytes, journal& into);

private:
    std::size_t take_header(std::span<const std::byte> bytes, journal& into);
    std::size_t take_payload(std::span<const std::byte> bytes, journal& into);

    sender from_;
    std::array<std::byte, weft::frame_header_size_max> head_{};
    std::size_t head_size_ = 0;
    seen_frame frame_;
    std::uint64_t payload_left_ = 0;
    bool in_payload_ = false;
    bool lost_ = false; // after a malformed header nobody knows where the next one is
};

} // namespace playground

#endif
