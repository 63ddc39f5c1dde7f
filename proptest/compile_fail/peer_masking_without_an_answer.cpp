// expect: peer_masking_policy
// expect: P::is_required
// max-lines: 20
#include <weft/connection.hpp>

struct silent
{
    using slot = weft::peer_masking::slot;
};

weft::basic_connection<weft::role::server, silent> c;
