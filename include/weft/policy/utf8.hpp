// Slot `utf8`: when text is checked, and by what (RFC 6455 §5.6, §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_POLICY_UTF8_HPP
#define WEFT_POLICY_UTF8_HPP

#include <concepts>
#include <cstddef>
#include <span>

#include <weft/kernel/isa.hpp>
#include <weft/kernel/utf8_kernels.hpp>
#include <weft/kernel/utf8_text.hpp>
#include <weft/policy/masking.hpp>
#include <weft/policy/slot.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft {

namespace utf8 {

struct slot : policy_slot
{};

/// Fails at the first byte that can't be mended, in whatever fragment or read it comes.
class strict
{
public:
    using slot = utf8::slot;

    WEFT_INLINE constexpr std::size_t write(std::span<const std::byte> bytes) noexcept
    {
        return text_.write(bytes);
    }

    WEFT_INLINE std::size_t write_masked(masking::simd, std::span<std::byte> bytes, masking_key key,
                                         std::size_t phase) noexcept
    {
        return text_.write_masked(bytes, key, phase);
    }

    constexpr bool finish() noexcept
    {
        const bool valid = text_.complete();
        text_ = {};
        return valid;
    }

private:
    kernel::utf8_text<kernel::utf8_best> text_;
};

/// Checks everything, and speaks at the end of the message: its parts are delivered before.
class deferred
{
public:
    using slot = utf8::slot;

    constexpr std::size_t write(std::span<const std::byte> bytes) noexcept
    {
        if (valid_)
            valid_ = strict_.write(bytes) == bytes.size();
        return bytes.size();
    }

    std::size_t write_masked(masking::simd masking, std::span<std::byte> bytes, masking_key key,
                             std::size_t phase) noexcept
    {
        if (valid_)
            valid_ = strict_.write_masked(masking, bytes, key, phase) == bytes.size();
        else
            masking.apply(bytes, key, phase);
        return bytes.size();
    }

    constexpr bool finish() noexcept
    {
        const bool complete = strict_.finish();
        const bool valid = valid_ && complete;
        valid_ = true;
        return valid;
    }

private:
    strict strict_;
    bool valid_ = true;
};

/// Delivers and sends any bytes as text. For programs that check elsewhere; it relaxes "When an
/// endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in fact,
/// a valid UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_" (§8.1).
struct unchecked
{
    using slot = utf8::slot;

    static constexpr std::size_t write(std::span<const std::byte> bytes) noexcept
    {
        return bytes.size();
    }

    static constexpr bool finish() noexcept { return true; }
};

} // namespace utf8

/// `std::size_t write(std::span<const std::byte>) noexcept`: the next bytes of a message; returns
/// how many come before the first that makes the message invalid, its argument's size if none.
/// `bool finish() noexcept`: whether the message is valid at its end, asked only if all of it was
/// taken; makes the object as new.
/// One object follows one message at a time; it is copied freely and default-constructed fresh.
/// Optional: see `checks_while_unmasking`.
template <class P>
concept utf8_policy = std::default_initializable<P> && std::copyable<P> &&
                      requires(P checker, std::span<const std::byte> bytes) {
                          { checker.write(bytes) } noexcept -> std::same_as<std::size_t>;
                          { checker.finish() } noexcept -> std::same_as<bool>;
                      };

/// A utf8 policy that has one pass with a masking policy: a member `std::size_t
/// write_masked(Masking, std::span<std::byte> bytes, masking_key, std::size_t phase) noexcept`,
/// which unmasks all of `bytes`, as `Masking::apply` does, and returns what `write` does of the
/// result. weft calls it for masked text instead of the two. Exactly this member, of exactly these
/// two: a policy that derives from one of weft's to change what it does is not passed over.
template <class P, class Masking>
concept checks_while_unmasking =
    std::same_as<decltype(&P::write_masked), std::size_t (P::*)(Masking, std::span<std::byte>,
                                                                masking_key, std::size_t) noexcept>;

} // namespace weft

#endif
