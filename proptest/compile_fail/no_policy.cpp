// expect-gcc: required for the satisfaction of 'policy<P>' [with P = not_a_policy]
// expect-clang: 'not_a_policy' does not satisfy 'policy'
// expect: typename P::slot
// max-lines: 20
#include <weft/connection.hpp>

struct not_a_policy
{};

weft::basic_connection<weft::role::client, not_a_policy, weft::utf8::strict> c;
