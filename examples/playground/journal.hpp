// What passed on one page's connection, kept until the page's second connection tells it.
// SPDX-License-Identifier: BSL-1.0
#ifndef PLAYGROUND_JOURNAL_HPP
#define PLAYGROUND_JOURNAL_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include <weft/wire/frame_header.hpp>

namespace playground {

enum class sender : std::uint8_t { client, server };

/// A frame's header and the first bytes of its payload, unmasked.
struct seen_frame
{
    weft::frame_header header;
    std::array<std::byte, 32> start{};
    std::size_t start_size = 0;
};

/// Remembers the frames that are not told yet, at most `frames_max`: in a burst the others are only
/// counted. One thread.
class journal
{
public:
    static constexpr std::size_t frames_max = 40;

    void frame(sender from, const seen_frame& frame);

    /// Something that isn't a frame: the connection's beginning, its end, a malformed header.
    void remark(std::string_view text);

    /// What came since the last call, one JSON object a line. Empty if nothing did.
    std::string take_lines();

private:
    using clock = std::chrono::steady_clock;

    void push(std::string line);

    clock::time_point since_ = clock::now();
    std::deque<std::string> lines_;
    std::uint64_t untold_ = 0;
};

} // namespace playground

#endif
