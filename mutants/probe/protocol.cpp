// The core for both roles, with and without heap, and the templates that its users fill in.
#include <weft/connection.hpp>

namespace weft {

using server = basic_connection<role::server>;
using client = basic_connection<role::client, buffer::fixed<>, utf8::deferred,
                                peer_masking::tolerated, masking::bytewise>;

template <class Connection>
std::size_t probe(Connection& c, span_source source)
{
    pieces<> out;
    c.gather(out, source);
    return c.sent(out.size(), source) + c.check_text(source, true);
}

template std::size_t probe(server&, span_source);
template std::size_t probe(client&, span_source);
template class connection<server::policies>;
template class connection<client::policies>;

} // namespace weft
