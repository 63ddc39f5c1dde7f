// expect: key_source_policy
// expect: source.next()
// max-lines: 20
#include <weft/connection.hpp>

struct integers
{
    using slot = weft::key_source::slot;
    unsigned next() noexcept;
};

weft::basic_connection<weft::role::client, integers> c;
