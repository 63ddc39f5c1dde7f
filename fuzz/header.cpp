// Frame headers (RFC 6455 §5.2): laws 3, 7 and 8. The last byte of the input chooses the rules, the
// bytes before it are the wire.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include <weft/wire/frame_header.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto require = [](bool law) { law ? void() : std::abort(); };
    if (size == 0)
        return 0;
    const unsigned tail = data[size - 1];
    const weft::frame_rules rules{.mask = weft::mask_rule(tail % 3),
                                  .position = weft::message_position(tail / 3 % 3),
                                  .reserved_bits = static_cast<std::uint8_t>(tail & 0x70)};
    const auto wire = std::as_bytes(std::span(data, std::min<std::size_t>(size - 1, 32)));
    weft::decoded_header before;
    for (std::size_t n = 0; n <= wire.size(); ++n) {
        // An exact copy, so that a sanitizer sees any byte that is read behind the prefix.
        const std::vector<std::byte> prefix(wire.begin(), wire.begin() + std::ptrdiff_t(n));
        const weft::decoded_header now = decode(prefix, rules);
        require(now.fault == weft::error::none || !now);
        // An answer stays what it is, whatever follows.
        if (before || before.fault != weft::error::none)
            require(now.fault == before.fault && now.size == before.size &&
                    now.header == before.header);
        // A header is complete with its last byte, and is the only form of what it says.
        else if (now) {
            std::array<std::byte, weft::frame_header_size_max> again;
            require(now.size == n && encode(now.header, again) == n &&
                    std::equal(prefix.begin(), prefix.end(), again.begin()));
        } else
            require(n < weft::frame_header_size_max || now.fault != weft::error::none);
        before = now;
    }
    return 0;
}
