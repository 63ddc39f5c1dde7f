// expect: buffer_size_min
// expect: flat
// max-lines: 20
#include <weft/connection.hpp>

weft::basic_connection<weft::role::server, weft::buffer::flat<64>> c;
