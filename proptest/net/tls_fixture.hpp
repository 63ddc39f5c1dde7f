// Two ends of a TLS connection over TCP, whose client has verified the server.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_NET_TLS_FIXTURE_HPP
#define WEFT_PROPTEST_NET_TLS_FIXTURE_HPP

#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <net/certificate.hpp>
#include <net/loopback.hpp>

namespace weft::proptest {

namespace ssl = asio::ssl;
using tls_socket = ssl::stream<tcp::socket>;

/// The contexts of a server with a certificate for `host`, and of a client that trusts it.
class tls_contexts
{
public:
    explicit tls_contexts(const std::string& host)
    {
        const certificate own(host);
        server.use_certificate_chain(asio::buffer(own.pem()));
        server.use_private_key(asio::buffer(own.key()), ssl::context::pem);
        client.add_certificate_authority(asio::buffer(own.pem()));
        client.set_verify_mode(ssl::verify_peer);
        client.set_verify_callback(ssl::host_name_verification("weft.test"));
    }

    ssl::context server{ssl::context::tls_server};
    ssl::context client{ssl::context::tls_client};
};

/// Raw ends; `shake_hands` makes them talk TLS.
struct tls_network : network
{
    explicit tls_network(const std::string& host = "weft.test", asio::io_context* elsewhere = {})
        : contexts(host),
          sockets(connect_tcp(io, elsewhere != nullptr ? *elsewhere : io)),
          client_end(std::move(sockets.first), contexts.client),
          server_end(std::move(sockets.second), contexts.server)
    {}

    tls_contexts contexts;
    std::pair<tcp::socket, tcp::socket> sockets;
    tls_socket client_end;
    tls_socket server_end;
};

/// The client's result.
inline error_code shake_hands(network& net, tls_socket& client, tls_socket& server)
{
    outcome c, s;
    client.async_handshake(ssl::stream_base::client, into(c));
    server.async_handshake(ssl::stream_base::server, into(s));
    net.complete(c, s);
    return c.ec;
}

} // namespace weft::proptest

#endif
