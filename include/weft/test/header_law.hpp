// The law of frame headers (RFC 6455 §5.2): decoding says what the model reads, and encoding gives
// the bytes back.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_HEADER_LAW_HPP
#define WEFT_TEST_HEADER_LAW_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <weft/test/header_model.hpp>
#include <weft/test/verdict.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::test {

inline std::string print(const frame_header& h)
{
    return "opcode " + std::to_string(static_cast<unsigned>(h.op)) + (h.fin ? "" : " more") +
           " rsv " + std::to_string(h.reserved_bits >> 4) +
           (h.masked ? " masked " + print(h.key) : "") + " length " +
           std::to_string(h.payload_size);
}

inline std::string print_header(error fault, std::size_t size, const frame_header& h)
{
    if (fault != error::none)
        return describe(fault).sentence;
    return size == 0 ? "needs more" : print(h) + " in " + std::to_string(size) + " bytes";
}

/// Laws 2, 3, 6, 7 and 8: of each prefix decoding says what the model reads in it, and the bytes of
/// a whole header are the only form of what it says.
inline verdict a_header_is_what_the_model_reads(std::span<const std::byte> wire,
                                                const frame_rules& rules)
{
    for (std::size_t n = 0; n <= wire.size(); ++n) {
        // An exact copy, so that a sanitizer sees any byte that is read behind the prefix.
        const std::vector<std::byte> prefix(wire.begin(),
                                            wire.begin() + static_cast<std::ptrdiff_t>(n));
        const header_reading expected = header_model::read(prefix, rules);
        const std::size_t size = expected.complete ? expected.settled : 0;
        const decoded_header got = decode(prefix, rules);
        if (got.fault != expected.fault || got.size != size ||
            (expected.complete && got.header != expected.header))
            return print(prefix) + ": decoded " + print_header(got.fault, got.size, got.header) +
                   ", expected " + print_header(expected.fault, size, expected.header);
        std::array<std::byte, frame_header_size_max> again{};
        if (got && (encode(got.header, again) != size ||
                    !std::equal(again.begin(), again.begin() + static_cast<std::ptrdiff_t>(size),
                                prefix.begin())))
            return print(prefix) + ": encoded again as " + print(std::span(again).first(size));
    }
    return {};
}

} // namespace weft::test

#endif
