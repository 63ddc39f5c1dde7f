// expect: one_policy_per_slot
// expect: weft::role::client, weft::role::server
// max-lines: 14
#include <weft/connection.hpp>

weft::basic_connection<weft::role::client, weft::role::server> c;
