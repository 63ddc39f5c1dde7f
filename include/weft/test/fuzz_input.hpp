// A fuzzer's bytes: a wire, and behind it how the wire is read.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_FUZZ_INPUT_HPP
#define WEFT_TEST_FUZZ_INPUT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <weft/test/wire_writer.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::test {

/// The bytes behind the wire that say how it is read; shorter inputs get zeros.
inline constexpr std::size_t tail_size = 6;

/// A fuzzer's input as wire and tail. Of a seed, the tail is zeros unless it is
/// about the way of reading.
inline std::pair<std::span<const std::byte>, std::span<const std::byte>>
split_tail(std::span<const std::byte> input)
{
    static constexpr std::byte zeros[tail_size]{};
    if (input.size() < tail_size)
        return {input, zeros};
    return {input.first(input.size() - tail_size), input.last(tail_size)};
}

/// Frames as far as a lenient reader finds them, and what is left.
inline std::pair<std::vector<frame>, std::span<const std::byte>>
read_frames(std::span<const std::byte> wire)
{
    std::vector<frame> out;
    while (const decoded_header decoded = decode(wire, {.reserved_bits = 0x70})) {
        const frame_header& h = decoded.header;
        wire = wire.subspan(decoded.size);
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(h.payload_size, wire.size()));
        frame f{.op = h.op, .fin = h.fin, .reserved_bits = h.reserved_bits};
        for (std::size_t i = 0; i < size; ++i)
            f.payload.push_back(h.masked ? wire[i] ^ h.key[i % 4] : wire[i]);
        if (h.masked)
            f.key = h.key;
        if (size != h.payload_size)
            f.length = h.payload_size;
        out.push_back(std::move(f));
        wire = wire.subspan(size);
    }
    return {std::move(out), wire};
}

} // namespace weft::test

#endif
