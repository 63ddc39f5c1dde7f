// A payload in one piece, for a connection without Asio.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_SPAN_SOURCE_HPP
#define WEFT_PROTOCOL_SPAN_SOURCE_HPP

#include <cstddef>
#include <span>
#include <string_view>

namespace weft {

/// The source that `connection::gather` and `sent` take the current frame's payload from. The bytes
/// stay the caller's, and must stay until the frame has left. Empty, for control frames alone.
class span_source
{
public:
    span_source() = default;
    explicit span_source(std::span<const std::byte> bytes) noexcept : left_(bytes) {}
    explicit span_source(std::string_view text) noexcept : left_(std::as_bytes(std::span(text))) {}

    std::span<const std::byte> front() const noexcept { return left_; }
    void advance(std::size_t n) noexcept { left_ = left_.subspan(n); }

private:
    std::span<const std::byte> left_;
};

} // namespace weft

#endif
