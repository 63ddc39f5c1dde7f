// Masking, one byte at a time: RFC 6455 §5.3 as it is written.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_MASK_BYTEWISE_HPP
#define WEFT_KERNEL_MASK_BYTEWISE_HPP

#include <array>
#include <cstddef>

#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

/// `to[i] = from[i] ^ key[(phase + i) % 4]` for `i` below `n`. The places are the same, or do not
/// overlap. Masking and unmasking are the same. O(n).
constexpr void mask_bytewise(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
                             std::size_t phase) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        to[i] = from[i] ^ key[(phase + i) % 4];
}

// RFC 6455 §5.7: "Hello" masked with 37 fa 21 3d begins with 7f and ends with 58.
static_assert([] {
    std::array hello{std::byte{'H'}, std::byte{'e'}, std::byte{'l'}, std::byte{'l'},
                     std::byte{'o'}};
    mask_bytewise(hello.data(), hello.data(), hello.size(),
                  {std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}}, 0);
    return hello[0] == std::byte{0x7f} && hello[4] == std::byte{0x58};
}());

} // namespace weft::kernel

#endif
