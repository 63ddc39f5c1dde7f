// Copies of payloads and frames as they are sent: masked by a client (RFC 6455 §5.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_COPY_PAYLOAD_HPP
#define WEFT_PROTOCOL_COPY_PAYLOAD_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <weft/policy/policy_set.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::detail {

/// A server sends the caller's bytes as they are: it has nothing to stage.
struct no_staging
{};

inline std::span<const std::byte> up_to(std::span<const std::byte> bytes, std::uint64_t n) noexcept
{
    return bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), n)));
}

/// `from` comes `phase` bytes behind a multiple of four in its frame. `to` has the size of `from`.
template <class Set>
void copy_payload(std::span<std::byte> to, std::span<const std::byte> from,
                  const frame_header& header, std::size_t phase) noexcept
{
    using masking = typename Set::masking;
    if (from.empty())
        return;
    if constexpr (Set::role::is_client && copies_and_masks<masking>) {
        masking::copy(to.data(), from, header.key, phase);
    } else {
        std::memcpy(to.data(), from.data(), from.size());
        if constexpr (Set::role::is_client)
            masking::apply(to, header.key, phase);
    }
}

/// Adds a frame to an outbox, its payload from a source as `sender` takes it.
template <class Set, class Outbox, class Source>
void copy_frame(Outbox& to, std::uint32_t ticket, const frame_header& header, Source source)
{
    std::array<std::byte, frame_header_size_max> head;
    const std::size_t head_size = encode(header, head);
    const auto size = static_cast<std::size_t>(header.payload_size);
    const auto room = to.add(ticket, head_size + size);
    std::copy_n(head.begin(), head_size, room.begin());
    const auto payload = room.subspan(head_size);
    for (std::size_t done = 0; done != size;) {
        const auto bytes = up_to(source.front(), size - done);
        copy_payload<Set>(payload.subspan(done, bytes.size()), bytes, header, done % 4);
        source.advance(bytes.size());
        done += bytes.size();
    }
}

} // namespace weft::detail

#endif
