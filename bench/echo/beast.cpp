// Beast as it comes, with the time limits that it suggests for servers.
// SPDX-License-Identifier: BSL-1.0

#include "beast_session.hpp"

namespace {

void set(echo::beast::websocket::stream<echo::any_socket>& stream)
{
    stream.set_option(
        echo::beast::websocket::stream_base::timeout::suggested(echo::beast::role_type::server));
}

} // namespace

int main() { return echo::serve<echo::beast_session<echo::any_socket, set>, echo::any_socket>(); }
