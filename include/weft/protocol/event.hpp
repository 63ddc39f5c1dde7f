// What the protocol core reports of the peer's bytes.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_EVENT_HPP
#define WEFT_PROTOCOL_EVENT_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include <weft/wire/close_code.hpp>
#include <weft/wire/error.hpp>
#include <weft/wire/opcode.hpp>

namespace weft {

/// One step of the peer's side of a connection. `bytes` point into the core's storage and are valid
/// until the next call that changes the core.
struct event
{
    enum class type : std::uint8_t {
        need_more, ///< nothing to report before more bytes come; not an error
        message,   ///< part of a message: unmasked and, as the utf8 policy says, checked
        control,   ///< a ping or a pong; the answer to a ping is already queued
        close,     ///< the peer's close frame; the answer is already queued; nothing follows
        fault      ///< the peer broke a rule; a close frame is already queued; nothing follows
    };

    type what = type::need_more;
    message_kind kind = message_kind::binary; ///< `message`
    bool first = false;                       ///< `message`: the part begins it
    bool last = false;                        ///< `message`: the part ends it
    opcode op = opcode::ping;                 ///< `control`: which of the two; `close`: that
    std::span<std::byte> bytes{};             ///< `message`: the part; `control`: the payload;
                                              ///< `close`: the reason
    close_code code = close_code::no_status;  ///< `close`: the peer's; `fault`: the one we send
    error fault = error::none;                ///< `fault`: the rule
};

} // namespace weft

#endif
