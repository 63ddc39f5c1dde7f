// The laws of a composition and of its policies, asked of a fuzzer's input.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_COMPOSITION_FUZZ_HPP
#define WEFT_TEST_COMPOSITION_FUZZ_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include <weft/test/any_scenario.hpp>
#include <weft/test/buffer_laws.hpp>
#include <weft/test/composition.hpp>
#include <weft/test/fuzz_input.hpp>
#include <weft/test/laws.hpp>
#include <weft/test/masking_laws.hpp>
#include <weft/test/utf8_laws.hpp>

namespace weft::test {

/// An input is wire bytes, as for weft's own fuzzer of the protocol, whose seeds serve here, and a
/// tail that says how they are read. Every law is asked of the same bytes.
class composition_fuzz
{
public:
    explicit composition_fuzz(std::span<const std::byte> input)
        : wire_(split_tail(input).first),
          tail_(split_tail(input).second)
    {}

    template <masking_policy Masking>
    void masking() const
    {
        must_hold(masking_policy_is_the_reference<Masking>(payload()));
    }

    template <utf8_policy Utf8, masking_policy Masking>
    void utf8() const
    {
        must_hold(utf8_policy_law<Utf8, Masking>()(payload()));
    }

    template <class Stream, class Set = typename Stream::policies>
    void composition() const
    {
        masking<typename Set::masking>();
        utf8<typename Set::utf8, typename Set::masking>();
        must_hold(any_use_is_that_of_a_list_of_bytes<typename Set::buffer>(
            byte_choices(wire_.first(std::min<std::size_t>(wire_.size(), 200)))));
        any_budget budget;
        if (const std::uint64_t limit = number(5); limit % 2 != 0)
            budget.value = {.frame_bytes = limit, .message_bytes = limit * 2, .fragments = 3};
        must_hold(a_connection_receives_what_the_model_reads(
            core_of<Stream, any_budget, one_key>(budget), wire_, byte_choices(tail_.first(4))));
        if (number(4) % 4 == 1)
            must_hold(a_stream_keeps_its_laws<simulated_stream_of<Stream>>(wire_));
    }

private:
    std::size_t number(std::size_t i) const { return std::to_integer<std::size_t>(tail_[i]); }

    payload_case payload() const
    {
        return {.plain = wire_,
                .key = {tail_[0], tail_[1], tail_[2], tail_[3]},
                .phase = number(4) % 4,
                .offset = number(4) / 4,
                .cuts = {number(0) * wire_.size() / 256, number(1) * wire_.size() / 256}};
    }

    std::span<const std::byte> wire_;
    std::span<const std::byte> tail_;
};

} // namespace weft::test

#endif
