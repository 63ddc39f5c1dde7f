// The laws of receiving with every combination of policies around buffer::fixed<300>.
#include <protocol/laws.hpp>

weft::test::verdict weft::break_a_law_with_fixed_300(const law_input& in)
{
    return break_a_law_with_any_policy<buffer::fixed<300>>(in);
}
