// A libFuzzer mutator that knows frames, for scripts of a stream; simulations have none.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_STREAM_MUTATOR_HPP
#define WEFT_TEST_STREAM_MUTATOR_HPP

#include <cstddef>
#include <cstdint>

#include <weft/test/frame_mutations.hpp>

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* input, std::size_t size,
                                               std::size_t size_max, unsigned seed)
{
    // What stands behind the wire: the script, and the byte that says what the input is.
    constexpr std::size_t tail = 32;
    if (size != 0 && input[size - 1] % 4 > 1)
        return LLVMFuzzerMutate(input, size, size_max);
    return weft::test::mutate_input(input, size, size_max, seed, tail);
}

#endif
