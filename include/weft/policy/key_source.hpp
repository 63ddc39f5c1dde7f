// Slot `key_source`: where a client's masking keys come from (RFC 6455 §5.3, §10.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_KEY_SOURCE_HPP
#define WEFT_POLICY_KEY_SOURCE_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>

#include <weft/policy/entropy_pool.hpp>
#include <weft/policy/slot.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft {

namespace key_source {

struct slot : policy_slot
{};

/// A fresh key from the operating system's generator for each frame. "The masking key needs to be
/// unpredictable; thus, the masking key MUST be derived from a strong source of entropy" (§5.3).
struct secure
{
    using slot = key_source::slot;

    static masking_key next() noexcept
    {
        masking_key key;
        detail::entropy_pool::of_this_thread().take(key);
        return key;
    }
};

/// The same key for each frame, given as the number whose bytes stand on the wire from the left:
/// `fixed<0x37fa213d>`. For tests only: it breaks the rule that `secure` quotes.
template <std::uint32_t Key>
struct fixed
{
    using slot = key_source::slot;

    static constexpr masking_key next() noexcept
    {
        return {std::byte{(Key >> 24) & 0xFF}, std::byte{(Key >> 16) & 0xFF},
                std::byte{(Key >> 8) & 0xFF}, std::byte{Key & 0xFF}};
    }
};

/// The key 0: frames are marked as masked and their bytes stay as they are. Only for links whose
/// intermediaries are all trusted; it relaxes "The masking key needs to be unpredictable" (§5.3),
/// which protects proxies between the client and the server (§10.3).
struct zero : fixed<0>
{};

} // namespace key_source

/// `masking_key next() noexcept`, static or not: the key of the next frame. One object belongs to
/// one connection.
template <class P>
concept key_source_policy = requires(P source) {
    { source.next() } noexcept -> std::same_as<masking_key>;
};

namespace detail {

/// Sixteen bytes in a row, as a handshake needs them.
template <key_source_policy Source>
std::array<std::byte, 16> draw_16(Source& source) noexcept
{
    std::array<std::byte, 16> drawn;
    for (std::size_t i = 0; i < drawn.size(); i += 4) {
        const masking_key key = source.next();
        std::copy(key.begin(), key.end(), drawn.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return drawn;
}

} // namespace detail

} // namespace weft

#endif
