// expect: include <weft/tls.hpp>
// expect: this layer has an end of its own
// max-lines: 30
#include <boost/asio/ip/tcp.hpp>
#include <weft/weft.hpp>

// As TLS is one, without OpenSSL.
struct encrypted : boost::asio::ip::tcp::socket
{
    using boost::asio::ip::tcp::socket::socket;
    void shutdown(weft::error_code&);
};

void close(weft::server_stream<encrypted>& s) { s.force_close(); }
