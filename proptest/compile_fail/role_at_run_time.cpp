// expect: role_policy
// expect: is_client
// max-lines: 20
#include <weft/connection.hpp>

struct undecided
{
    using slot = weft::role::slot;
    static bool is_client;
};

weft::basic_connection<undecided> c;
