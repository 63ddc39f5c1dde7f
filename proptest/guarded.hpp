// Memory with an inaccessible page on both sides: a byte outside of it can't be touched unnoticed,
// with any compiler and without a sanitizer.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_GUARDED_HPP
#define WEFT_PROPTEST_GUARDED_HPP

#include <cstddef>
#include <new>
#include <span>

#include <sys/mman.h>
#include <unistd.h>

namespace weft::proptest {

class guarded
{
public:
    /// At least `size` bytes, rounded up to whole pages.
    explicit guarded(std::size_t size)
        : page_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))),
          size_((size + page_ - 1) / page_ * page_)
    {
        base_ = ::mmap(nullptr, size_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (base_ == MAP_FAILED || ::mprotect(first(), size_, PROT_READ | PROT_WRITE) != 0)
            throw std::bad_alloc();
    }
    guarded(const guarded&) = delete;
    guarded& operator=(const guarded&) = delete;
    ~guarded() { ::munmap(base_, size_ + 2 * page_); }

    /// `n` bytes right behind the page below, or right before the page above.
    std::span<std::byte> front(std::size_t n) { return {first(), n}; }
    std::span<std::byte> back(std::size_t n) { return {first() + (size_ - n), n}; }

private:
    std::byte* first() { return static_cast<std::byte*>(base_) + page_; }

    std::size_t page_;
    std::size_t size_;
    void* base_ = nullptr;
};

} // namespace weft::proptest

#endif
