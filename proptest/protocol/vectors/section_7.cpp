// §7.4 the codes that a close frame may carry.
#include <protocol/vectors/vectors.hpp>

void weft::vectors::section_7(pack& out)
{
    const auto name = [](unsigned code) { return std::to_string(code); };
    for (const unsigned code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U})
        out.both("7_4_1_a_close_may_say_" + name(code), {with_code(code, "why")},
                 {closed(code, "why")});
    for (const unsigned code : {1012U, 1013U, 1014U})
        out.both("7_4_1_a_close_may_say_what_was_registered_later_" + name(code), {with_code(code)},
                 {closed(code)});
    // "MUST NOT be set as a status code in a Close control frame by an endpoint".
    for (const unsigned code : {1004U, 1005U, 1006U, 1015U})
        out.both("7_4_1_a_close_may_not_say_" + name(code), {with_code(code)},
                 {fault(error::invalid_close_code, 4)}, 1);
    for (const unsigned code : {0U, 1U, 999U})
        out.both("7_4_2_codes_below_1000_are_not_used_" + name(code), {with_code(code)},
                 {fault(error::invalid_close_code, 4)}, 1);
    for (const unsigned code : {1016U, 1100U, 1999U, 2000U, 2999U, 5000U, 32768U, 65535U})
        out.both("7_4_2_nobody_has_defined_" + name(code), {with_code(code, "why")},
                 {fault(error::invalid_close_code, 7)}, 1);
    for (const unsigned code : {3000U, 3999U, 4000U, 4999U})
        out.both("7_4_2_libraries_and_applications_may_say_" + name(code), {with_code(code, "why")},
                 {closed(code, "why")});
    out.both("7_1_5_the_code_of_the_first_close_counts", {with_code(1001), with_code(1002)},
             {closed(1001)});
    out.both("7_1_5_a_close_inside_an_unfinished_message_ends_it",
             {data(opcode::text, "never whole", false), data(opcode::close, "")}, {closed()});
    out.both("7_4_the_code_is_judged_before_the_reason", {with_code(1005, "\xFF")},
             {fault(error::invalid_close_code, 5)}, 1);
}
