// An allocator that counts what is allocated through it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_STREAM_COUNTING_ALLOCATOR_HPP
#define WEFT_PROPTEST_STREAM_COUNTING_ALLOCATOR_HPP

#include <cstddef>
#include <memory>

namespace weft::proptest {

struct allocation_counts
{
    int made = 0;
    int live = 0;
};

template <class T>
struct counting_allocator
{
    using value_type = T;

    explicit counting_allocator(allocation_counts& c) : counts(&c) {}
    template <class U>
    counting_allocator(const counting_allocator<U>& o) : counts(o.counts)
    {}

    T* allocate(std::size_t n)
    {
        ++counts->made;
        ++counts->live;
        return std::allocator<T>().allocate(n);
    }
    void deallocate(T* p, std::size_t n)
    {
        --counts->live;
        std::allocator<T>().deallocate(p, n);
    }
    friend bool operator==(const counting_allocator&, const counting_allocator&) = default;

    allocation_counts* counts;
};

} // namespace weft::proptest

#endif
