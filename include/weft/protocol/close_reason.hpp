// Why a connection is closed: a code and a few words (RFC 6455 §7.1.5, §7.1.6).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_CLOSE_REASON_HPP
#define WEFT_PROTOCOL_CLOSE_REASON_HPP

#include <string_view>

#include <weft/wire/close_code.hpp>

namespace weft {

/// The body of a close frame. To be sent, `code` must pass `may_be_on_wire`, or be `no_status`
/// without a reason for a frame with no body; `reason` is UTF-8 of at most 123 bytes.
struct close_reason
{
    close_code code = close_code::normal;
    std::string_view reason{};
};

} // namespace weft

#endif
