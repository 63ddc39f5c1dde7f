// Text checked at the end of a message.
// SPDX-License-Identifier: BSL-1.0
#include "../serve.hpp"

namespace playground {

using deferred_stream =
    weft::basic_ws_stream<tap, weft::role::server, weft::utf8::deferred, patience>;

constinit const deployment deferred{
    .path = "/deferred",
    .purpose =
        "Text is judged once, when its message ends: for servers that take whole messages anyway.",
    .policies = "role::server, utf8::deferred, timing::steady<…>",
    .message_bytes = std::size_t{16} << 20,
    .checks_text = true,
    .serve = serve<deferred_stream>,
};

} // namespace playground
