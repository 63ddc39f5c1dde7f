// Slot `buffer`: who owns the storage of received bytes, and when.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_BUFFER_HPP
#define WEFT_POLICY_BUFFER_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <memory>
#include <memory_resource>
#include <span>

#include <weft/policy/slot.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft {

/// The room that every buffer policy must be able to give: a control frame is handed out whole.
inline constexpr std::size_t buffer_size_min = frame_header_size_max + control_payload_max;

namespace buffer {

struct slot : policy_slot
{};

} // namespace buffer

namespace detail {

/// One contiguous stretch of storage with a read end and a write end. `Storage` says where the
/// bytes are: `std::span<std::byte> get()`, the same span as long as bytes are held in it; if it
/// has `give_back() noexcept`, it is told when none are.
template <class Storage>
class flat_buffer
{
public:
    std::span<std::byte> data() noexcept
    {
        return begin_ == end_ ? std::span<std::byte>()
                              : bytes_.get().subspan(begin_, end_ - begin_);
    }

    std::span<std::byte> prepare(std::size_t room)
    {
        const std::span<std::byte> all = bytes_.get();
        if (all.size() - end_ < room && begin_ != 0) {
            std::memmove(all.data(), all.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        return all.subspan(end_);
    }

    void commit(std::size_t n) noexcept
    {
        end_ += n;
        if constexpr (gives_back)
            consume(0);
    }

    void consume(std::size_t n) noexcept
    {
        begin_ += n;
        if (begin_ != end_)
            return;
        begin_ = end_ = 0;
        if constexpr (gives_back)
            bytes_.give_back();
    }

protected:
    static constexpr bool gives_back = requires(Storage& bytes) { bytes.give_back(); };

    Storage bytes_;

private:
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

template <std::size_t N>
struct heap_storage
{
    std::span<std::byte> get()
    {
        if (!bytes)
            bytes = std::make_unique_for_overwrite<std::byte[]>(N);
        return {bytes.get(), N};
    }

    std::unique_ptr<std::byte[]> bytes;
};

template <std::size_t N>
class lent_storage
{
public:
    std::span<std::byte> get()
    {
        if (!bytes_)
            bytes_.reset(static_cast<std::byte*>(bytes_.get_deleter().lender->allocate(N)));
        return {bytes_.get(), N};
    }

    void give_back() noexcept { bytes_.reset(); }

    /// Precondition: nothing is lent.
    void borrow_from(std::pmr::memory_resource& lender) noexcept
    {
        bytes_.get_deleter().lender = &lender;
    }

private:
    struct to_lender
    {
        void operator()(std::byte* bytes) const { lender->deallocate(bytes, N); }

        std::pmr::memory_resource* lender = std::pmr::new_delete_resource();
    };

    std::unique_ptr<std::byte, to_lender> bytes_;
};

template <std::size_t N>
struct inline_storage
{
    std::span<std::byte> get() noexcept { return bytes; }

    std::array<std::byte, N> bytes;
};

} // namespace detail

namespace buffer {

/// `N` bytes from the heap, allocated once, with the connection's first byte.
template <std::size_t N = 8192>
    requires(N >= buffer_size_min)
struct flat : detail::flat_buffer<detail::heap_storage<N>>
{
    using slot = buffer::slot;
};

/// `N` bytes inside the connection; with it, a connection never allocates for receiving, nor for
/// control frames that wait to be sent.
template <std::size_t N = 4096>
    requires(N >= buffer_size_min)
struct fixed : detail::flat_buffer<detail::inline_storage<N>>
{
    using slot = buffer::slot;
    static constexpr bool never_allocates = true;
};

/// `N` bytes that the connection owns only while it needs them: when it has bytes that wait to be
/// read or sent, and while it receives or sends. A stream borrows them from a pool of its execution
/// context, and where the layer below can tell that bytes have come, as sockets can, only then: a
/// connection that waits for its peer owns none. A connection without Asio borrows them from the
/// heap.
template <std::size_t N = 8192>
    requires(N >= buffer_size_min)
struct borrowed : detail::flat_buffer<detail::lent_storage<N>>
{
    using slot = buffer::slot;
    static constexpr std::size_t block_size = N;

    void borrow_from(std::pmr::memory_resource& lender) noexcept
    {
        this->bytes_.borrow_from(lender);
    }
};

} // namespace buffer

/// A queue of bytes in one stretch of memory, default-constructed empty:
/// `std::span<std::byte> data() noexcept`: the bytes held, which may be written to;
/// `std::span<std::byte> prepare(std::size_t room)`: where bytes may be added behind them, at least
///     `room` bytes as long as `data().size() + room <= buffer_size_min`, never empty when `data()`
///     is; it may move what is held; `std::bad_alloc` may pass;
/// `void commit(std::size_t n) noexcept`: the first `n` of those bytes are held now;
/// `void consume(std::size_t n) noexcept`: forgets the first `n` bytes held; the rest stays put.
/// Optional: `static constexpr bool never_allocates = true`.
template <class P>
concept buffer_policy =
    std::default_initializable<P> && std::movable<P> && requires(P held, std::size_t n) {
        { held.data() } noexcept -> std::same_as<std::span<std::byte>>;
        { held.prepare(n) } -> std::same_as<std::span<std::byte>>;
        { held.commit(n) } noexcept;
        { held.consume(n) } noexcept;
    };

/// A buffer that owns no storage unless it holds bytes or has room prepared for them: `commit` and
/// `consume` that leave nothing give it back, `commit(0)` too. `borrow_from(lender)`, called while
/// it owns none, says where blocks of `block_size` bytes come from. The lender must outlive it.
template <class P>
concept borrowing_buffer_policy =
    buffer_policy<P> && requires(P held, std::pmr::memory_resource& lender) {
        { P::block_size } -> std::convertible_to<std::size_t>;
        { held.borrow_from(lender) } noexcept;
    };

namespace detail {

template <class Buffer>
inline constexpr bool never_allocates = false;

template <class Buffer>
    requires requires { Buffer::never_allocates; }
inline constexpr bool never_allocates<Buffer> = Buffer::never_allocates;

} // namespace detail

} // namespace weft

#endif
