// What the layer below is given to read into, or to write.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_BUFFERS_VIEW_HPP
#define WEFT_STREAM_BUFFERS_VIEW_HPP

namespace weft::detail {

/// A buffer sequence that stays where it is while the layer below uses it.
template <class Buffer>
struct buffers_view
{
    const Buffer* first = nullptr;
    const Buffer* last = nullptr;

    const Buffer* begin() const noexcept { return first; }
    const Buffer* end() const noexcept { return last; }
};

} // namespace weft::detail

#endif
