// Base64 (RFC 4648 §4) as the keys of RFC 6455 §4 use it: encode, and check what was received.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_BASE64_HPP
#define WEFT_HANDSHAKE_BASE64_HPP

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include <weft/handshake/chars.hpp>

namespace weft::handshake {

/// The padded Base64 text of `bytes`. O(N).
template <std::size_t N>
constexpr std::array<char, (N + 2) / 3 * 4> base64(const std::array<std::byte, N>& bytes) noexcept
{
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<char, (N + 2) / 3 * 4> text{};
    for (std::size_t in = 0, out = 0; in < N; in += 3, out += 4) {
        unsigned group = 0;
        for (std::size_t i = in; i < in + 3; ++i)
            group = group << 8 | (i < N ? std::to_integer<unsigned>(bytes[i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            text[out + i] = in + i > N ? '=' : alphabet[group >> (18 - 6 * i) & 0x3F];
    }
    return text;
}

/// How many bytes `text` decodes to; nothing if it isn't Base64: groups of four characters of the
/// alphabet, the last one with at most two '=' in place of its end. Bits that the padding leaves
/// over may be set: the grammar of RFC 6455 §4.3 allows any character there. O(size).
constexpr std::optional<std::size_t> base64_decoded_size(std::string_view text) noexcept
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    std::size_t size = text.size() / 4 * 3;
    for (int padding = 0; padding < 2 && !text.empty() && text.back() == '='; ++padding) {
        text.remove_suffix(1);
        --size;
    }
    if (!all(chars::base64, text))
        return std::nullopt;
    return size;
}

static_assert(base64(std::array{std::byte{'f'}}) == std::array{'Z', 'g', '=', '='});
static_assert(base64(std::array{std::byte{'f'}, std::byte{'o'}}) == std::array{'Z', 'm', '8', '='});
static_assert(base64_decoded_size("dGhlIHNhbXBsZSBub25jZQ==") == std::size_t{16});
static_assert(!base64_decoded_size("Zg=") && !base64_decoded_size("Z===") &&
              !base64_decoded_size("Zg ="));

} // namespace weft::handshake

#endif
