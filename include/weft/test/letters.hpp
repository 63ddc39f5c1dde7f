// A text for laws of fragments: code points of every size.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_LETTERS_HPP
#define WEFT_TEST_LETTERS_HPP

#include <cstddef>

#include <weft/test/byte_choices.hpp>
#include <weft/test/model_run.hpp>
#include <weft/test/wire_writer.hpp>

namespace weft::test {

/// A text of some length, up to more than 65,535 bytes; fragments cut it anywhere.
inline bytes letters(byte_choices& choices)
{
    const bytes all = as_bytes("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    std::size_t n = choices.next();
    bytes text;
    for (n *= choices.next() % 8 == 0 ? 30 : 1; n > 0; --n)
        text.insert(text.end(), all.begin(), all.end());
    return text;
}

} // namespace weft::test

#endif
