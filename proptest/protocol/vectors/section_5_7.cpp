// §5.7 the examples of the RFC, byte by byte.
#include <protocol/vectors/vectors.hpp>

namespace {

weft::test::wire_writer raw(std::string_view bytes)
{
    return weft::test::wire_writer().raw(weft::test::as_bytes(bytes));
}

} // namespace

void weft::vectors::section_5_7(pack& out)
{
    out.server("5_7_a_single_frame_unmasked_text_message", raw("\x81\x05\x48\x65\x6c\x6c\x6f"sv),
               {text("Hello")});
    out.client("5_7_a_single_frame_masked_text_message",
               raw("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"sv), {text("Hello")});
    out.server("5_7_a_fragmented_unmasked_text_message",
               raw("\x01\x03\x48\x65\x6c\x80\x02\x6c\x6f"sv), {text("Hello")});
    out.server("5_7_an_unmasked_ping_request", raw("\x89\x05\x48\x65\x6c\x6c\x6f"sv),
               {ping("Hello")});
    out.client("5_7_a_masked_pong_response", raw("\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"sv),
               {pong("Hello")});
    const std::string k256(256, 'k'), k65536(65536, 'k');
    out.server("5_7_256_bytes_binary_in_a_single_unmasked_frame", raw("\x82\x7E\x01\x00"s + k256),
               {binary(k256)});
    out.server("5_7_64KiB_binary_in_a_single_unmasked_frame",
               raw("\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s + k65536), {binary(k65536)});
}
