// SHA-1 (RFC 3174), which RFC 6455 §4.2.2 uses to prove that a server understood the request.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_SHA1_HPP
#define WEFT_HANDSHAKE_SHA1_HPP

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::handshake {

namespace detail {

using sha1_state = std::array<std::uint32_t, 5>;
using sha1_bytes = std::array<char, 64>;

// The block at `at` of the padded message: the text, a set bit, zeros, the length in bits, which
// ends it at `end` (RFC 3174 §4).
constexpr sha1_bytes sha1_padded(std::string_view text, std::size_t at, std::size_t end) noexcept
{
    sha1_bytes block{};
    const auto part = text.substr(std::min(at, text.size()), block.size());
    std::ranges::copy(part, block.begin());
    if (part.size() < block.size() && at + part.size() == text.size())
        block[part.size()] = '\x80';
    if (at + block.size() == end)
        for (std::size_t i = 0; i < 8; ++i)
            block[63 - i] = static_cast<char>(std::uint64_t{text.size()} * 8 >> 8 * i & 0xFF);
    return block;
}

// A quarter of the steps. Five of them give each word of the state every role once, so that none
// has to move.
template <class Mix>
constexpr void sha1_quarter(sha1_state& h, const std::uint32_t* w, std::uint32_t k,
                            Mix mix) noexcept
{
    auto [a, b, c, d, e] = h;
    const auto step = [&w, k, mix](auto v, auto& x, auto y, auto z, auto& sum) {
        sum += std::rotl(v, 5) + mix(x, y, z) + k + *w++;
        x = std::rotl(x, 30);
    };
    for (int fifth = 0; fifth < 4; ++fifth) {
        step(a, b, c, d, e);
        step(e, a, b, c, d);
        step(d, e, a, b, c);
        step(c, d, e, a, b);
        step(b, c, d, e, a);
    }
    h = {a, b, c, d, e};
}

constexpr void sha1_block(sha1_state& h, const sha1_bytes& block) noexcept
{
    std::array<std::uint32_t, 80> w{};
    const auto byte = [&block](std::size_t i) {
        return std::uint32_t{static_cast<unsigned char>(block[i])};
    };
    for (std::size_t t = 0; t < 16; ++t)
        w[t] = byte(4 * t) << 24 | byte(4 * t + 1) << 16 | byte(4 * t + 2) << 8 | byte(4 * t + 3);
    for (std::size_t t = 16; t < 80; ++t)
        w[t] = std::rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    const auto choose = [](auto b, auto c, auto d) { return d ^ (b & (c ^ d)); };
    const auto parity = [](auto b, auto c, auto d) { return b ^ c ^ d; };
    const auto majority = [](auto b, auto c, auto d) { return (b & c) | (d & (b | c)); };
    sha1_state next = h;
    sha1_quarter(next, w.data(), 0x5A827999U, choose);
    sha1_quarter(next, w.data() + 20, 0x6ED9EBA1U, parity);
    sha1_quarter(next, w.data() + 40, 0x8F1BBCDCU, majority);
    sha1_quarter(next, w.data() + 60, 0xCA62C1D6U, parity);
    for (std::size_t i = 0; i < h.size(); ++i)
        h[i] += next[i];
}

} // namespace detail

/// The SHA-1 digest of `text` (RFC 3174 §6.1). Here it is a checksum, not a protection. O(size).
constexpr std::array<std::byte, 20> sha1(std::string_view text) noexcept
{
    detail::sha1_state h{0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U};
    const std::size_t end = ((text.size() + 8) / 64 + 1) * 64;
    for (std::size_t at = 0; at < end; at += 64)
        detail::sha1_block(h, detail::sha1_padded(text, at, end));
    std::array<std::byte, 20> digest{};
    for (std::size_t i = 0; i < digest.size(); ++i)
        digest[i] = static_cast<std::byte>(h[i / 4] >> (24 - 8 * (i % 4)) & 0xFF);
    return digest;
}

// RFC 3174 §7.3, the first test: "abc" is A9993E36 … 9CD0D89D.
static_assert(sha1("abc")[0] == std::byte{0xA9} && sha1("abc")[19] == std::byte{0x9D});

} // namespace weft::handshake

#endif
