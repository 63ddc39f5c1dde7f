// Changes of a wire that know frames: of one field, and the rest of the wire stays right.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_FRAME_MUTATIONS_HPP
#define WEFT_TEST_FRAME_MUTATIONS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include <weft/test/fuzz_input.hpp>
#include <weft/test/generators.hpp>
#include <weft/test/wire_writer.hpp>

// libFuzzer brings its own; other engines and the replay of seeds have none.
#if defined(__GNUC__)
extern "C" __attribute__((weak))
#else
extern "C" inline
#endif
std::size_t
LLVMFuzzerMutate(std::uint8_t*, std::size_t size, std::size_t)
{
    return size;
}

namespace weft::test {

/// Changes one field of one frame, or the list of them.
inline void mutate(std::vector<frame>& frames, std::minstd_rand& random)
{
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    const auto one_of = [&](const auto& table) { return table[below(std::size(table))]; };
    frame& f = frames[below(frames.size())];
    switch (below(11)) {
    case 0:
        f.fin = !f.fin;
        break;
    case 1:
        f.op = static_cast<opcode>(below(16));
        break;
    case 2:
        f.reserved_bits ^= 0x10U << below(3);
        break;
    case 3:
        f.key = f.key ? std::nullopt : std::optional(example_key);
        break;
    case 4:
        f.form = static_cast<length_form>(below(4));
        break;
    case 5:
        f.length = below(2) == 0 ? one_of(edge_sizes) : one_of(huge_sizes);
        break;
    case 6:
        f.payload.resize(static_cast<std::size_t>(one_of(edge_sizes)) % 300, std::byte{'a'});
        break;
    case 7: {
        const bytes token = as_bytes(one_of(utf8_tokens).bytes);
        f.payload.insert(f.payload.begin() +
                             static_cast<std::ptrdiff_t>(below(f.payload.size() + 1)),
                         token.begin(), token.end());
        break;
    }
    case 8: {
        const unsigned code = one_of(edge_close_codes);
        f = {.op = opcode::close, .key = f.key};
        f.payload = {static_cast<std::byte>(code >> 8), static_cast<std::byte>(code & 0xFF)};
        break;
    }
    case 9:
        frames.insert(frames.begin() + static_cast<std::ptrdiff_t>(below(frames.size())), frame(f));
        break;
    default:
        std::swap(f, frames[below(frames.size())]);
        break;
    }
}

/// An input of which the last `tail` bytes are no frames: changes a frame, or is libFuzzer's own.
inline std::size_t mutate_input(std::uint8_t* input, std::size_t size, std::size_t size_max,
                                unsigned seed, std::size_t tail)
{
    std::minstd_rand random(seed);
    const auto all = std::as_bytes(std::span(input, size));
    auto [frames, rest] = read_frames(all.first(size - std::min(size, tail)));
    if (frames.empty() || random() % 4 == 0)
        return LLVMFuzzerMutate(input, size, size_max);
    mutate(frames, random);
    wire_writer out;
    for (const frame& f : frames)
        out.add(f);
    out.raw(rest).raw(all.last(tail));
    const auto mutated = out.wire();
    if (mutated.size() > size_max)
        return LLVMFuzzerMutate(input, size, size_max);
    std::transform(mutated.begin(), mutated.end(), input,
                   [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
    return mutated.size();
}

} // namespace weft::test

#endif
