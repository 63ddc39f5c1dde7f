// §8.1 "that endpoint MUST _Fail the WebSocket Connection_" upon text that is not UTF-8 (RFC 3629).
#include <protocol/vectors/vectors.hpp>

namespace weft::vectors {

namespace {

struct sequence
{
    const char* name;
    std::string_view bytes;
    std::size_t good; ///< how many bytes come before the first that is wrong
};

const sequence wrong[] = {
    {"a_lone_continuation_byte", "\x80"sv, 0},
    {"an_overlong_slash_of_two_bytes", "\xC0\xAF"sv, 0},
    {"an_overlong_byte_C1", "\xC1\xBF"sv, 0},
    {"an_overlong_of_three_bytes", "\xE0\x9F\xBF"sv, 1},
    {"an_overlong_of_four_bytes", "\xF0\x8F\xBF\xBF"sv, 1},
    {"the_first_surrogate", "\xED\xA0\x80"sv, 1},
    {"the_last_surrogate", "\xED\xBF\xBF"sv, 1},
    {"a_pair_of_surrogates", "\xED\xA0\xBD\xED\xB8\x80"sv, 1},
    {"a_code_point_above_10FFFF", "\xF4\x90\x80\x80"sv, 1},
    {"a_lead_byte_F5", "\xF5\x80\x80\x80"sv, 0},
    {"a_sequence_of_five_bytes", "\xF8\x88\x80\x80\x80"sv, 0},
    {"a_byte_FE", "\xFE"sv, 0},
    {"a_byte_FF", "\xFF"sv, 0},
    {"ascii_after_a_lead_of_two", "\xC3z"sv, 1},
    {"ascii_after_a_lead_of_three", "\xE2z"sv, 1},
    {"ascii_after_two_of_three", "\xE2\x82z"sv, 2},
    {"ascii_after_three_of_four", "\xF0\x9F\x98z"sv, 3},
    {"a_lead_after_a_lead", "\xE2\xE2"sv, 1},
};

const std::string_view right[] = {"\0"sv,
                                  "\x7F"sv,
                                  "\xC2\x80"sv,
                                  "\xDF\xBF"sv,
                                  "\xE0\xA0\x80"sv,
                                  "\xED\x9F\xBF"sv,
                                  "\xEE\x80\x80"sv,
                                  "\xEF\xBF\xBD"sv,
                                  "\xEF\xBF\xBF"sv,
                                  "\xF0\x90\x80\x80"sv,
                                  "\xF4\x8F\xBF\xBF"sv};

} // namespace

void section_8_1(pack& out)
{
    // Before each sequence: nothing, and as much ASCII as makes it cross a word or a vector.
    for (const std::size_t before : {0U, 1U, 7U, 8U, 15U, 16U, 31U, 63U, 64U}) {
        const std::string lead(before, 'a');
        const std::string at = "_at_" + std::to_string(before);
        for (const sequence& s : wrong)
            out.both("8_1_fails_at_once_" + std::string(s.name) + at,
                     {data(opcode::text, lead + std::string(s.bytes) + "rest")},
                     {fault(error::invalid_utf8, 2 + before + s.good + 1, 1007)}, 1);
        for (const std::string_view& s : right)
            out.both("8_1_passes_" + std::to_string(&s - right) + at,
                     {data(opcode::text, lead + std::string(s) + "rest")},
                     {text(lead + std::string(s) + "rest")});
        for (const std::string_view cut : {"\xC3"sv, "\xE2"sv, "\xE2\x82"sv, "\xF0\x9F\x98"sv})
            out.both("8_1_fails_cut_short_" + std::to_string(cut.size()) +
                         std::to_string(cut[0] & 0xFF) + at,
                     {data(opcode::text, lead + std::string(cut))},
                     {fault(error::invalid_utf8, 2 + before + cut.size(), 1007)}, 1);
    }
    for (const sequence& s : wrong)
        out.both("8_1_fails_in_a_later_fragment_" + std::string(s.name),
                 {data(opcode::text, "ok", false), data(opcode::ping, "p"),
                  data(continuation, s.bytes, false)},
                 {ping("p"), fault(error::invalid_utf8, 4 + 3 + 2 + s.good + 1, 1007)}, 3);
    out.both("8_1_a_wrong_byte_in_a_control_payload_is_nobodys_business",
             {data(opcode::ping, "\xFF"), data(opcode::pong, "\xC0")},
             {ping("\xFF"), pong("\xC0")});
}

} // namespace weft::vectors
