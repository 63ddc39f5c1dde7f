// §5.4 fragmentation.
#include <protocol/vectors/vectors.hpp>

void weft::vectors::section_5_4(pack& out)
{
    const frame start = data(opcode::text, "a", false);
    const frame middle = data(continuation, "b", false);
    const frame end = data(continuation, "c");
    out.both("5_4_fragments_are_one_message", {start, middle, end}, {text("abc")});
    out.both("5_4_two_fragments_are_one_message", {start, end}, {text("ac")});
    out.both("5_4_a_message_without_its_end_is_not_delivered", {start, middle}, {});
    out.both(
        "5_4_fragments_may_be_empty",
        {data(opcode::binary, "", false), data(continuation, "", false), data(continuation, "")},
        {binary("")});
    out.both("5_4_an_empty_end_ends_a_message", {start, data(continuation, "")}, {text("a")});
    out.both("5_4_an_empty_beginning_begins_a_message", {data(opcode::text, "", false), end},
             {text("c")});
    out.both("5_4_a_message_follows_a_fragmented_one",
             {start, end, data(opcode::binary, "d"), start, end},
             {text("ac"), binary("d"), text("ac")});
    out.both("5_4_control_frames_may_stand_between_fragments",
             {start, data(opcode::ping, "1"), middle, data(opcode::pong, "2"), end},
             {ping("1"), pong("2"), text("abc")});
    out.both("5_4_a_close_may_stand_between_fragments", {start, with_code(1000), end},
             {closed(1000)});
    out.both("5_4_many_control_frames_in_a_row_between_fragments",
             {start, data(opcode::ping, ""), data(opcode::ping, ""), data(opcode::pong, ""), end},
             {ping(""), ping(""), pong(""), text("ac")});
    // "The fragments of one message MUST NOT be interleaved between the fragments of another".
    for (const bool fin : {true, false}) {
        const std::string suffix = fin ? "" : "_even_unfinished";
        out.both("5_4_binary_inside_a_fragmented_text_fails" + suffix,
                 {start, data(opcode::binary, "x", fin)}, {fault(error::unfinished_message, 4)}, 1);
        out.both("5_4_text_inside_a_fragmented_text_fails" + suffix,
                 {start, data(opcode::text, "x", fin)}, {fault(error::unfinished_message, 4)}, 1);
        out.both("5_4_text_inside_a_fragmented_binary_fails_after_a_ping" + suffix,
                 {data(opcode::binary, "x", false), data(opcode::ping, ""),
                  data(opcode::text, "x", fin)},
                 {ping(""), fault(error::unfinished_message, 6)}, 2);
        out.both("5_4_a_continuation_of_nothing_fails" + suffix, {data(continuation, "x", fin)},
                 {fault(error::unexpected_continuation, 1)});
        out.both("5_4_a_continuation_of_a_finished_message_fails" + suffix,
                 {data(opcode::text, "a"), data(continuation, "x", fin)},
                 {text("a"), fault(error::unexpected_continuation, 4)}, 1);
        out.both("5_4_a_continuation_of_a_ping_fails" + suffix,
                 {data(opcode::ping, "a"), data(continuation, "x", fin)},
                 {ping("a"), fault(error::unexpected_continuation, 4)}, 1);
        out.both("5_4_a_continuation_of_a_finished_fragmented_message_fails" + suffix,
                 {start, end, data(continuation, "x", fin)},
                 {text("ac"), fault(error::unexpected_continuation, 7)}, 2);
    }
}
