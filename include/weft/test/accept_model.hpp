// Base64 and SHA-1 as the simplest programs that could be written from RFC 4648 §4 and RFC 3174:
// the oracle of a handshake's key and of its answer (RFC 6455 §1.3). SPDX-License-Identifier:
// BSL-1.0
#ifndef WEFT_TEST_ACCEPT_MODEL_HPP
#define WEFT_TEST_ACCEPT_MODEL_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft::test {

inline constexpr std::string_view base64_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A number as text of zeros and ones.
inline std::string bits_of(std::uint64_t number, unsigned width)
{
    std::string bits;
    while (width-- != 0)
        bits += (number >> width & 1) != 0 ? '1' : '0';
    return bits;
}

inline std::string bits_of(std::string_view octets)
{
    std::string bits;
    for (const char c : octets)
        bits += bits_of(static_cast<unsigned char>(c), 8);
    return bits;
}

inline std::uint32_t number_of(const std::string& bits)
{
    std::uint32_t number = 0;
    for (const char bit : bits)
        number = number * 2 + (bit == '1' ? 1 : 0);
    return number;
}

/// RFC 4648 §4: a letter for each six bits, the last of them filled up with zeros, and '=' until
/// there are whole groups of four.
inline std::string base64_of(std::string_view octets)
{
    std::string text;
    std::string bits = bits_of(octets);
    while (bits.size() % 6 != 0)
        bits += '0';
    for (std::size_t at = 0; at < bits.size(); at += 6)
        text += base64_letters[number_of(bits.substr(at, 6))];
    while (text.size() % 4 != 0)
        text += '=';
    return text;
}

/// The octets that a text stands for, or nothing if it isn't Base64. The bits that are no octet may
/// be anything: refusing them is left to the decoder (RFC 4648 §3.5).
inline std::optional<std::string> base64_decoded(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    if (text.ends_with("=="))
        text.remove_suffix(2);
    else if (text.ends_with("="))
        text.remove_suffix(1);
    std::string bits;
    for (const char c : text) {
        const std::size_t value = base64_letters.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        bits += bits_of(value, 6);
    }
    std::string octets;
    for (std::size_t at = 0; at + 8 <= bits.size(); at += 8)
        octets += static_cast<char>(number_of(bits.substr(at, 8)));
    return octets;
}

/// RFC 3174 §6.1, with the words' names.
class sha1_model
{
public:
    static std::string digest(std::string_view text)
    {
        sha1_model m;
        // §4: a one and zeros, and the length in 64 bits.
        std::string padded = std::string(text) + '\x80';
        while (padded.size() % 64 != 56)
            padded += '\0';
        for (unsigned shift = 64; shift != 0; shift -= 8)
            padded += static_cast<char>(std::uint64_t{text.size()} * 8 >> (shift - 8) & 0xFF);
        for (std::size_t at = 0; at < padded.size(); at += 64)
            m.take(padded.substr(at, 64));
        std::string out;
        for (const std::uint32_t word : m.h_)
            for (unsigned shift = 32; shift != 0; shift -= 8)
                out += static_cast<char>(word >> (shift - 8) & 0xFF);
        return out;
    }

private:
    static std::uint32_t turn(std::uint32_t x, unsigned n) { return x << n | x >> (32 - n); }

    static std::uint32_t word_at(std::string_view block, std::size_t at)
    {
        std::uint32_t word = 0;
        for (const char c : block.substr(at, 4))
            word = word << 8 | static_cast<unsigned char>(c);
        return word;
    }

    // §5.
    static std::uint32_t f(std::size_t t, std::uint32_t b, std::uint32_t c, std::uint32_t d)
    {
        if (t < 20)
            return (b & c) | (~b & d);
        return t >= 40 && t < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
    }

    void take(const std::string& block)
    {
        constexpr std::uint32_t k[] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
        std::uint32_t w[80];
        for (std::size_t t = 0; t < 80; ++t)
            w[t] = t < 16 ? word_at(block, 4 * t)
                          : turn(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        std::uint32_t a = h_[0], b = h_[1], c = h_[2], d = h_[3], e = h_[4];
        for (std::size_t t = 0; t < 80; ++t) {
            const std::uint32_t sum = turn(a, 5) + f(t, b, c, d) + e + w[t] + k[t / 20];
            e = d;
            d = c;
            c = turn(b, 30);
            b = a;
            a = sum;
        }
        h_[0] += a;
        h_[1] += b;
        h_[2] += c;
        h_[3] += d;
        h_[4] += e;
    }

    std::uint32_t h_[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
};

/// What a server must answer to a key (RFC 6455 §4.2.2).
inline std::string accept_of(std::string_view key)
{
    return base64_of(sha1_model::digest(std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
}

} // namespace weft::test

#endif
