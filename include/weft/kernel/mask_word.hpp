// Masking, eight bytes at a time, in portable C++ (RFC 6455 §5.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_MASK_WORD_HPP
#define WEFT_KERNEL_MASK_WORD_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <weft/kernel/mask_bytewise.hpp>

namespace weft::kernel {

/// Equal to `mask_bytewise` for every length, alignment and phase, whatever the byte order: the
/// key is repeated in memory and loaded like the payload, never built by shifts. O(n).
inline void mask_word(std::span<std::byte> bytes, masking_key key, std::size_t phase) noexcept
{
    using word = std::uint64_t;
    constexpr std::size_t width = sizeof(word);
    std::array<std::byte, width> repeated{};
    for (std::size_t i = 0; i < width; ++i)
        repeated[i] = key[(phase + i) % 4];
    word mask = 0;
    std::memcpy(&mask, repeated.data(), width);

    std::byte* p = bytes.data();
    std::size_t left = bytes.size();
    // Four words in a round: without it, a compiler that does not vectorise this loop pays as much
    // for the counting as for the masking.
    for (; left >= 4 * width; left -= 4 * width, p += 4 * width) {
        word w[4];
        std::memcpy(w, p, sizeof w);
        for (word& each : w)
            each ^= mask;
        std::memcpy(p, w, sizeof w);
    }
    for (; left >= width; left -= width, p += width) {
        word w = 0;
        std::memcpy(&w, p, width);
        w ^= mask;
        std::memcpy(p, &w, width);
    }
    // The phase of the tail is that of the beginning: whole words are whole turns of the key.
    mask_bytewise({p, left}, key, phase);
}

} // namespace weft::kernel

#endif
