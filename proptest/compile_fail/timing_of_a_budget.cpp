// expect: timing_policy
// expect: timing.limits()
// max-lines: 24
#include <weft/connection.hpp>

struct confused
{
    using slot = weft::timing::slot;
    static weft::budget::limits limits() noexcept;
};

weft::basic_connection<weft::role::server, confused> c;
