// Where the fields of a head stand in its text: the first few without an allocation.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_FIELD_OFFSETS_HPP
#define WEFT_HANDSHAKE_FIELD_OFFSETS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weft::handshake {

/// A field's name and value as offsets, which survive a move of the text.
struct field_offsets
{
    std::uint32_t name = 0;
    std::uint32_t name_end = 0;
    std::uint32_t value = 0;
    std::uint32_t value_end = 0;
};

/// A list of `field_offsets` that only grows. Browsers send 11 to 20 fields, so that an ordinary
/// handshake allocates nothing here.
class field_offsets_list
{
public:
    std::size_t size() const noexcept { return size_; }

    /// Precondition: `index < size()`. O(1).
    const field_offsets& operator[](std::size_t index) const noexcept
    {
        return index < first_.size() ? first_[index] : rest_[index - first_.size()];
    }

    /// Amortised O(1).
    void push_back(const field_offsets& next)
    {
        if (size_ < first_.size())
            first_[size_] = next;
        else
            rest_.push_back(next);
        ++size_;
    }

private:
    std::size_t size_ = 0;
    std::array<field_offsets, 24> first_;
    std::vector<field_offsets> rest_;
};

} // namespace weft::handshake

#endif
