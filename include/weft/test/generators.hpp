// The edges of RFC 6455, as tables: what generators of tests and fuzzers draw from first.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_GENERATORS_HPP
#define WEFT_TEST_GENERATORS_HPP

#include <cstdint>
#include <string_view>

namespace weft::test {

/// Payload sizes around everything that changes with the size: words and vectors of a kernel, the
/// limit of control frames, the three forms of a length (§5.2).
inline constexpr std::uint64_t edge_sizes[] = {0,   1,   2,   3,   7,   8,   9,    15,    16,
                                               17,  31,  32,  33,  63,  64,  65,   123,   124,
                                               125, 126, 127, 128, 255, 256, 4096, 65535, 65536};

/// Sizes that fit a header and no memory.
inline constexpr std::uint64_t huge_sizes[] = {
    65537,      (1ULL << 24) - 1, 1ULL << 31, (1ULL << 32) - 1,
    1ULL << 32, (1ULL << 53) + 1, ~0ULL >> 1};

/// Close codes on both sides of each edge of §7.4.
inline constexpr std::uint16_t edge_close_codes[] = {0,    1,    999,  1000, 1001, 1003, 1004, 1005,
                                                     1006, 1007, 1011, 1012, 1014, 1015, 1016, 2999,
                                                     3000, 3999, 4000, 4999, 5000, 65535};

/// A few bytes at an edge of UTF-8 (RFC 3629 §4).
struct utf8_token
{
    std::string_view bytes;
    bool valid; ///< as a whole text
};

inline constexpr utf8_token utf8_tokens[] = {
    {"a", true},
    {"~ plain ASCII, longer than a word", true},
    {std::string_view("\0", 1), true},
    {"\x7F", true},
    {"\xC2\x80", true},         // U+0080
    {"\xDF\xBF", true},         // U+07FF
    {"\xE0\xA0\x80", true},     // U+0800
    {"\xED\x9F\xBF", true},     // U+D7FF, the last before the surrogates
    {"\xEE\x80\x80", true},     // U+E000, the first after them
    {"\xEF\xBF\xBF", true},     // U+FFFF
    {"\xF0\x90\x80\x80", true}, // U+10000
    {"\xF4\x8F\xBF\xBF", true}, // U+10FFFF, the last of all
    {"\xE0\xA6\xAC\xE0\xA6\xBE", true},
    {"\x80", false}, // a continuation byte alone
    {"\xBF", false},
    {"\xC0\x80", false}, // overlong
    {"\xC1\xBF", false},
    {"\xE0\x80\x80", false},
    {"\xE0\x9F\xBF", false},
    {"\xF0\x80\x80\x80", false},
    {"\xF0\x8F\xBF\xBF", false},
    {"\xED\xA0\x80", false}, // surrogates
    {"\xED\xBF\xBF", false},
    {"\xF4\x90\x80\x80", false}, // above U+10FFFF
    {"\xF5\x80\x80\x80", false},
    {"\xF8\x88\x80\x80\x80", false},
    {"\xFE", false},
    {"\xFF", false},
    {"\xC2", false}, // cut short
    {"\xE2\x82", false},
    {"\xED\x9F", false},
    {"\xF0\x9F\x98", false},
    {"\xF4\x8F", false},
    {"\xC2z", false}, // ASCII where a continuation byte should be
    {"\xE2\x82z", false},
    {"\xF0\x9F\x98z", false},
};

} // namespace weft::test

#endif
