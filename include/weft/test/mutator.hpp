// A libFuzzer mutator that knows frames, for inputs with the usual tail.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_MUTATOR_HPP
#define WEFT_TEST_MUTATOR_HPP

#include <cstddef>
#include <cstdint>

#include <weft/test/frame_mutations.hpp>
#include <weft/test/fuzz_input.hpp>

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* input, std::size_t size,
                                               std::size_t size_max, unsigned seed)
{
    return weft::test::mutate_input(input, size, size_max, seed, weft::test::tail_size);
}

#endif
