// UTF-8 by arithmetic on code points: the oracle of text (RFC 3629 §3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_TEXT_EXTENT_HPP
#define WEFT_TEST_TEXT_EXTENT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace weft::test {

/// How far text is valid UTF-8: the bytes before the first that nothing could mend, and whether
/// the last code point is complete (RFC 3629 §3: by arithmetic on the code points).
struct text_extent
{
    std::size_t good = 0;
    bool complete = true;
};

/// Bytes of a code point with this first byte; 0 if there is none.
constexpr unsigned size_after(unsigned lead) noexcept
{
    if (lead < 0x80)
        return 1;
    if (lead >> 5 == 0b110)
        return 2;
    if (lead >> 4 == 0b1110)
        return 3;
    return lead >> 3 == 0b11110 ? 4 : 0;
}

inline text_extent measure_text(std::span<const std::byte> text)
{
    std::size_t i = 0;
    while (i < text.size()) {
        const unsigned lead = std::to_integer<unsigned>(text[i]);
        const unsigned size = size_after(lead);
        if (size == 0)
            return {i, true};
        const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000};
        std::uint32_t value = size == 1 ? lead : lead & (0x7FU >> size);
        for (unsigned k = 1;; ++k) {
            // The code points that the bytes up to here can still become.
            std::uint32_t low = value << (6 * (size - k));
            std::uint32_t high = low | ((1U << (6 * (size - k))) - 1);
            low = std::max(low, std::uint32_t{smallest[size]});
            high = std::min(high, std::uint32_t{0x10FFFF});
            if (low > high || (low >= 0xD800 && high <= 0xDFFF))
                return {i + k - 1, true};
            if (k == size)
                break;
            if (i + k == text.size())
                return {text.size(), false};
            const unsigned more = std::to_integer<unsigned>(text[i + k]);
            if (more >> 6 != 2)
                return {i + k, true};
            value = value << 6 | (more & 0x3F);
        }
        i += size;
    }
    return {i, true};
}

} // namespace weft::test

#endif
