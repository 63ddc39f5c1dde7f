// Two rules relaxed, each by name.
// SPDX-License-Identifier: BSL-1.0
#include "../serve.hpp"

namespace playground {

using unchecked_stream = weft::basic_ws_stream<tap, weft::role::server, weft::utf8::unchecked,
                                               weft::peer_masking::tolerated, patience>;

constinit const deployment unchecked{
    .path = "/unchecked",
    .purpose = "For links whose both ends are yours: text is passed on as it is, unmasked frames "
               "are taken.",
    .policies = "role::server, utf8::unchecked, peer_masking::tolerated, timing::steady<…>",
    .message_bytes = std::size_t{16} << 20,
    .checks_text = false,
    .serve = serve<unchecked_stream>,
};

} // namespace playground
