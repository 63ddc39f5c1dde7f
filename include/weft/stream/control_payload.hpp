// A control frame's payload, copied into the operation that sends it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_CONTROL_PAYLOAD_HPP
#define WEFT_STREAM_CONTROL_PAYLOAD_HPP

#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

#include <boost/asio/buffer.hpp>

#include <weft/wire/frame_header.hpp>

namespace weft::detail {

/// The caller's bytes need not outlive the call that makes the operation.
class control_payload
{
public:
    explicit control_payload(boost::asio::const_buffer bytes) noexcept
        : size_(bytes.size() < bytes_.size() ? bytes.size() : bytes_.size())
    {
        if (size_ != 0)
            std::memcpy(bytes_.data(), bytes.data(), size_);
    }

    /// Whether all of it may be sent (RFC 6455 §5.5).
    bool fits() const noexcept { return size_ <= control_payload_max; }

    std::span<const std::byte> bytes() const noexcept { return std::span(bytes_).first(size_); }

    std::string_view text() const noexcept
    {
        return {reinterpret_cast<const char*>(bytes_.data()), size_};
    }

private:
    std::array<std::byte, control_payload_max + 1> bytes_; // one more, to know what was too long
    std::size_t size_;
};

} // namespace weft::detail

#endif
