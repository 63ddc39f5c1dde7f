// websocketpp as it comes, without its log, and for one thread: no locks.
// SPDX-License-Identifier: BSL-1.0

#include <cstdio>

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/server.hpp>

namespace {

struct config : websocketpp::config::asio
{
    using concurrency_type = websocketpp::concurrency::none;
    struct transport_config : websocketpp::config::asio::transport_config
    {
        using concurrency_type = websocketpp::concurrency::none;
        static constexpr bool enable_multithreading = false;
    };
    using transport_type = websocketpp::transport::asio::endpoint<transport_config>;
};

using server = websocketpp::server<config>;

} // namespace

int main()
{
    using boost::asio::ip::tcp;
    server all;
    all.clear_access_channels(websocketpp::log::alevel::all);
    all.clear_error_channels(websocketpp::log::elevel::all);
    all.init_asio();
    all.set_tcp_post_init_handler([&all](websocketpp::connection_hdl connection) {
        boost::system::error_code ignored;
        all.get_con_from_hdl(connection)->get_raw_socket().set_option(tcp::no_delay(true), ignored);
    });
    all.set_message_handler(
        [&all](websocketpp::connection_hdl connection, server::message_ptr message) {
            websocketpp::lib::error_code ignored;
            all.send(connection, message->get_payload(), message->get_opcode(), ignored);
        });
    all.set_listen_backlog(1024);
    all.listen(tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    all.start_accept();
    websocketpp::lib::asio::error_code ec;
    std::printf("%d\n", all.get_local_endpoint(ec).port());
    std::fflush(stdout);
    all.run();
}
