// Counts what a program asks of the heap, by standing in for the C library's functions (glibc).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BENCH_COUNT_ALLOCATIONS_HPP
#define WEFT_BENCH_COUNT_ALLOCATIONS_HPP

#include <cstddef>

namespace bench {

inline std::size_t allocations = 0; // operator new calls malloc; Asio also calls aligned_alloc

} // namespace bench

extern "C" {

void* __libc_malloc(std::size_t) noexcept;
void* __libc_memalign(std::size_t, std::size_t) noexcept;

// To be included by one source file of a program.
void* malloc(std::size_t size) noexcept
{
    ++bench::allocations;
    return __libc_malloc(size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    ++bench::allocations;
    return __libc_memalign(alignment, size);
}

} // extern "C"

#endif
