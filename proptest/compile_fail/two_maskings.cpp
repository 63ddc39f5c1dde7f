// expect: one_policy_per_slot
// expect: weft::masking::word, weft::masking::bytewise
// max-lines: 14
#include <weft/connection.hpp>

weft::basic_connection<weft::role::client, weft::masking::word, weft::masking::bytewise> c;
