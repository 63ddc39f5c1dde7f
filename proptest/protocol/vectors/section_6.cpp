// §6.2 receiving: messages are concatenated from frames, each with the kind of its first.
#include <protocol/vectors/vectors.hpp>

void weft::vectors::section_6(pack& out)
{
    out.both("6_2_the_kind_is_that_of_the_first_frame",
             {data(opcode::binary, "\xFF", false), data(continuation, "\xFE"),
              data(opcode::text, "t", false), data(continuation, "u")},
             {binary("\xFF\xFE"), text("tu")});
    out.both("6_2_empty_messages_are_messages",
             {data(opcode::text, ""), data(opcode::binary, ""), data(opcode::text, "")},
             {text(""), binary(""), text("")});
    out.both("6_2_an_empty_message_does_not_eat_the_next_byte",
             {data(opcode::binary, ""), data(opcode::ping, ""), data(opcode::text, "x"),
              data(opcode::pong, ""), data(opcode::close, "")},
             {binary(""), ping(""), text("x"), pong(""), closed()});
    std::vector<frame> fragments{data(opcode::text, "0", false)};
    std::string whole = "0";
    for (int i = 1; i < 300; ++i) {
        fragments.push_back(data(continuation, i % 3 == 0 ? "" : "xy", i == 299));
        whole += i % 3 == 0 ? "" : "xy";
    }
    out.both("6_2_a_message_of_300_fragments", fragments, {text(whole)});
    out.both("6_2_what_was_delivered_before_a_fault_stays_delivered",
             {data(opcode::text, "good"), data(opcode::ping, "p"), data(opcode{0xF}, "")},
             {text("good"), ping("p"), fault(error::reserved_opcode, 10)}, 2);
    out.both("6_2_nothing_is_delivered_after_a_fault",
             {data(opcode{0x3}, ""), data(opcode::text, "never"), data(opcode::ping, "never")},
             {fault(error::reserved_opcode, 1)});
}
