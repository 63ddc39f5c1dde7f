// expect: observer_policy
// expect: observer.control(op, payload)
// max-lines: 24
#include <weft/connection.hpp>

struct deaf
{
    using slot = weft::observer::slot;
    void on_ping();
};

weft::basic_connection<weft::role::server, deaf> c;
