// The laws of receiving with every combination of policies around buffer::flat<>.
#include <protocol/laws.hpp>

weft::test::verdict weft::break_a_law_with_flat_default(const law_input& in)
{
    return break_a_law_with_any_policy<buffer::flat<>>(in);
}
