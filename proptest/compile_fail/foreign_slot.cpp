// expect-gcc: 'weft::policy_slot' is not a base of 'slot_of_another_library'
// expect-clang: 'foreign' does not satisfy 'policy'
// max-lines: 20
#include <weft/connection.hpp>

struct slot_of_another_library
{};

struct foreign
{
    using slot = slot_of_another_library;
};

weft::basic_connection<weft::role::client, foreign> c;
