// When a utf8 policy judges text: what the model of receiving and the laws of text must know.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_TEXT_RULE_HPP
#define WEFT_TEST_TEXT_RULE_HPP

#include <weft/policy/utf8.hpp>
#include <weft/test/model_run.hpp>

namespace weft::test {

/// When a utf8 policy judges text. Specialise it for a policy that is not strict.
template <class Utf8>
inline constexpr text_rule text_rule_of = text_rule::at_once;
template <>
inline constexpr text_rule text_rule_of<utf8::deferred> = text_rule::at_end;
template <>
inline constexpr text_rule text_rule_of<utf8::unchecked> = text_rule::never;

} // namespace weft::test

#endif
