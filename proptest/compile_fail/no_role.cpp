// expect: names_a_role
// max-lines: 14
#include <weft/connection.hpp>

weft::basic_connection<weft::masking::word> c;
