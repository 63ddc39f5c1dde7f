// A few spans of bytes to be written in one go.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_PIECES_HPP
#define WEFT_PROTOCOL_PIECES_HPP

#include <array>
#include <cstddef>
#include <span>

namespace weft {

/// At most eight spans in order. `Piece` is constructed from a pointer and a size: a span, or the
/// const buffer of a network library.
template <class Piece = std::span<const std::byte>>
class pieces
{
public:
    static constexpr std::size_t capacity = 8;

    void clear() noexcept { count_ = 0; }
    bool full() const noexcept { return count_ == capacity; }
    std::size_t size() const noexcept { return count_; }
    const Piece* begin() const noexcept { return items_.data(); }
    const Piece* end() const noexcept { return items_.data() + count_; }

    /// Precondition: not full. Empty spans are left out.
    void add(std::span<const std::byte> bytes) noexcept
    {
        if (!bytes.empty())
            items_[count_++] = Piece(bytes.data(), bytes.size());
    }

private:
    std::array<Piece, capacity> items_{};
    std::size_t count_ = 0;
};

} // namespace weft

#endif
