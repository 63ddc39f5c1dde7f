// SHA-1, Base64 and the accept key against their RFCs' vectors and against slow definitions.
// SPDX-License-Identifier: BSL-1.0

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <weft/handshake/accept_key.hpp>

#include "handshake/messages.hpp"

namespace {

using weft::handshake::accept_key;
using weft::handshake::base64;
using weft::handshake::base64_decoded_size;
using weft::handshake::sha1;

template <class Digest>
std::string hex(const Digest& digest)
{
    std::string text;
    for (const std::byte b : digest) {
        text += "0123456789abcdef"[std::to_integer<unsigned>(b) >> 4];
        text += "0123456789abcdef"[std::to_integer<unsigned>(b) & 0xF];
    }
    return text;
}

template <std::size_t N>
std::string text_of(const std::array<char, N>& text)
{
    return {text.data(), N};
}

// By the definition: six bits for each character.
std::string slowly_decoded(std::string_view text)
{
    static const std::string alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bits;
    for (const char c : text.substr(0, text.find('=')))
        for (int bit = 5; bit >= 0; --bit)
            bits += (alphabet.find(c) >> bit & 1) != 0 ? '1' : '0';
    std::string out;
    for (std::size_t at = 0; at + 8 <= bits.size(); at += 8)
        out += static_cast<char>(std::stoi(bits.substr(at, 8), nullptr, 2));
    return out;
}

template <std::size_t N>
void expect_round_trip(const std::array<char, N>& bytes)
{
    std::array<std::byte, N> in{};
    for (std::size_t i = 0; i < N; ++i)
        in[i] = static_cast<std::byte>(bytes[i]);
    const std::string text = text_of(base64(in));
    RC_ASSERT(slowly_decoded(text) == std::string(bytes.data(), N));
    RC_ASSERT(base64_decoded_size(text) == N);
}

template <std::size_t N>
std::string encoded(const char (&text)[N])
{
    std::array<std::byte, N - 1> in{};
    for (std::size_t i = 0; i + 1 < N; ++i)
        in[i] = static_cast<std::byte>(text[i]);
    return text_of(base64(in));
}

} // namespace

TEST(handshake_accept_key, sha1_gives_the_digests_of_rfc_3174)
{
    EXPECT_EQ(hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(hex(sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    EXPECT_EQ(hex(sha1(std::string(1000000, 'a'))), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    std::string repeated;
    for (int i = 0; i < 80; ++i)
        repeated += "01234567";
    EXPECT_EQ(hex(sha1(repeated)), "dea356a2cddd90c7a7ecedc5ebb563934f460452");
    EXPECT_EQ(hex(sha1("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST(handshake_accept_key, sha1_pads_every_length_right)
{
    // The digest of all hexadecimal digests of 0 to 199 letters: computed by Python's hashlib.
    std::string all;
    for (std::size_t size = 0; size < 200; ++size)
        all += hex(sha1(std::string(size, 'a')));
    EXPECT_EQ(hex(sha1(all)), "cb062fe66512892ec8c722ee74ff9ac151cc4b61");
}

TEST(handshake_accept_key, base64_gives_the_texts_of_rfc_4648)
{
    EXPECT_EQ(encoded("f"), "Zg==");
    EXPECT_EQ(encoded("fo"), "Zm8=");
    EXPECT_EQ(encoded("foo"), "Zm9v");
    EXPECT_EQ(encoded("foob"), "Zm9vYg==");
    EXPECT_EQ(encoded("fooba"), "Zm9vYmE=");
    EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
    EXPECT_EQ(encoded("\xFB\xEF\xBE\xFF\xFF\xFF"), "++++////");
}

RC_GTEST_PROP(handshake_accept_key, base64_is_undone_by_its_definition,
              (const std::array<char, 16>& a, const std::array<char, 17>& b,
               const std::array<char, 18>& c))
{
    expect_round_trip(a);
    expect_round_trip(b);
    expect_round_trip(c);
}

TEST(handshake_accept_key, what_is_not_base64_has_no_size)
{
    EXPECT_EQ(base64_decoded_size(""), std::size_t{0});
    EXPECT_EQ(base64_decoded_size("AAA="), std::size_t{2});
    for (const std::string_view no : {"A", "AA", "AAA", "A===", "====", "AA=A", "=AAA", "AA\nA",
                                      "AA-_", "AAAA=", "AAAA==AAAAAA"})
        EXPECT_EQ(base64_decoded_size(no), std::nullopt) << no;
    for (int c = 0; c < 256; ++c) {
        const std::string text = "AAA" + std::string(1, static_cast<char>(c));
        const bool letter =
            (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        EXPECT_EQ(base64_decoded_size(text).has_value(), letter || c == '+' || c == '/' || c == '=')
            << c;
    }
}

TEST(handshake_accept_key, the_answer_is_the_rfcs)
{
    EXPECT_EQ(text_of(accept_key(laws::rfc_key)), laws::rfc_accept);
    // Keys and answers computed by Python's hashlib and base64.
    EXPECT_EQ(text_of(accept_key("AAAAAAAAAAAAAAAAAAAAAA==")), "ICX+Yqv66kxgM0FcWaLWlFLwTAI=");
    EXPECT_EQ(text_of(accept_key("/////////////////////w==")), "XXpj4jYzLM2yUE0C7TIgMwTQh2g=");
}

TEST(handshake_accept_key, a_key_of_another_size_is_cut_or_padded)
{
    const std::string zeros(24, '\0'), key(laws::rfc_key);
    EXPECT_EQ(accept_key(""), accept_key(zeros));
    EXPECT_EQ(accept_key("abc"), accept_key("abc" + zeros.substr(3)));
    EXPECT_EQ(accept_key(key + std::string(100, 'x')), accept_key(key));
}
