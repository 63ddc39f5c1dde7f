// Slot `masking`: which kernel applies a masking key (RFC 6455 §5.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_MASKING_HPP
#define WEFT_POLICY_MASKING_HPP

#include <concepts>
#include <cstddef>
#include <span>

#include <weft/kernel/mask_bytewise.hpp>
#include <weft/kernel/mask_kernels.hpp>
#include <weft/kernel/mask_word.hpp>
#include <weft/policy/slot.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft {

namespace masking {

struct slot : policy_slot
{};

/// The fastest kernel that the processor can run, chosen with the first use: see
/// kernel/mask_kernels.hpp.
struct simd
{
    using slot = masking::slot;

    static void apply(std::span<std::byte> bytes, masking_key key, std::size_t phase) noexcept
    {
        kernel::mask_best(bytes.data(), bytes.data(), bytes.size(), key, phase);
    }

    static void copy(std::byte* to, std::span<const std::byte> from, masking_key key,
                     std::size_t phase) noexcept
    {
        kernel::mask_best(to, from.data(), from.size(), key, phase);
    }
};

/// Eight bytes at a time, in portable C++.
struct word
{
    using slot = masking::slot;

    static void apply(std::span<std::byte> bytes, masking_key key, std::size_t phase) noexcept
    {
        kernel::mask_word(bytes.data(), bytes.data(), bytes.size(), key, phase);
    }

    static void copy(std::byte* to, std::span<const std::byte> from, masking_key key,
                     std::size_t phase) noexcept
    {
        kernel::mask_word(to, from.data(), from.size(), key, phase);
    }
};

/// One byte at a time: the definition, and the reference of every other kernel.
struct bytewise
{
    using slot = masking::slot;

    static constexpr void apply(std::span<std::byte> bytes, masking_key key,
                                std::size_t phase) noexcept
    {
        kernel::mask_bytewise(bytes.data(), bytes.data(), bytes.size(), key, phase);
    }
};

} // namespace masking

/// `static void apply(std::span<std::byte> bytes, masking_key key, std::size_t phase) noexcept`:
/// combines `bytes[i]` with `key[(phase + i) % 4]` by exclusive or, for every `i` and nothing else.
/// Any length, alignment and phase; concurrent calls on distinct bytes are safe.
/// Optional: `static void copy(std::byte* to, std::span<const std::byte> from, masking_key key,
/// std::size_t phase) noexcept`: the same from one place to another, which do not overlap; a client
/// sends with it. Without it, weft copies and then applies.
template <class P>
concept masking_policy = requires(std::span<std::byte> bytes, masking_key key, std::size_t phase) {
    { P::apply(bytes, key, phase) } noexcept -> std::same_as<void>;
};

/// A masking policy that copies and masks in one pass.
template <class P>
concept copies_and_masks =
    requires(std::byte* to, std::span<const std::byte> from, masking_key key, std::size_t phase) {
        { P::copy(to, from, key, phase) } noexcept -> std::same_as<void>;
    };

} // namespace weft

#endif
