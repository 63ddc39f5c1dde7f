// expect: writing_policy
// expect: waiting_bytes
// max-lines: 24
#include <weft/connection.hpp>

struct confused
{
    using slot = weft::writing::slot;
    static constexpr std::size_t waiting_bytes = 0;
    static constexpr bool corks = true;
};

weft::basic_connection<weft::role::server, confused> c;
