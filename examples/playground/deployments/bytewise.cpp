// The reference of every masking kernel.
// SPDX-License-Identifier: BSL-1.0
#include "../serve.hpp"

namespace playground {

using bytewise_stream =
    weft::basic_ws_stream<tap, weft::role::server, weft::masking::bytewise, patience>;

constinit const deployment bytewise{
    .path = "/bytewise",
    .purpose = "Unmasks one byte at a time, the reference that faster kernels are held to: compare "
               "its bursts.",
    .policies = "role::server, masking::bytewise, timing::steady<…>",
    .message_bytes = std::size_t{16} << 20,
    .checks_text = true,
    .serve = serve<bytewise_stream>,
};

} // namespace playground
