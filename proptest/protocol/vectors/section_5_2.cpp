// §5.2 the base framing: reserved bits, opcodes, and the three forms of the length.
#include <protocol/vectors/vectors.hpp>

namespace weft::vectors {

namespace {

// "MUST be 0 unless an extension is negotiated".
void reserved_bits(pack& out)
{
    for (const unsigned bits : {0x40U, 0x20U, 0x10U, 0x70U})
        for (const opcode op : {opcode::text, opcode::binary, opcode::ping, opcode::pong,
                                opcode::close, opcode::continuation}) {
            const auto name = "5_2_reserved_bits_" + std::to_string(bits) + "_fail_opcode_" +
                              std::to_string(static_cast<unsigned>(op));
            out.both(name, {{.op = op, .reserved_bits = bits}}, {fault(error::reserved_bits, 1)});
            out.both(name + "_inside_a_message",
                     {data(opcode::text, "a", false), {.op = op, .reserved_bits = bits}},
                     {fault(error::reserved_bits, 4)}, 1);
        }
}

// "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_."
void opcodes(pack& out)
{
    for (const unsigned op : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U})
        for (const bool fin : {true, false}) {
            const auto name = "5_2_opcode_" + std::to_string(op) + "_is_unknown" +
                              (fin ? "" : "_even_unfinished");
            const frame unknown = data(opcode{static_cast<unsigned char>(op)}, "", fin);
            out.both(name, {unknown}, {fault(error::reserved_opcode, 1)});
            out.both(name + "_inside_a_message", {data(opcode::binary, "a", false), unknown},
                     {fault(error::reserved_opcode, 4)}, 1);
        }
}

// "the minimal number of bytes MUST be used to encode the length".
void lengths(pack& out)
{
    for (const std::size_t size :
         {0U, 1U, 124U, 125U, 126U, 127U, 128U, 255U, 256U, 65534U, 65535U, 65536U, 65537U}) {
        const std::string payload(size, 'x');
        out.both("5_2_a_frame_of_" + std::to_string(size) + "_bytes",
                 {data(opcode::binary, payload)}, {binary(payload)});
    }
    const auto form = [](std::uint64_t length, length_form f) {
        return frame{.form = f, .length = length};
    };
    for (const unsigned n : {0U, 1U, 125U})
        out.both("5_2_" + std::to_string(n) + "_in_16_bits_is_not_minimal",
                 {form(n, length_form::bits_16)}, {fault(error::length_not_minimal, 4)});
    for (const unsigned n : {0U, 125U, 126U, 65535U})
        out.both("5_2_" + std::to_string(n) + "_in_64_bits_is_not_minimal",
                 {form(n, length_form::bits_64)}, {fault(error::length_not_minimal, 8)});
    for (const unsigned n : {126U, 255U, 256U, 65535U})
        out.both("5_2_" + std::to_string(n) + "_in_16_bits_is_minimal_and_waits_for_its_payload",
                 {form(n, length_form::bits_16)}, {});
    out.both("5_2_65536_in_64_bits_is_minimal_and_waits_for_its_payload",
             {form(65536, length_form::bits_64)}, {});
    // "the most significant bit MUST be 0".
    for (const std::uint64_t n : {std::uint64_t{1} << 63, ~std::uint64_t{0}})
        out.both("5_2_the_top_bit_of_" + std::to_string(n) + "_is_refused_at_once",
                 {form(n, length_form::bits_64)}, {fault(error::length_top_bit, 3)});
    for (const std::uint64_t n : {(std::uint64_t{1} << 63) - 1, std::uint64_t{1} << 32})
        out.both("5_2_a_declared_length_of_" + std::to_string(n) + "_is_too_big_not_malformed",
                 {form(n, length_form::bits_64)}, {fault(error::frame_too_big, 10, 1009)}, 1);
}

} // namespace

void section_5_2(pack& out)
{
    reserved_bits(out);
    opcodes(out);
    lengths(out);
    out.both("5_2_reserved_bits_are_seen_before_an_unknown_opcode",
             {{.op = opcode{0x3}, .reserved_bits = 0x40}}, {fault(error::reserved_bits, 1)});
    out.both("5_2_a_header_without_its_end_says_nothing", {}, {});
}

} // namespace weft::vectors
