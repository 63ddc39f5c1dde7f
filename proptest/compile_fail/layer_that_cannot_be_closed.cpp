// expect: weft_force_close(layer&) noexcept
// expect: ends the transport at once
// max-lines: 30
#include <boost/asio/ip/tcp.hpp>
#include <weft/weft.hpp>

// It reads and writes, and nothing else.
class endless
{
public:
    using executor_type = boost::asio::any_io_executor;

    executor_type get_executor();
    template <class Buffers>
    std::size_t read_some(const Buffers& buffers, weft::error_code& ec);
    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, weft::error_code& ec);
};

void close(weft::server_stream<endless>& s) { s.force_close(); }
