// SHA-1 (RFC 3174), which RFC 6455 §4.2.2 uses to prove that a server understood the request.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_SHA1_HPP
#define WEFT_HANDSHAKE_SHA1_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::handshake {

namespace detail {

using sha1_state = std::array<std::uint32_t, 5>;
using sha1_schedule = std::array<std::uint32_t, 80>;

// One byte of the padded message: the text, a set bit, zeros, the length in bits (RFC 3174 §4).
constexpr std::uint32_t sha1_byte(std::string_view text, std::size_t index,
                                  std::size_t end) noexcept
{
    if (index < text.size())
        return static_cast<unsigned char>(text[index]);
    if (index == text.size())
        return 0x80;
    if (index + 8 < end)
        return 0;
    const std::uint64_t bits = std::uint64_t{text.size()} * 8;
    return static_cast<std::uint32_t>(bits >> (8 * (end - 1 - index)) & 0xFF);
}

constexpr std::uint32_t sha1_mix(std::size_t t, std::uint32_t b, std::uint32_t c,
                                 std::uint32_t d) noexcept
{
    if (t < 20)
        return ((b & c) | (~b & d)) + 0x5A827999U;
    if (t < 40)
        return (b ^ c ^ d) + 0x6ED9EBA1U;
    if (t < 60)
        return ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDCU;
    return (b ^ c ^ d) + 0xCA62C1D6U;
}

constexpr void sha1_block(sha1_state& h, sha1_schedule& w) noexcept
{
    for (std::size_t t = 16; t < 80; ++t)
        w[t] = std::rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    auto [a, b, c, d, e] = h;
    for (std::size_t t = 0; t < 80; ++t) {
        const std::uint32_t next = std::rotl(a, 5) + sha1_mix(t, b, c, d) + e + w[t];
        e = d;
        d = c;
        c = std::rotl(b, 30);
        b = a;
        a = next;
    }
    h = {h[0] + a, h[1] + b, h[2] + c, h[3] + d, h[4] + e};
}

} // namespace detail

/// The SHA-1 digest of `text` (RFC 3174 §6.1). Here it is a checksum, not a protection. O(size).
constexpr std::array<std::byte, 20> sha1(std::string_view text) noexcept
{
    detail::sha1_state h{0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U};
    detail::sha1_schedule w{};
    const std::size_t end = ((text.size() + 8) / 64 + 1) * 64;
    for (std::size_t block = 0; block < end; block += 64) {
        for (std::size_t i = 0; i < 64; ++i)
            w[i / 4] = w[i / 4] << 8 | detail::sha1_byte(text, block + i, end);
        detail::sha1_block(h, w);
    }
    std::array<std::byte, 20> digest{};
    for (std::size_t i = 0; i < digest.size(); ++i)
        digest[i] = static_cast<std::byte>(h[i / 4] >> (24 - 8 * (i % 4)) & 0xFF);
    return digest;
}

// RFC 3174 §7.3, the first test: "abc" is A9993E36 … 9CD0D89D.
static_assert(sha1("abc")[0] == std::byte{0xA9} && sha1("abc")[19] == std::byte{0x9D});

} // namespace weft::handshake

#endif
