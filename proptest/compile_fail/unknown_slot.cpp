// expect: fills_a_slot
// expect: is_a_slot_of_weft
// expect-gcc: [with P = logs]
// expect-clang: 'logs'
// max-lines: 16
#include <weft/connection.hpp>

struct logging_slot : weft::policy_slot
{};

struct logs
{
    using slot = logging_slot;
};

weft::basic_connection<weft::role::client, logs> c;
