// Close codes (RFC 6455 §7.4 and the IANA registry it founded).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_WIRE_CLOSE_CODE_HPP
#define WEFT_WIRE_CLOSE_CODE_HPP

#include <cstdint>

namespace weft {

/// Why a connection ends (RFC 6455 §7.4.1). Any other number is made with `close_code{4001}`.
enum class close_code : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unsupported_data = 1003,
    no_status = 1005, ///< never on the wire: the close frame had no body
    abnormal = 1006,  ///< never on the wire: there was no close frame
    invalid_payload = 1007,
    policy_violation = 1008,
    message_too_big = 1009,
    extension_required = 1010,
    internal_error = 1011,
    service_restart = 1012,
    try_again_later = 1013,
    bad_gateway = 1014,
    tls_handshake = 1015 ///< never on the wire
};

/// Whether a close frame may carry `code`: 1000–1003, 1007–1014, and the registered and private
/// ranges 3000–4999 (RFC 6455 §7.4.2). The same codes may be sent and received.
constexpr bool may_be_on_wire(close_code code) noexcept
{
    const auto n = static_cast<std::uint16_t>(code);
    return (n >= 1000 && n <= 1003) || (n >= 1007 && n <= 1014) || (n >= 3000 && n <= 4999);
}

static_assert(may_be_on_wire(close_code::normal) && may_be_on_wire(close_code::bad_gateway));
static_assert(!may_be_on_wire(close_code{999}) && !may_be_on_wire(close_code{1004}));
static_assert(!may_be_on_wire(close_code::no_status) && !may_be_on_wire(close_code::abnormal));
static_assert(!may_be_on_wire(close_code::tls_handshake) && !may_be_on_wire(close_code{2999}));
static_assert(may_be_on_wire(close_code{3000}) && may_be_on_wire(close_code{4999}));
static_assert(!may_be_on_wire(close_code{5000}));

} // namespace weft

#endif
