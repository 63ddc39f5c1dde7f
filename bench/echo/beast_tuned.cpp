// Beast with what makes it cheaper: a typed executor, no time limits, no automatic fragments, and a
// write buffer of 64 KiB.
// SPDX-License-Identifier: BSL-1.0

#include "beast_session.hpp"

namespace {

void set(echo::beast::websocket::stream<echo::typed_socket>& stream)
{
    using base = echo::beast::websocket::stream_base;
    stream.set_option(base::timeout{base::none(), base::none(), false});
    stream.auto_fragment(false);
    stream.write_buffer_bytes(65536);
}

} // namespace

int main()
{
    return echo::serve<echo::beast_session<echo::typed_socket, set>, echo::typed_socket>();
}
