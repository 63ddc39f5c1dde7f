// What a test program allocates with `new`: name allocations.cpp among its SOURCES.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_ALLOCATIONS_HPP
#define WEFT_PROPTEST_ALLOCATIONS_HPP

#include <cstddef>

namespace weft::proptest {

struct allocation_record
{
    std::size_t count = 0;   ///< calls of `operator new` so far
    std::size_t largest = 0; ///< the most bytes that one of them asked for
    std::size_t failing = 0; ///< which of them finds no memory; 0: none
};

/// The calling thread's record; it may be reset.
allocation_record& allocations() noexcept;

} // namespace weft::proptest

#endif
