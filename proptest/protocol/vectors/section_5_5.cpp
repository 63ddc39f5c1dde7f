// §5.5 control frames: close (§5.5.1), ping (§5.5.2), pong (§5.5.3).
#include <protocol/vectors/vectors.hpp>

namespace weft::vectors {

namespace {

const opcode controls[] = {opcode::close, opcode::ping, opcode::pong};

std::string name_of(opcode op)
{
    return op == opcode::close ? "close" : op == opcode::ping ? "ping" : "pong";
}

// "All control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented."
void all(pack& out)
{
    for (const opcode op : controls) {
        const std::string name = name_of(op);
        for (const auto& [declared, form] : {std::pair{126U, length_form::bits_16},
                                             {1000U, length_form::bits_16},
                                             {65536U, length_form::bits_64},
                                             {5U, length_form::bits_16},
                                             {5U, length_form::bits_64}})
            out.both("5_5_a_" + name + "_with_more_than_7_bits_of_length_fails_" +
                         std::to_string(declared) +
                         (form == length_form::bits_16 ? "_in_16_bits" : "_in_64_bits"),
                     {{.op = op, .form = form, .length = declared}},
                     {fault(error::control_too_long, 2)});
        out.both("5_5_a_fragmented_" + name + "_fails", {data(op, "", false)},
                 {fault(error::fragmented_control, 1)});
        out.both("5_5_a_fragmented_" + name + "_inside_a_message_fails",
                 {data(opcode::text, "a", false), data(op, "", false)},
                 {fault(error::fragmented_control, 4)}, 1);
    }
}

void pings_and_pongs(pack& out)
{
    for (const std::size_t size : {0U, 1U, 2U, 124U, 125U}) {
        const std::string payload(size, '\xFF');
        out.both("5_5_2_a_ping_has_any_bytes_" + std::to_string(size),
                 {data(opcode::ping, payload)}, {ping(payload)});
        out.both("5_5_3_an_unsolicited_pong_is_no_fault_" + std::to_string(size),
                 {data(opcode::pong, payload)}, {pong(payload)});
    }
    out.both("5_5_2_pings_before_and_after_a_message",
             {data(opcode::ping, "1"), data(opcode::text, "m"), data(opcode::ping, "2")},
             {ping("1"), text("m"), ping("2")});
}

// "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer".
void closes(pack& out)
{
    out.both("5_5_1_a_close_may_have_no_body", {data(opcode::close, "")}, {closed()});
    for (const char only : {'\0', '\x03', '\xFF'})
        out.both("5_5_1_a_close_body_of_one_byte_fails_" + std::to_string(only & 0xFF),
                 {data(opcode::close, std::string(1, only))},
                 {fault(error::close_body_of_one_byte, 3)}, 1);
    out.both("5_5_1_a_close_may_have_a_code_alone", {with_code(1000)}, {closed(1000)});
    out.both("5_5_1_a_close_may_have_the_longest_reason", {with_code(1000, std::string(123, 'r'))},
             {closed(1000, std::string(123, 'r'))});
    out.both(
        "5_5_1_nothing_is_read_after_a_close",
        {with_code(1001, "bye"), data(opcode::ping, "p"), data(opcode{3}, "x"), with_code(1000)},
        {closed(1001, "bye")});
    for (const auto reason : {"\xFF"sv, "ok\xC0\x80"sv, "\xED\xA0\x80"sv, "cut \xE2\x82"sv})
        out.both("5_5_1_a_reason_that_is_not_utf8_fails_" + std::to_string(reason.size()),
                 {with_code(1000, reason)},
                 {fault(error::invalid_close_reason, 4 + reason.size(), 1007)}, 1);
    out.both("5_5_1_a_reason_may_be_any_utf8",
             {with_code(4000, "\xE2\x82\xAC \xF0\x9F\x98\x80\0"sv)},
             {closed(4000, "\xE2\x82\xAC \xF0\x9F\x98\x80\0"sv)});
}

} // namespace

void section_5_5(pack& out)
{
    all(out);
    pings_and_pongs(out);
    closes(out);
}

} // namespace weft::vectors
