// The layer below, the protocol core, and the bytes that go between them.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_TRANSFER_HPP
#define WEFT_STREAM_TRANSFER_HPP

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <functional>
#include <span>
#include <utility>

#include <boost/asio/buffer.hpp>

#include <weft/protocol/connection.hpp>
#include <weft/stream/block_pool.hpp>
#include <weft/stream/buffers_view.hpp>
#include <weft/stream/layer.hpp>

namespace weft::detail {

/// `outgoing` belongs to whoever owns the write lane, `incoming` to the owner of the read lane.
template <class NextLayer, class Set>
struct transfer
{
    using next_layer_type = NextLayer;

    /// Whether room is prepared for as short a time as can be, and only when bytes have come.
    static constexpr bool borrows = borrowing_buffer_policy<typename Set::buffer>;
    static constexpr bool waits_first = borrows && tells_readable<NextLayer>;

    template <class... Args>
    transfer(typename Set::budget budget, typename Set::key_source keys, Args&&... args)
        : next(std::forward<Args>(args)...),
          core(std::move(budget), std::move(keys))
    {
        if constexpr (borrows)
            core.borrow_from(pool_of<Set::buffer::block_size>(next.get_executor()));
    }

    /// What a read has shown of the core's memory is void from here on. Where assertions are
    /// checked, no write may be under way that still takes its bytes there, and whoever looks at
    /// them later finds them destroyed.
    void end_view() noexcept
    {
#ifndef NDEBUG
        const std::span<std::byte> view = core.handed_out();
        assert(!is_writing(view) && "weft: a view was written while the next read began");
        std::ranges::fill(view, std::byte{0xDD});
#endif
    }

    bool is_writing(std::span<const std::byte> bytes) const noexcept
    {
        const std::less_equal<const void*> not_behind;
        return writing && std::ranges::any_of(outgoing, [&](const asio::const_buffer& piece) {
                   return !bytes.empty() && not_behind(bytes.data(), piece.data()) &&
                          not_behind(piece.data(), &bytes.back());
               });
    }

    /// Receives into `direct` first, if it isn't empty, then into the core. One who borrows needs
    /// no memory but `direct`, and else, if it can wait for bytes, none before `make_room`.
    void receive_into(std::span<std::byte> direct)
    {
        incoming = {asio::mutable_buffer(direct.data(), direct.size()), asio::mutable_buffer()};
        if (!borrows || (direct.empty() && (!waits_first || !core.unread().empty())))
            make_room();
    }

    void make_room()
    {
        const auto room = core.prepare();
        incoming[1] = asio::mutable_buffer(room.data(), room.size());
    }

    bool lacks_room() const noexcept
    {
        return waits_first && incoming[0].size() + incoming[1].size() == 0;
    }

    buffers_view<asio::mutable_buffer> incoming_view() const noexcept
    {
        return {incoming.data() + (incoming[0].size() == 0 ? 1 : 0), incoming.data() + 2};
    }

    buffers_view<asio::const_buffer> outgoing_view() const noexcept
    {
        return {outgoing.begin(), outgoing.end()};
    }

    NextLayer next;
    connection<Set> core;
    pieces<asio::const_buffer> outgoing;
    std::array<asio::mutable_buffer, 2> incoming;
    bool writing = false; // one at a time
};

} // namespace weft::detail

#endif
