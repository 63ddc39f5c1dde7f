// The laws of each policy, for all cases: what `weft_test_policies` runs of a user's own.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_POLICY_CHECKS_HPP
#define WEFT_TEST_POLICY_CHECKS_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include <weft/policy/key_source.hpp>
#include <weft/test/buffer_laws.hpp>
#include <weft/test/composition.hpp>
#include <weft/test/law_report.hpp>
#include <weft/test/masking_laws.hpp>
#include <weft/test/utf8_laws.hpp>

namespace weft::test {

/// Bytes that are the same in each run.
inline bytes random_bytes(std::minstd_rand& random, std::size_t size)
{
    bytes out(size);
    for (std::byte& b : out)
        b = static_cast<std::byte>(random() >> 8 & 0xFF);
    return out;
}

template <masking_policy Masking>
void check_masking(law_report& report)
{
    report.ask(name_of_type<Masking>(), "masks as the reference does",
               [] { return for_each_masking_case(masking_policy_is_the_reference<Masking>); });
}

/// `Masking`: what it may have one pass with.
template <utf8_policy Utf8, masking_policy Masking>
void check_utf8(law_report& report)
{
    report.ask(name_of_type<Utf8>(), "judges text as the reference does",
               [] { return for_each_text_case(utf8_policy_law<Utf8, Masking>()); });
}

template <buffer_policy Buffer>
void check_buffer(law_report& report)
{
    const std::string name = name_of_type<Buffer>();
    report.ask(name, "has room for the rest of a control frame, wherever its bytes stand",
               there_is_room_for_the_rest_of_a_control_frame<Buffer>);
    report.ask(name, "is a list of bytes, whatever is done with it", [] {
        std::minstd_rand random;
        for (int i = 0; i != 300; ++i) {
            const bytes choices = random_bytes(random, 300);
            if (verdict wrong = any_use_is_that_of_a_list_of_bytes<Buffer>(byte_choices(choices)))
                return wrong;
        }
        return verdict();
    });
}

/// One that is meant to give the same key for ever.
template <class Source>
concept fixed_key_source = requires(const Source& source) {
    []<std::uint32_t Key>(const key_source::fixed<Key>&) {}(source);
};

/// Whether a key can be guessed no test tells; that it is always the same, any.
template <key_source_policy Source>
verdict keys_change(Source source)
{
    const masking_key first = source.next();
    for (int i = 0; i != 15; ++i)
        if (source.next() != first)
            return {};
    return "sixteen keys in a row are the same (RFC 6455 §5.3, §10.3)";
}

template <key_source_policy Source>
void check_key_source(law_report& report)
{
    if constexpr (std::default_initializable<Source> && !fixed_key_source<Source>)
        report.ask(name_of_type<Source>(), "changes the key", [] { return keys_change(Source()); });
}

/// Those of the policies that a stream is composed of that have laws of their own.
template <class Stream, class Set = typename Stream::policies>
void check_policies_of(law_report& report)
{
    check_masking<typename Set::masking>(report);
    check_utf8<typename Set::utf8, typename Set::masking>(report);
    check_buffer<typename Set::buffer>(report);
    if constexpr (Set::role::is_client)
        check_key_source<typename Set::key_source>(report);
}

} // namespace weft::test

#endif
