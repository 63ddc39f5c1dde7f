// §5.6 data frames: text is UTF-8 over the whole message; binary is anything.
#include <protocol/vectors/vectors.hpp>

void weft::vectors::section_5_6(pack& out)
{
    std::string every;
    for (int i = 0; i < 256; ++i)
        every += static_cast<char>(i);
    out.both("5_6_binary_is_any_bytes", {data(opcode::binary, every)}, {binary(every)});
    out.both("5_6_text_may_be_empty", {data(opcode::text, "")}, {text("")});
    // "a particular text frame might include a partial UTF-8 sequence; however, the whole message
    // MUST contain valid UTF-8."
    out.both("5_6_a_fragment_may_end_inside_a_code_point",
             {data(opcode::text, "\xF0", false), data(continuation, "\x9F\x98", false),
              data(continuation, "\x80")},
             {text("\xF0\x9F\x98\x80")});
    out.both("5_6_a_code_point_may_be_cut_by_a_ping_and_an_empty_fragment",
             {data(opcode::text, "\xE2", false), data(opcode::ping, "\xFF"),
              data(continuation, "", false), data(continuation, "\x82\xAC")},
             {ping("\xFF"), text("\xE2\x82\xAC")});
    out.both("5_6_a_message_may_not_end_inside_a_code_point",
             {data(opcode::text, "a\xE2", false), data(continuation, "\x82")},
             {fault(error::invalid_utf8, 7, 1007)}, 2);
    out.both("5_6_a_message_may_not_end_inside_a_code_point_with_an_empty_fragment",
             {data(opcode::text, "a\xE2", false), data(continuation, "")},
             {fault(error::invalid_utf8, 6, 1007)}, 2);
    out.both("5_6_bytes_of_a_binary_fragment_are_never_judged",
             {data(opcode::binary, "\xE2", false), data(continuation, "\xFF")},
             {binary("\xE2\xFF")});
    out.both("5_6_text_after_binary_is_judged_from_its_own_beginning",
             {data(opcode::binary, "\xE2"), data(opcode::text, "a"), data(opcode::text, "\x82")},
             {binary("\xE2"), text("a"), fault(error::invalid_utf8, 9, 1007)}, 3);
}
