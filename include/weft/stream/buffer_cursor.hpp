// A place in a sequence of Asio buffers, seen as spans.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_BUFFER_CURSOR_HPP
#define WEFT_STREAM_BUFFER_CURSOR_HPP

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>

#include <boost/asio/buffer.hpp>

namespace weft::detail {

namespace asio = boost::asio;

/// How far a sequence has been used up. Kept apart from the sequence, whose iterators an operation
/// that moves would lose.
struct buffer_position
{
    std::size_t element = 0;
    std::size_t offset = 0;
};

/// Walks over `buffers` from `at`; `Byte` is `const std::byte` or `std::byte`. Empty buffers are
/// passed over. Valid as long as the sequence stays where it is.
template <class Byte, class Buffers>
class buffer_cursor
{
public:
    buffer_cursor(const Buffers& buffers, buffer_position at) noexcept : buffers_(&buffers), at_(at)
    {}

    buffer_position position() const noexcept { return at_; }

    /// The next stretch, empty only at the end.
    std::span<Byte> front() noexcept
    {
        auto i = std::next(asio::buffer_sequence_begin(*buffers_),
                           static_cast<std::ptrdiff_t>(at_.element));
        for (; i != asio::buffer_sequence_end(*buffers_); ++i, ++at_.element, at_.offset = 0)
            if (const auto b = *i; b.size() > at_.offset)
                return {static_cast<Byte*>(b.data()) + at_.offset, b.size() - at_.offset};
        return {};
    }

    /// Precondition: `n` is at most the size of all that is left.
    void advance(std::size_t n) noexcept
    {
        while (n != 0) {
            const std::size_t step = std::min(n, front().size());
            at_.offset += step;
            n -= step;
        }
    }

private:
    const Buffers* buffers_;
    buffer_position at_;
};

} // namespace weft::detail

#endif
