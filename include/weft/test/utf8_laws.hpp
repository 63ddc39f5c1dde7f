// The laws of the slot `utf8`: whatever judges text is equal to the reference (RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_UTF8_LAWS_HPP
#define WEFT_TEST_UTF8_LAWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <weft/kernel/utf8_dfa.hpp>
#include <weft/policy/masking.hpp>
#include <weft/policy/utf8.hpp>
#include <weft/test/generators.hpp>
#include <weft/test/payload_case.hpp>
#include <weft/test/text_rule.hpp>

namespace weft::test {

/// `write(checker, bytes, at)` takes each part in turn, `at` counting the bytes before it, as
/// `Utf8::write` does. It stops where the reference does, or tells at the end, or never, as
/// `text_rule_of` says; and after each part `finish` knows whether the text may end there. Behind
/// a message, the checker is as new.
template <utf8_policy Utf8, class Write>
verdict text_is_judged_as_by_the_reference(const payload_case& in, Utf8& checker, Write write)
{
    constexpr text_rule rule = text_rule_of<Utf8>;
    kernel::utf8_dfa reference;
    bool good = true;
    verdict wrong = for_each_part(in, [&](std::size_t at, std::size_t size) -> verdict {
        if (!good && rule == text_rule::at_once)
            return {}; // what was refused is never asked again
        const std::size_t valid = good ? reference.write(in.plain.subspan(at, size)) : 0;
        const std::size_t due = rule == text_rule::at_once ? valid : size;
        if (const std::size_t taken = write(checker, at, size); taken != due)
            return "write() takes " + std::to_string(at + taken) + " bytes, not " +
                   std::to_string(at + due);
        good = good && valid == size;
        if (!good && rule == text_rule::at_once)
            return {};
        const bool may_end = rule == text_rule::never || (good && reference.complete());
        Utf8 ended = checker;
        if (ended.finish() != may_end)
            return "finish() after " + std::to_string(at + size) + " bytes is " +
                   (may_end ? "false, not true" : "true, not false");
        return {};
    });
    if (wrong)
        return print(in) + ": " + *wrong + ": " + print(in.plain);
    if (good || rule != text_rule::at_once)
        (void)checker.finish();
    else
        checker = Utf8();
    return {};
}

/// A utf8 policy in one case, with text as it is, and with masked text if it has one pass with
/// `Masking`.
template <utf8_policy Utf8, class Masking>
class utf8_policy_law
{
public:
    verdict operator()(const payload_case& in)
    {
        const payload_room room(in);
        std::copy_n(in.plain.data(), in.plain.size(), room.payload().data());
        const auto write = [&](Utf8& checker, std::size_t at, std::size_t size) {
            return checker.write(room.payload().subspan(at, size));
        };
        verdict wrong = text_is_judged_as_by_the_reference(in, plain_, write);
        if (wrong) {
            Utf8 fresh;
            if (!text_is_judged_as_by_the_reference(in, fresh, write))
                *wrong += "; a fresh one is right: finish() has not made this one as new";
            return wrong;
        }
        if constexpr (checks_while_unmasking<Utf8, Masking>)
            return masked(in);
        return {};
    }

private:
    verdict masked(const payload_case& in)
    {
        const payload_room room(in);
        kernel::mask_bytewise(room.payload().data(), in.plain.data(), in.plain.size(), in.key,
                              in.phase);
        bool unmasked = true;
        verdict wrong = text_is_judged_as_by_the_reference(
            in, masked_, [&](Utf8& checker, std::size_t at, std::size_t size) {
                const auto part = room.payload().subspan(at, size);
                const std::size_t n =
                    unmasked ? checker.write_masked(Masking(), part, in.key, in.phase + at) : size;
                unmasked = unmasked && same_bytes(part, in.plain.subspan(at, size));
                return n;
            });
        if (wrong || !unmasked)
            return "masked text: " + wrong.value_or(print(in) + ": it is not unmasked");
        if (const verdict outside = room.touched_outside())
            return "masked text: " + print(in) + ": " + *outside;
        return {};
    }

    Utf8 plain_{};
    Utf8 masked_{};
};

/// A value of up to 21 bits in a sequence of `size` bytes, whether or not UTF-8 allows it.
inline std::string utf8_sequence(std::uint32_t value, std::size_t size)
{
    if (size == 1)
        return {static_cast<char>(value)};
    std::string out(size, '\0');
    for (std::size_t i = size; --i != 0; value >>= 6)
        out[i] = static_cast<char>(0x80 | (value & 0x3F));
    out[0] = static_cast<char>((0xF00U >> size & 0xFFU) | value);
    return out;
}

/// Asks `law(case)` of every scalar value, of every surrogate, and of right and wrong sequences at
/// every offset of two vectors of 64 bytes and about the ends of blocks of 256, each with every cut
/// of its sequence.
template <class Law>
verdict for_each_text_case(Law law)
{
    verdict wrong;
    const auto ask = [&](std::string_view text, std::size_t cut, std::size_t offset) {
        wrong = law({.plain = std::as_bytes(std::span(text)),
                     .phase = offset % 4,
                     .offset = offset % 64,
                     .cuts = {cut, cut + 1},
                     .around = 64});
        return !wrong;
    };
    std::string many;
    for (std::uint32_t value = 0; value != 0x110000; ++value) {
        const bool surrogate = value >= 0xD800 && value < 0xE000;
        const std::string one = utf8_sequence(value, value < 0x80      ? 1
                                                     : value < 0x800   ? 2
                                                     : value < 0x10000 ? 3
                                                                       : 4);
        if (surrogate && !ask("a surrogate: " + one, value % 17, value))
            return wrong;
        if (!surrogate)
            many += one;
        if (value % 64 == 63 && !many.empty()) {
            if (!ask(many, value / 64 % many.size(), value / 64))
                return wrong;
            many.clear();
        }
    }
    for (const std::string_view letter : {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"})
        for (std::size_t before = 0; before != 518; before += before == 131   ? 119
                                                              : before == 261 ? 245
                                                                              : 1)
            for (const utf8_token& token : utf8_tokens) {
                std::string text;
                while (text.size() + letter.size() <= before)
                    text += letter;
                text.append(before - text.size(), '-').append(token.bytes);
                // At the end, with more behind it, and with so much that wide blocks are filled.
                for (const std::size_t behind : {0U, 70U, 260U})
                    for (std::size_t cut = before; cut <= before + token.bytes.size(); ++cut)
                        if (cut - before <= 5 && !ask(text + std::string(behind, 'z'), cut, before))
                            return wrong;
            }
    return {};
}

} // namespace weft::test

#endif
