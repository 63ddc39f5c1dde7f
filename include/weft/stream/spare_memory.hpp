// The memory of operations that have ended, for the next ones of the same stream.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_SPARE_MEMORY_HPP
#define WEFT_STREAM_SPARE_MEMORY_HPP

#include <array>
#include <cstddef>
#include <new>
#include <utility>

namespace weft::detail {

/// A warm stream allocates nothing for its reads and writes: they take turns in two blocks.
class spare_memory
{
public:
    spare_memory() = default;
    spare_memory(const spare_memory&) = delete;
    spare_memory& operator=(const spare_memory&) = delete;
    ~spare_memory()
    {
        for (const block& b : blocks_)
            ::operator delete(b.memory);
    }

    struct block
    {
        void* memory = nullptr;
        std::size_t size = 0;
    };

    /// A block of at least `size` bytes, aligned as `new` does.
    block allocate(std::size_t size)
    {
        for (block& b : blocks_)
            if (b.size >= size)
                return std::exchange(b, {});
        return {::operator new(size), size};
    }

    /// Keeps the larger blocks.
    void release(block given) noexcept
    {
        for (block& b : blocks_)
            if (b.size < given.size)
                std::swap(b, given);
        ::operator delete(given.memory);
    }

private:
    std::array<block, 2> blocks_;
};

} // namespace weft::detail

#endif
