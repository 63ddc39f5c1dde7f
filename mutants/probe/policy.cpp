// Every policy that is shipped.
#include <weft/policy/compose.hpp>

template struct weft::buffer::flat<>;
template struct weft::buffer::fixed<>;
template struct weft::budget::limited<>;
template struct weft::timing::steady<>;
template struct weft::key_source::fixed<0x37fa213d>;
