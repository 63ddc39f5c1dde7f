// Frame headers (RFC 6455 §5.2): laws 2, 3, 6, 7 and 8. The last byte of the input chooses the
// rules, the bytes before it are the wire.
#include <algorithm>
#include <cstdint>
#include <span>

#include <weft/test/header_law.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const unsigned tail = data[size - 1];
    const weft::frame_rules rules{.mask = weft::mask_rule(tail % 3),
                                  .position = weft::message_position(tail / 3 % 3),
                                  .reserved_bits = static_cast<std::uint8_t>(tail & 0x70)};
    const auto wire = std::as_bytes(std::span(data, std::min<std::size_t>(size - 1, 32)));
    weft::test::must_hold(weft::test::a_header_is_what_the_model_reads(wire, rules));
    return 0;
}
