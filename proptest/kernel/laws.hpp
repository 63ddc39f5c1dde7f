// The laws of the kernels as plain functions, for programs without a test library: every kernel of
// this processor is equal to its reference (RFC 6455 §5.3, §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_KERNEL_LAWS_HPP
#define WEFT_PROPTEST_KERNEL_LAWS_HPP

#include <algorithm>
#include <string>

#include <weft/kernel/mask_kernels.hpp>
#include <weft/kernel/utf8_kernels.hpp>
#include <weft/test/masking_laws.hpp>
#include <weft/test/utf8_laws.hpp>

namespace weft::proptest {

/// In place and from one place to another.
inline test::verdict masks(const kernel::mask_kernel& k, const test::payload_case& in)
{
    const auto copy = [&](std::byte* to, std::span<const std::byte> from, masking_key key,
                          std::size_t phase) { k.apply(to, from.data(), from.size(), key, phase); };
    const auto apply = [&](std::span<std::byte> bytes, masking_key key, std::size_t phase) {
        copy(bytes.data(), bytes, key, phase);
    };
    if (const test::verdict wrong = masking_is_the_reference(apply, in))
        return wrong;
    return masking_copy_is_the_reference(copy, in);
}

/// From one place to another, to the end whatever the text is.
inline test::verdict unmasks_all(const kernel::utf8_kernel& k, const test::payload_case& in)
{
    test::bytes wire(in.plain.size());
    kernel::mask_bytewise(wire.data(), in.plain.data(), wire.size(), in.key, in.phase);
    const test::payload_room room(in);
    if (k.unmask(room.payload().data(), wire.data(), wire.size(), in.key, in.phase) !=
        k.prefix(in.plain.data(), in.plain.size()))
        return print(in) + ": masked and plain text are not judged alike";
    if (!std::ranges::equal(room.payload(), in.plain))
        return print(in) + ": it is not unmasked";
    return {};
}

/// What breaks a law of text, and its name.
inline test::verdict kernels_check(const test::payload_case& in)
{
    for (const kernel::utf8_kernel& k : kernel::utf8_kernels()) {
        kernel::force_utf8_kernel(k.name);
        test::verdict wrong = unmasks_all(k, in);
        if (!wrong)
            wrong = test::utf8_policy_law<utf8::strict, masking::simd>()(in);
        if (wrong)
            return std::string(k.name) + ": " + *wrong;
    }
    return {};
}

/// What breaks a law, and its name.
inline test::verdict kernels_are_their_references(const test::payload_case& in)
{
    for (const kernel::mask_kernel& k : kernel::mask_kernels())
        if (const test::verdict wrong = masks(k, in))
            return std::string(k.name) + ": " + *wrong;
    return kernels_check(in);
}

} // namespace weft::proptest

#endif
