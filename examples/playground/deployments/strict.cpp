// The defaults.
// SPDX-License-Identifier: BSL-1.0
#include "../serve.hpp"

namespace playground {

using strict_stream = weft::basic_ws_stream<tap, weft::role::server, patience>;

constinit const deployment strict{
    .path = "/strict",
    .purpose =
        "The defaults: every rule of RFC 6455, text checked as it comes, messages up to 16 MiB.",
    .policies = "role::server, timing::steady<…>",
    .message_bytes = std::size_t{16} << 20,
    .checks_text = true,
    .serve = serve<strict_stream>,
};

} // namespace playground
