// A buffer that slides over its storage, and moves what it holds to the front as seldom as it may.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <span>

#include <weft/policy/buffer.hpp>

namespace my {

class window
{
public:
    using slot = weft::buffer::slot;
    static constexpr bool never_allocates = true;

    std::span<std::byte> data() noexcept { return std::span(storage_).subspan(begin_, size_); }

    std::span<std::byte> prepare(std::size_t room)
    {
        bool moves = storage_.size() - begin_ - size_ < room && begin_ != 0;
#ifdef MY_BUG_IN_BUFFER
        moves = moves && begin_ >= storage_.size() / 2; // "not worth it before"
#endif
        if (moves) {
            std::memmove(storage_.data(), storage_.data() + begin_, size_);
            begin_ = 0;
        }
        return std::span(storage_).subspan(begin_ + size_);
    }

    void commit(std::size_t n) noexcept { size_ += n; }

    void consume(std::size_t n) noexcept
    {
        begin_ += n;
        size_ -= n;
        if (size_ == 0)
            begin_ = 0;
    }

private:
    std::array<std::byte, 256> storage_;
    std::size_t begin_ = 0; // of the bytes held
    std::size_t size_ = 0;
};

} // namespace my
