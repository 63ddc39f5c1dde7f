// What every Asio server here has around its sessions: one thread, a port of its own.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BENCH_ECHO_LISTEN_HPP
#define WEFT_BENCH_ECHO_LISTEN_HPP

#include <cstdio>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace echo {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Its executor's type is known, which spares the type erasure of `asio::any_io_executor`.
using typed_socket = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;
using any_socket = asio::basic_stream_socket<tcp, asio::any_io_executor>;

/// Sessions own themselves until their connection ends: a benchmark needs no list of them, and a
/// shared pointer in each handler would be measured with the library.
template <class Session, class Socket>
class listener
{
public:
    explicit listener(asio::io_context& context)
        : acceptor_(context, {asio::ip::address_v4::loopback(), 0})
    {
        std::printf("%d\n", acceptor_.local_endpoint().port());
        std::fflush(stdout);
    }

    void accept()
    {
        acceptor_.async_accept([this](error_code ec, Socket socket) {
            if (!ec) {
                socket.set_option(tcp::no_delay(true));
                (new Session(std::move(socket)))->start();
            }
            accept();
        });
    }

private:
    asio::basic_socket_acceptor<tcp, typename Socket::executor_type> acceptor_;
};

/// Until a signal ends the process. `concurrency_hint`: that of `asio::io_context`.
template <class Session, class Socket>
int serve(int concurrency_hint = 1)
{
    asio::io_context context(concurrency_hint);
    listener<Session, Socket> all(context);
    all.accept();
    context.run();
    return 0;
}

} // namespace echo

#endif
