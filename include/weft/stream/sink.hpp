// Where a read operation puts a message: a dynamic buffer, plain buffers, or nowhere at all.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_SINK_HPP
#define WEFT_STREAM_SINK_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include <boost/asio/buffer.hpp>

#include <weft/stream/buffer_cursor.hpp>

namespace weft::detail {

// All sinks: `room()`: bytes that can still be taken; `append(bytes)`: takes at most that many;
// `direct(n)`: memory for at most `n` > 0 bytes, to be received into; `received(n)`: how many were;
// `size()`: bytes taken; `whole_message`: whether a read goes on to the end of the message.

/// Memory asked for ahead of bytes that a header has only announced: what is there for free, else
/// in proportion to what has really come, so that an announcement alone costs a peer's victim
/// little.
inline std::size_t bytes_ahead(std::uint64_t announced, std::size_t free,
                               std::size_t received) noexcept
{
    const std::size_t affordable = std::max({free, 8 * received, std::size_t{1024}});
    return static_cast<std::size_t>(std::min<std::uint64_t>(announced, affordable));
}

/// A DynamicBuffer_v2, which is a handle and held by value.
template <class Buffer>
class dynamic_sink_v2
{
public:
    static constexpr bool whole_message = true;

    explicit dynamic_sink_v2(Buffer buffer) : buffer_(std::move(buffer)) {}

    std::size_t room() const { return buffer_.max_size() - buffer_.size(); }
    std::size_t size() const noexcept { return size_; }

    void append(std::span<const std::byte> bytes)
    {
        const std::size_t at = buffer_.size();
        buffer_.grow(bytes.size());
        asio::buffer_copy(buffer_.data(at, bytes.size()),
                          asio::const_buffer(bytes.data(), bytes.size()));
        size_ += bytes.size();
    }

    std::span<std::byte> direct(std::uint64_t n)
    {
        const std::size_t at = buffer_.size();
        grown_ = std::min(bytes_ahead(n, buffer_.capacity() - at, size_), room());
        buffer_.grow(grown_);
        const asio::mutable_buffer first = *asio::buffer_sequence_begin(buffer_.data(at, grown_));
        return {static_cast<std::byte*>(first.data()), first.size()};
    }

    void received(std::size_t n)
    {
        buffer_.shrink(grown_ - n);
        grown_ = 0;
        size_ += n;
    }

private:
    Buffer buffer_;
    std::size_t grown_ = 0;
    std::size_t size_ = 0;
};

/// A DynamicBuffer_v1, which may be a container and is held by reference.
template <class Buffer>
class dynamic_sink_v1
{
public:
    static constexpr bool whole_message = true;

    explicit dynamic_sink_v1(Buffer& buffer) noexcept : buffer_(&buffer) {}

    std::size_t room() const { return buffer_->max_size() - buffer_->size(); }
    std::size_t size() const noexcept { return size_; }

    void append(std::span<const std::byte> bytes)
    {
        asio::buffer_copy(buffer_->prepare(bytes.size()),
                          asio::const_buffer(bytes.data(), bytes.size()));
        buffer_->commit(bytes.size());
        size_ += bytes.size();
    }

    std::span<std::byte> direct(std::uint64_t n)
    {
        const std::size_t free = buffer_->capacity() - buffer_->size();
        const auto room_ahead = buffer_->prepare(std::min(bytes_ahead(n, free, size_), room()));
        const asio::mutable_buffer first = *asio::buffer_sequence_begin(room_ahead);
        return {static_cast<std::byte*>(first.data()), first.size()};
    }

    void received(std::size_t n)
    {
        buffer_->commit(n);
        size_ += n;
    }

private:
    Buffer* buffer_;
    std::size_t size_ = 0;
};

/// A sequence of mutable buffers: takes what there is, up to its size.
template <class Buffers>
class buffers_sink
{
public:
    static constexpr bool whole_message = false;

    explicit buffers_sink(Buffers buffers)
        : buffers_(std::move(buffers)),
          room_(asio::buffer_size(buffers_))
    {}

    std::size_t room() const noexcept { return room_; }
    std::size_t size() const noexcept { return size_; }

    void append(std::span<const std::byte> bytes)
    {
        buffer_cursor<std::byte, Buffers> cursor(buffers_, at_);
        for (std::size_t done = 0; done < bytes.size();) {
            const auto to = cursor.front();
            const std::size_t n = std::min(to.size(), bytes.size() - done);
            std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(done), n, to.begin());
            cursor.advance(n);
            done += n;
        }
        taken(bytes.size(), cursor.position());
    }

    std::span<std::byte> direct(std::uint64_t n)
    {
        buffer_cursor<std::byte, Buffers> cursor(buffers_, at_);
        const auto to = cursor.front();
        at_ = cursor.position();
        return to.first(static_cast<std::size_t>(std::min<std::uint64_t>(n, to.size())));
    }

    void received(std::size_t n)
    {
        buffer_position after = at_;
        after.offset += n;
        taken(n, after);
    }

private:
    void taken(std::size_t n, buffer_position after) noexcept
    {
        at_ = after;
        room_ -= n;
        size_ += n;
    }

    Buffers buffers_;
    buffer_position at_;
    std::size_t room_;
    std::size_t size_ = 0;
};

/// Nowhere: shows the next part of a message where the stream has it.
class view_sink
{
public:
    static constexpr bool whole_message = false;

    std::size_t room() const noexcept
    {
        return size() == 0 ? std::numeric_limits<std::size_t>::max() : 0;
    }
    std::size_t size() const noexcept { return view_.size(); }

    void append(std::span<const std::byte> bytes) noexcept
    {
        view_ = asio::const_buffer(bytes.data(), bytes.size());
    }

    std::span<std::byte> direct(std::uint64_t) noexcept { return {}; }
    void received(std::size_t) noexcept {}

    asio::const_buffer view() const noexcept { return view_; }

private:
    asio::const_buffer view_;
};

} // namespace weft::detail

#endif
