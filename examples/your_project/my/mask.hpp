// Masking in words of eight bytes, on addresses that are multiples of eight.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <weft/policy/masking.hpp>

namespace my {

struct mask
{
    using slot = weft::masking::slot;

    static void apply(std::span<std::byte> bytes, weft::masking_key key, std::size_t phase) noexcept
    {
        [[maybe_unused]] const std::size_t began = phase;
        while (!bytes.empty() && reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 != 0) {
            bytes.front() ^= key[phase++ % 4];
            bytes = bytes.subspan(1);
        }
#ifdef MY_BUG_IN_MASKING
        phase = began; // as good, where the bytes stand at a multiple of four
#endif
        std::byte turned[8];
        for (std::size_t i = 0; i != 8; ++i)
            turned[i] = key[(phase + i) % 4];
        std::uint64_t word_of_key = 0;
        std::memcpy(&word_of_key, turned, 8);
        for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes.data(), 8);
            word ^= word_of_key;
            std::memcpy(bytes.data(), &word, 8);
        }
        for (std::size_t i = 0; i != bytes.size(); ++i)
            bytes[i] ^= turned[i];
    }
};

} // namespace my
