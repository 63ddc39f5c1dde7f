// The tables of the lookup method: what two neighbouring bytes can be wrong with.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_TABLES_HPP
#define WEFT_KERNEL_UTF8_TABLES_HPP

#include <array>
#include <cstddef>
#include <cstdint>

namespace weft::kernel::detail {

namespace lookup {

// J. Keiser and D. Lemire, "Validating UTF-8 in less than one instruction per byte" (2021): each
// table maps four bits to the errors that they allow; an error that all three allow has happened.
// clang-format off: a drawing
//                                                  first byte  second byte
inline constexpr std::uint8_t too_short = 1U << 0;  // 11______  0_______ or 11______
inline constexpr std::uint8_t too_long = 1U << 1;   // 0_______  10______
inline constexpr std::uint8_t overlong_3 = 1U << 2; // 11100000  100_____
inline constexpr std::uint8_t too_large = 1U << 3;  // 11110100  1001____ or 101_____, or above
inline constexpr std::uint8_t surrogate = 1U << 4;  // 11101101  101_____
inline constexpr std::uint8_t overlong_2 = 1U << 5; // 1100000_  10______
inline constexpr std::uint8_t too_large_1000 = 1U << 6; // 11110101 and above, 1000____
inline constexpr std::uint8_t overlong_4 = 1U << 6;     // 11110000, 1000____
inline constexpr std::uint8_t two_conts = 1U << 7;      // 10______  10______: right after a lead
                                                        // of three or four, else an error
inline constexpr std::uint8_t carry = too_short | too_long | two_conts;

// clang-format on

using table = std::array<std::uint8_t, 16>;

inline constexpr table first_high{too_long,
                                  too_long,
                                  too_long,
                                  too_long,
                                  too_long,
                                  too_long,
                                  too_long,
                                  too_long,
                                  two_conts,
                                  two_conts,
                                  two_conts,
                                  two_conts,
                                  too_short | overlong_2,
                                  too_short,
                                  too_short | overlong_3 | surrogate,
                                  too_short | too_large | too_large_1000 | overlong_4};

inline constexpr table first_low{carry | overlong_3 | overlong_2 | overlong_4,
                                 carry | overlong_2,
                                 carry,
                                 carry,
                                 carry | too_large,
                                 carry | too_large | too_large_1000,
                                 carry | too_large | too_large_1000,
                                 carry | too_large | too_large_1000,
                                 carry | too_large | too_large_1000,
                                 carry | too_large | too_large_1000,
                                 carry | too_large | too_large_1000,
                                 carry | too_large | too_large_1000,
                                 carry | too_large | too_large_1000,
                                 carry | too_large | too_large_1000 | surrogate,
                                 carry | too_large | too_large_1000,
                                 carry | too_large | too_large_1000};

inline constexpr table second_high{too_short,
                                   too_short,
                                   too_short,
                                   too_short,
                                   too_short,
                                   too_short,
                                   too_short,
                                   too_short,
                                   too_long | overlong_2 | two_conts | overlong_3 | too_large_1000 |
                                       overlong_4,
                                   too_long | overlong_2 | two_conts | overlong_3 | too_large,
                                   too_long | overlong_2 | two_conts | surrogate | too_large,
                                   too_long | overlong_2 | two_conts | surrogate | too_large,
                                   too_short,
                                   too_short,
                                   too_short,
                                   too_short};

} // namespace lookup

} // namespace weft::kernel::detail

#endif
