// The body of a close frame: nothing, or a code and a reason in UTF-8 (RFC 6455 §5.5.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_CLOSE_BODY_HPP
#define WEFT_PROTOCOL_CLOSE_BODY_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <weft/kernel/utf8_dfa.hpp>
#include <weft/protocol/close_reason.hpp>
#include <weft/wire/error.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::detail {

constexpr bool is_utf8(std::span<const std::byte> bytes) noexcept
{
    kernel::utf8_dfa checker;
    return checker.write(bytes) == bytes.size() && checker.complete();
}

/// A body as it stands on the wire.
class close_body
{
public:
    /// Precondition: `check(reason) == error::none`, or a code without a reason.
    explicit close_body(const close_reason& reason) noexcept
    {
        if (reason.code == close_code::no_status)
            return;
        const auto code = static_cast<std::uint16_t>(reason.code);
        bytes_[size_++] = static_cast<std::byte>(code >> 8);
        bytes_[size_++] = static_cast<std::byte>(code & 0xFF);
        for (const char c : reason.reason)
            bytes_[size_++] = static_cast<std::byte>(c);
    }

    std::span<const std::byte> bytes() const noexcept { return std::span(bytes_).first(size_); }

private:
    std::array<std::byte, control_payload_max> bytes_;
    std::size_t size_ = 0;
};

/// The rule that a received body breaks, or none. Its code is the first two bytes (§7.1.5).
constexpr error check_close_body(std::span<const std::byte> body) noexcept
{
    if (body.empty())
        return error::none;
    if (body.size() == 1)
        return error::close_body_of_one_byte;
    if (!may_be_on_wire(static_cast<close_code>(big_endian(body.first(2)))))
        return error::invalid_close_code;
    return is_utf8(body.subspan(2)) ? error::none : error::invalid_close_reason;
}

/// Whether a reason may be sent (§5.5.1, §7.4): a code that may be on the wire, or none at all, and
/// UTF-8 that fits.
inline error check_close_reason(const close_reason& reason) noexcept
{
    const bool bodiless = reason.code == close_code::no_status && reason.reason.empty();
    if (!bodiless && !may_be_on_wire(reason.code))
        return error::bad_close_code;
    const bool fits = reason.reason.size() <= control_payload_max - 2;
    return fits && is_utf8(std::as_bytes(std::span(reason.reason))) ? error::none
                                                                    : error::bad_close_reason;
}

} // namespace weft::detail

#endif
