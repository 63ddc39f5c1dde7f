// Copies of payloads and frames as they are sent: masked by a client (RFC 6455 §5.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_COPY_FRAMES_HPP
#define WEFT_PROTOCOL_COPY_FRAMES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <weft/policy/policy_set.hpp>
#include <weft/protocol/fragments.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::detail {

inline std::span<const std::byte> up_to(std::span<const std::byte> bytes, std::uint64_t n) noexcept
{
    return bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), n)));
}

/// `from` comes `phase` bytes behind a multiple of four in its frame, and isn't empty. `to` has its
/// size.
template <class Set>
void copy_payload(std::span<std::byte> to, std::span<const std::byte> from,
                  const frame_header& header, std::size_t phase) noexcept
{
    using masking = typename Set::masking;
    if constexpr (Set::role::is_client && copies_and_masks<masking>) {
        masking::copy(to.data(), from, header.key, phase);
    } else {
        std::memcpy(to.data(), from.data(), from.size());
        if constexpr (Set::role::is_client)
            masking::apply(to, header.key, phase);
    }
}

/// Goes on in `frames` as far as `to` has room, the payload from a source as `sender` takes it, and
/// returns how much of `to` was filled. No header is cut. `header` is the one that it is in, kept
/// between two calls.
template <class Set, class Source>
std::size_t copy_frames(std::span<std::byte> to, fragments& frames, frame_header& header,
                        Source& source, typename Set::key_source& keys) noexcept
{
    std::size_t filled = 0;
    while (!frames.ended()) {
        const auto room = to.subspan(filled);
        std::size_t n = frames.head_left();
        if (n > room.size() || room.empty())
            break;
        if (n != 0) {
            header = frames.header();
            if constexpr (Set::role::is_client)
                header.key = keys.next();
            encode(header, room);
        } else {
            const std::uint64_t left = frames.payload_left();
            const auto bytes = up_to(source.front(), std::min<std::uint64_t>(left, room.size()));
            const auto phase = static_cast<std::size_t>((header.payload_size - left) % 4);
            n = bytes.size();
            copy_payload<Set>(room.first(n), bytes, header, phase);
            source.advance(n);
        }
        filled += n;
        frames.advance(n);
    }
    return filled;
}

} // namespace weft::detail

#endif
