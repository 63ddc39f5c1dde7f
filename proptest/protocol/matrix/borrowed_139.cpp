// The laws of receiving with every combination of policies around buffer::borrowed<139>.
#include <protocol/laws.hpp>

weft::test::verdict weft::break_a_law_with_borrowed_139(const law_input& in)
{
    return break_a_law_with_any_policy<buffer::borrowed<139>>(in);
}
