// The laws of the slot `masking`: whatever applies a key is equal to the reference (RFC 6455 §5.3).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_MASKING_LAWS_HPP
#define WEFT_TEST_MASKING_LAWS_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <weft/kernel/mask_bytewise.hpp>
#include <weft/policy/masking.hpp>
#include <weft/test/payload_case.hpp>

namespace weft::test {

/// `apply(bytes, key, phase)`, called for each part in turn, masks as one byte at a time would, and
/// changes no other byte.
template <class Apply>
verdict masking_is_the_reference(Apply apply, const payload_case& in)
{
    bytes expected(in.plain.size());
    kernel::mask_bytewise(expected.data(), in.plain.data(), expected.size(), in.key, in.phase);
    const payload_room room(in);
    const auto shown = room.payload();
    std::copy_n(in.plain.data(), shown.size(), shown.data());
    (void)for_each_part(in, [&](std::size_t at, std::size_t size) {
        apply(shown.subspan(at, size), in.key, in.phase + at);
        return verdict();
    });
    if (!same_bytes(shown, expected)) {
        const auto wrong = std::ranges::mismatch(shown, expected);
        const auto is = std::span(&*wrong.in1, 1), should = std::span(&*wrong.in2, 1);
        return print(in) + ", byte " + std::to_string(wrong.in1 - shown.begin()) + ": " +
               print(is).substr(0, 2) + ", not " + print(should).substr(0, 2);
    }
    if (const verdict outside = room.touched_outside())
        return print(in) + ": " + *outside;
    return {};
}

/// The same of a copy, `copy(to, from, key, phase)`, which leaves what it reads as it is.
template <class Copy>
verdict masking_copy_is_the_reference(Copy copy, const payload_case& in)
{
    bool kept = true;
    const verdict wrong = masking_is_the_reference(
        [&](std::span<std::byte> to, masking_key key, std::size_t phase) {
            const bytes from(to.begin(), to.end());
            const bytes before = from;
            std::ranges::fill(to, std::byte{0x5A});
            copy(to.data(), std::span<const std::byte>(from), key, phase);
            kept = kept && same_bytes(from, before);
        },
        in);
    if (!wrong && !kept)
        return print(in) + ": what is copied from changes";
    return wrong;
}

/// Asks `law(case)` of each length up to 300 at each offset from a cache line and each phase, of
/// each cut of each length, and of phases that a long payload reaches.
template <class Law>
verdict for_each_masking_case(Law law)
{
    constexpr std::size_t size_max = 300;
    // No two neighbours are equal, and nothing repeats with a period that divides a vector.
    bytes plain(size_max);
    for (std::size_t i = 0; i != size_max; ++i)
        plain[i] = static_cast<std::byte>((i * 151 + i / 7 + 13) % 251);
    payload_case in{.around = 64};
    for (std::size_t size = 0; size <= size_max; ++size) {
        in.plain = std::span(plain).first(size);
        for (in.phase = 0; in.phase != 4; ++in.phase) {
            in.cuts = {};
            for (in.offset = 0; in.offset != 64; ++in.offset)
                if (verdict wrong = law(in))
                    return wrong;
            for (std::size_t cut = 1; cut < size; ++cut) {
                in.offset = cut % 64;
                in.cuts = {cut, cut + 1 + cut % 8};
                if (verdict wrong = law(in))
                    return wrong;
            }
        }
    }
    in.cuts = {};
    for (const std::size_t phase : {std::size_t{4095}, (std::size_t{1} << 32) + 3, SIZE_MAX - 1}) {
        in.phase = phase;
        if (verdict wrong = law(in))
            return wrong;
    }
    return {};
}

/// A masking policy in one case: `apply`, and `copy` if it has one.
template <masking_policy Masking>
verdict masking_policy_is_the_reference(const payload_case& in)
{
    if (const verdict wrong =
            masking_is_the_reference([](auto... how) { Masking::apply(how...); }, in))
        return "apply() differs from the reference: " + *wrong;
    if constexpr (copies_and_masks<Masking>)
        if (const verdict wrong =
                masking_copy_is_the_reference([](auto... how) { Masking::copy(how...); }, in))
            return "copy() differs from the reference: " + *wrong;
    return {};
}

} // namespace weft::test

#endif
