// The resumable reference check of UTF-8 (RFC 3629 §4; RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_DFA_HPP
#define WEFT_KERNEL_UTF8_DFA_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace weft::kernel {

/// Where in a code point the input stands. One byte, freely copied; a fresh one stands between code
/// points.
class utf8_dfa
{
public:
    /// Takes bytes up to the first that no continuation of the input could mend, and returns how
    /// many it took: `bytes.size()` if all are well. After a refusal the state means nothing. O(n).
    constexpr std::size_t write(std::span<const std::byte> bytes) noexcept
    {
        std::size_t i = 0;
        while (i < bytes.size() && step(std::to_integer<std::uint8_t>(bytes[i])))
            ++i;
        return i;
    }

    /// Whether the input may end here.
    constexpr bool complete() const noexcept { return at_ == place::between; }

private:
    // How many continuation bytes are to come, or behind which byte.
    enum class place : std::uint8_t { between, last, two, three, e0, ed, f0, f4 };

    // RFC 3629 §4: the second byte's range is narrower after E0 (overlong), ED (surrogates),
    // F0 (overlong) and F4 (above U+10FFFF); C0, C1 and F5–FF never occur.
    struct expected
    {
        std::uint8_t low;
        std::uint8_t high;
        place then;
    };
    static constexpr std::array<expected, 8> continuation{{{0x00, 0x7F, place::between},
                                                           {0x80, 0xBF, place::between},
                                                           {0x80, 0xBF, place::last},
                                                           {0x80, 0xBF, place::two},
                                                           {0xA0, 0xBF, place::last},
                                                           {0x80, 0x9F, place::last},
                                                           {0x90, 0xBF, place::two},
                                                           {0x80, 0x8F, place::two}}};

    constexpr bool step(std::uint8_t b) noexcept
    {
        if (complete() && b >= 0x80)
            return lead(b);
        const expected& e = continuation[static_cast<std::size_t>(at_)];
        at_ = e.then;
        return b >= e.low && b <= e.high;
    }

    constexpr bool lead(std::uint8_t b) noexcept
    {
        at_ = b < 0xE0    ? place::last
              : b == 0xE0 ? place::e0
              : b == 0xED ? place::ed
              : b < 0xF0  ? place::two
              : b == 0xF0 ? place::f0
              : b == 0xF4 ? place::f4
                          : place::three;
        return b >= 0xC2 && b <= 0xF4;
    }

    place at_ = place::between;
};

namespace detail {

template <class... Bytes>
constexpr std::size_t utf8_accepts(Bytes... bytes)
{
    const std::array<std::byte, sizeof...(Bytes)> in{static_cast<std::byte>(bytes)...};
    return utf8_dfa{}.write(in);
}

static_assert(utf8_accepts(0xE2, 0x82, 0xAC) == 3);       // U+20AC
static_assert(utf8_accepts(0xED, 0xA0, 0x80) == 1);       // a surrogate, known at its second byte
static_assert(utf8_accepts(0xF4, 0x90, 0x80, 0x80) == 1); // above U+10FFFF
static_assert(utf8_accepts(0xC0, 0x80) == 0);             // overlong

} // namespace detail

} // namespace weft::kernel

#endif
