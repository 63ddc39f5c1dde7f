#include <allocations.hpp>

#include <algorithm>
#include <cstdlib>
#include <new>

weft::proptest::allocation_record& weft::proptest::allocations() noexcept
{
    static thread_local allocation_record record;
    return record;
}

void* operator new(std::size_t size)
{
    auto& record = weft::proptest::allocations();
    ++record.count;
    record.largest = std::max(record.largest, size);
    void* const p = record.count == record.failing ? nullptr : std::malloc(size != 0 ? size : 1);
    if (p == nullptr)
        throw std::bad_alloc();
    return p;
}
void* operator new[](std::size_t size) { return ::operator new(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
