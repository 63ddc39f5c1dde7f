// Every error that weft reports: one code for each rule (RFC 6455 §4–§7, §10).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_WIRE_ERROR_HPP
#define WEFT_WIRE_ERROR_HPP

#include <cstdint>

#include <weft/wire/close_code.hpp>

namespace weft {

/// The families that a program usually asks for: `if (ec == weft::condition::timeout)`.
enum class condition : std::uint8_t {
    none = 0,
    handshake_failed = 1,   ///< the opening handshake did not succeed
    protocol_violation = 2, ///< the peer broke RFC 6455 after the handshake
    limit_exceeded = 3,     ///< the peer asked for more than the budget policy allows
    timeout = 4,            ///< a time limit of the timing policy has passed
    misuse = 5              ///< the call was refused; nothing was sent, the stream is unharmed
};

/// One code for each rule. `describe` tells its sentence, its family and the close code that
/// the peer is sent.
enum class error : std::uint8_t {
    none = 0,

    // The peer broke the framing (RFC 6455 §5).
    reserved_bits,
    reserved_opcode,
    fragmented_control,
    control_too_long,
    length_not_minimal,
    length_top_bit,
    unmasked_frame,
    masked_frame,
    unexpected_continuation,
    unfinished_message,
    invalid_utf8,
    close_body_of_one_byte,
    invalid_close_code,
    invalid_close_reason,

    // The peer asked for too much (RFC 6455 §10.4).
    frame_too_big,
    message_too_big,
    too_many_fragments,
    handshake_too_big,
    too_many_fields,

    // The end of a connection.
    closed,
    connection_lost,
    write_cut,
    timeout,

    // The opening handshake (RFC 6455 §4).
    bad_request_line,
    bad_method,
    bad_status_line,
    bad_field,
    request_body,
    bad_host,
    bad_upgrade,
    bad_connection,
    bad_version,
    bad_key,
    bad_accept,
    unoffered_subprotocol,
    unoffered_extension,
    bad_subprotocol,
    bad_extension,
    refused,
    declined,

    // The call was wrong; nothing was sent.
    operation_in_progress,
    not_open,
    already_open,
    bad_handshake_argument,
    bad_close_code,
    bad_close_reason,
    control_payload_too_long,
    text_not_utf8,
    buffer_too_small,
    write_queue_full
};

/// What a code means.
struct error_description
{
    const char* sentence;
    condition family = condition::none;
    close_code close = close_code::abnormal; ///< what the peer is sent; `abnormal`: nothing
};

/// The table of all errors. Total: any other value is described as unknown.
constexpr error_description describe(error e) noexcept
{
    using enum condition;
    constexpr auto broken = close_code::protocol_error;
    constexpr auto payload = close_code::invalid_payload;
    constexpr auto big = close_code::message_too_big;
    // clang-format off: a table
    switch (e) {
    case error::none: return {"no error"};

    case error::reserved_bits: return {"a reserved bit is set without an extension (RFC 6455 §5.2)", protocol_violation, broken};
    case error::reserved_opcode: return {"the opcode is reserved (RFC 6455 §5.2)", protocol_violation, broken};
    case error::fragmented_control: return {"a control frame is fragmented (RFC 6455 §5.5)", protocol_violation, broken};
    case error::control_too_long: return {"a control frame has more than 125 bytes (RFC 6455 §5.5)", protocol_violation, broken};
    case error::length_not_minimal: return {"the payload length is not in its shortest form (RFC 6455 §5.2)", protocol_violation, broken};
    case error::length_top_bit: return {"the top bit of a 64-bit payload length is set (RFC 6455 §5.2)", protocol_violation, broken};
    case error::unmasked_frame: return {"a client's frame is not masked (RFC 6455 §5.1)", protocol_violation, broken};
    case error::masked_frame: return {"a server's frame is masked (RFC 6455 §5.1)", protocol_violation, broken};
    case error::unexpected_continuation: return {"a continuation frame has no message to continue (RFC 6455 §5.4)", protocol_violation, broken};
    case error::unfinished_message: return {"a new message starts inside another (RFC 6455 §5.4)", protocol_violation, broken};
    case error::invalid_utf8: return {"text is not valid UTF-8 (RFC 6455 §8.1)", protocol_violation, payload};
    case error::close_body_of_one_byte: return {"a close frame's body has one byte (RFC 6455 §5.5.1)", protocol_violation, broken};
    case error::invalid_close_code: return {"a close frame's code may not be sent (RFC 6455 §7.4)", protocol_violation, broken};
    case error::invalid_close_reason: return {"a close frame's reason is not valid UTF-8 (RFC 6455 §5.5.1)", protocol_violation, payload};

    case error::frame_too_big: return {"a frame is larger than the budget (RFC 6455 §10.4)", limit_exceeded, big};
    case error::message_too_big: return {"a message is larger than the budget (RFC 6455 §10.4)", limit_exceeded, big};
    case error::too_many_fragments: return {"a message has more fragments than the budget (RFC 6455 §10.4)", limit_exceeded, close_code::policy_violation};
    case error::handshake_too_big: return {"the opening handshake is larger than the budget", limit_exceeded};
    case error::too_many_fields: return {"the opening handshake has more header fields than the budget", limit_exceeded};

    case error::closed: return {"the connection was closed by both sides (RFC 6455 §7.1.4)"};
    case error::connection_lost: return {"the connection ended without a closing handshake (RFC 6455 §7.1.5)"};
    case error::write_cut: return {"a write was cut inside a frame or a message; nothing can follow it"};
    case error::timeout: return {"a time limit has passed", condition::timeout};

    case error::bad_request_line: return {"the request line is not 'GET target HTTP/1.1' (RFC 6455 §4.1)", handshake_failed};
    case error::bad_method: return {"the method is not GET (RFC 6455 §4.1)", handshake_failed};
    case error::bad_status_line: return {"the status line is not HTTP/1.1's (RFC 6455 §4.1)", handshake_failed};
    case error::bad_field: return {"a header field is malformed (RFC 9112 §5)", handshake_failed};
    case error::request_body: return {"an upgrade request announces a body (RFC 6455 §4.1)", handshake_failed};
    case error::bad_host: return {"Host is missing, repeated or malformed (RFC 6455 §4.2.1)", handshake_failed};
    case error::bad_upgrade: return {"Upgrade does not name websocket (RFC 6455 §4.1, §4.2.1)", handshake_failed};
    case error::bad_connection: return {"Connection does not name Upgrade (RFC 6455 §4.1, §4.2.1)", handshake_failed};
    case error::bad_version: return {"Sec-WebSocket-Version is not 13 (RFC 6455 §4.2.1)", handshake_failed};
    case error::bad_key: return {"Sec-WebSocket-Key is not 16 bytes in Base64 (RFC 6455 §4.2.1)", handshake_failed};
    case error::bad_accept: return {"Sec-WebSocket-Accept does not answer the key (RFC 6455 §4.1)", handshake_failed};
    case error::unoffered_subprotocol: return {"the server chose a subprotocol that was not offered (RFC 6455 §4.1)", handshake_failed};
    case error::unoffered_extension: return {"the server chose an extension that was not offered (RFC 6455 §4.1)", handshake_failed};
    case error::bad_subprotocol: return {"Sec-WebSocket-Protocol is not a list of tokens (RFC 6455 §4.1)", handshake_failed};
    case error::bad_extension: return {"Sec-WebSocket-Extensions is malformed (RFC 6455 §9.1)", handshake_failed};
    case error::refused: return {"this server refused the request", handshake_failed};
    case error::declined: return {"the server did not upgrade the connection (RFC 6455 §4.1)", handshake_failed};

    case error::operation_in_progress: return {"an operation of this kind is already active", misuse};
    case error::not_open: return {"the stream is not open", misuse};
    case error::already_open: return {"the stream is already open", misuse};
    case error::bad_handshake_argument: return {"a target, host, field or subprotocol may not be sent (RFC 9112 §11.1)", misuse};
    case error::bad_close_code: return {"this close code may not be sent (RFC 6455 §7.4)", misuse};
    case error::bad_close_reason: return {"a close reason is UTF-8 of at most 123 bytes (RFC 6455 §5.5.1)", misuse};
    case error::control_payload_too_long: return {"a control frame carries at most 125 bytes (RFC 6455 §5.5)", misuse};
    case error::text_not_utf8: return {"text to be sent is not valid UTF-8 (RFC 6455 §8.1)", misuse};
    case error::buffer_too_small: return {"the caller's buffer cannot hold the message", misuse};
    case error::write_queue_full: return {"the message does not fit what may wait to be written", misuse};
    }
    // clang-format on
    return {"unknown error"};
}

/// The last code of the enumeration: tests and tables run from `none` to it.
inline constexpr error last_error = error::write_queue_full;

static_assert(describe(error::length_top_bit).close == close_code::protocol_error);
static_assert(describe(error::invalid_utf8).close == close_code::invalid_payload);
static_assert(describe(error::message_too_big).family == condition::limit_exceeded);

} // namespace weft

#endif
