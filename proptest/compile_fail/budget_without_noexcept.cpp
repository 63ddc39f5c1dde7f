// expect: budget_policy
// expect: budget.limits()
// max-lines: 20
#include <weft/connection.hpp>

struct generous
{
    using slot = weft::budget::slot;
    weft::budget::limits limits() const;
};

weft::basic_connection<weft::role::server, generous> c;
