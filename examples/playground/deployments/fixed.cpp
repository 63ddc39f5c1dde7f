// Memory whose size is known before the first client comes.
// SPDX-License-Identifier: BSL-1.0
#include "../serve.hpp"

namespace playground {

using small_budget = weft::budget::limited<weft::budget::limits{
    .frame_bytes = 16384, .message_bytes = 16384, .fragments = 64}>;

using fixed_stream = weft::basic_ws_stream<tap, weft::role::server, weft::buffer::fixed<8192>,
                                           small_budget, patience>;

constinit const deployment fixed{
    .path = "/fixed",
    .purpose = "For small machines and many clients: all buffers lie inside the connection, and "
               "what is longer than 16 KiB is refused with 1009.",
    .policies = "role::server, buffer::fixed<8192>, budget::limited<{16 KiB}>, timing::steady<…>",
    .message_bytes = 16384,
    .checks_text = true,
    .serve = serve<fixed_stream, echo_in_parts>,
};

} // namespace playground
