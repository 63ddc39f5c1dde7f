// Masking and UTF-8 by every kernel of this processor, beside their references (RFC 6455 §5.3,
// §8.1). Plain bytes in front; the last seven are the key, phase and offset in memory, and two
// cuts.
#include <cstdint>

#include <kernel/laws.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 7)
        return 0;
    const auto plain = std::as_bytes(std::span(data, size - 7));
    const auto tail = std::as_bytes(std::span(data, size)).last(7);
    const auto number = [&](std::size_t i) { return std::to_integer<std::size_t>(tail[i]); };
    weft::test::must_hold(weft::proptest::kernels_are_their_references(
        {.plain = plain,
         .key = {tail[0], tail[1], tail[2], tail[3]},
         .phase = number(4) % 4,
         .offset = number(4) / 4,
         .cuts = {number(5) * size / 256, number(6) * size / 256}}));
    return 0;
}
