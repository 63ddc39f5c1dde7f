// Where the bytes of a measurement lie: their size, their distance from the border of a cache line,
// and whether a cache holds them.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BENCH_PLACE_HPP
#define WEFT_BENCH_PLACE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <numeric>
#include <span>
#include <string>
#include <utility>

#include <unistd.h>

namespace bench {

struct place
{
    std::size_t size = 0;
    std::size_t offset = 0;
    bool cold = false;

    std::string name() const
    {
        return "size:" + std::to_string(size) + "/offset:" + std::to_string(offset) +
               (cold ? "/cold" : "/hot");
    }
};

inline constexpr std::size_t size_max = std::size_t{16} << 20;

/// Four times the last cache that the system tells of, and not less than 128 MiB: what is that far
/// behind in the walk has left the caches.
inline std::size_t cold_bytes()
{
    long cache = 0;
#ifdef _SC_LEVEL3_CACHE_SIZE
    cache = std::max(sysconf(_SC_LEVEL3_CACHE_SIZE), sysconf(_SC_LEVEL2_CACHE_SIZE));
#endif
    return std::max(std::size_t{128} << 20, 4 * static_cast<std::size_t>(std::max(cache, 0L)));
}

/// One side of a measurement, source or destination. All kernels are given the same memory, since
/// where pages lie matters too.
/// Cold: a walk over many buffers, in leaps that no prefetcher follows. Hot: a walk over as many as
/// a first-level cache holds beside others. It is not one buffer again and again, because in place
/// a kernel would then load what it has just stored: the loads wait for stores of other widths,
/// which never happens to a payload that has come from the network.
class memory
{
public:
    /// `shift`: within a page. A source lies half a page off its destination: as equal addresses
    /// within a page, they would hinder each other on some processors.
    explicit memory(std::size_t shift)
        : bytes_(static_cast<std::byte*>(std::aligned_alloc(page, capacity()))),
          shift_(shift)
    {
        if (!bytes_)
            throw std::bad_alloc();
    }

    void arrange(const place& p)
    {
        if (!std::exchange(touched_, true)) // else all pages read would be one page of zeros
            std::fill_n(bytes_.get(), capacity(), std::byte{'x'});
        begin_ = bytes_.get() + shift_ + p.offset;
        stride_ = (p.size + p.offset + line - 1) / line * line + line;
        slots_ = (p.cold ? capacity() - page - slack : hot_bytes) / stride_;
        slots_ = std::max(slots_, std::size_t{1});
        std::size_t leap = p.cold ? slots_ * 618 / 1000 + 1 : 1;
        while (std::gcd(leap, slots_) != 1)
            ++leap;
        leap_ = leap % slots_ * stride_;
        at_ = 0;
    }

    /// Writes `content_of(i)` into the `i`th buffer.
    template <class ContentOf>
    void fill(ContentOf content_of)
    {
        for (std::size_t i = 0; i < slots_; ++i) {
            const auto content = content_of(i);
            std::ranges::copy(std::as_bytes(std::span(content)), begin_ + i * stride_);
        }
    }

    std::byte* next() noexcept
    {
        at_ += leap_;
        if (at_ >= slots_ * stride_)
            at_ -= slots_ * stride_;
        return begin_ + at_;
    }

private:
    static constexpr std::size_t page = 4096;
    static constexpr std::size_t line = 64;
    static constexpr std::size_t slack = 256;
    static constexpr std::size_t hot_bytes = 16384;

    static std::size_t capacity()
    {
        return (std::max(cold_bytes(), size_max) + 2 * page) / page * page;
    }

    struct free_bytes
    {
        void operator()(std::byte* p) const noexcept { std::free(p); }
    };

    std::unique_ptr<std::byte, free_bytes> bytes_;
    std::size_t shift_;
    bool touched_ = false;
    std::byte* begin_ = nullptr;
    std::size_t stride_ = 0;
    std::size_t slots_ = 1;
    std::size_t leap_ = 0; // in bytes, as at_
    std::size_t at_ = 0;
};

} // namespace bench

#endif
