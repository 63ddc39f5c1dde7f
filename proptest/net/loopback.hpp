// Real sockets in one process, and an event loop that waits for what a test expects, not longer.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_NET_LOOPBACK_HPP
#define WEFT_PROPTEST_NET_LOOPBACK_HPP

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <weft/wire/close_code.hpp>
#include <weft/wire/error_code.hpp>
#include <weft/wire/opcode.hpp>

#include <stream/outcome.hpp>

namespace weft::proptest {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

/// Whether what took place since `began` was prompt: nothing has waited for a time limit of the
/// tests, which are seconds; even on a machine that is busy.
class stopwatch
{
public:
    std::chrono::milliseconds elapsed() const
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began_);
    }

private:
    using clock = std::chrono::steady_clock;
    clock::time_point began_ = clock::now();
};

struct network
{
    asio::io_context io{1};

    /// Runs handlers until `done()`; false if it isn't after `limit`.
    template <class Done>
    bool run_until(Done done, std::chrono::milliseconds limit = 20s)
    {
        const stopwatch watch;
        while (!done() && watch.elapsed() < limit) {
            io.restart();
            io.run_one_for(50ms);
        }
        return done();
    }

    /// The same, until these operations have completed.
    template <class... Outcomes>
    bool complete(const Outcomes&... all)
    {
        return run_until([&] { return !(all.pending() || ...); });
    }

    /// Runs handlers for as long as any is ready within `quiet`.
    void settle(std::chrono::milliseconds quiet = 20ms)
    {
        io.restart();
        while (io.run_one_for(quiet) != 0)
            continue;
    }
};

/// Two sockets, connected through the loopback device; the second one is the acceptor's.
inline std::pair<tcp::socket, tcp::socket> connect_tcp(asio::io_context& first,
                                                       asio::io_context& second)
{
    tcp::acceptor acceptor(second, {asio::ip::address_v4::loopback(), 0});
    tcp::socket socket(first);
    socket.connect(acceptor.local_endpoint());
    return {std::move(socket), acceptor.accept()};
}

inline std::string payload_of(std::size_t size)
{
    std::string made(size, '\0');
    for (std::size_t i = 0; i != size; ++i)
        made[i] = static_cast<char>('a' + i % 23); // prime, so that a lost block is seen
    return made;
}

/// Of messages: at the borders of the header's forms (§5.2), and beyond every buffer below.
inline constexpr std::size_t sizes[] = {0, 1, 125, 126, 65'535, 65'536, std::size_t{1} << 20};

/// `message` goes from one stream to another one.
template <class From, class To>
void passes(network& net, From& from, To& to, const std::string& message)
{
    std::string got;
    outcome write, read;
    to.async_read(asio::dynamic_buffer(got), into(read));
    from.async_write(message_kind::binary, asio::buffer(message), into(write));
    ASSERT_TRUE(net.complete(write, read));
    ASSERT_TRUE(write.ok(message.size()) && read.ok(message.size())) << write << read;
    ASSERT_TRUE(got == message) << message.size() << " bytes";
}

/// The first stream closes while the second one reads.
template <class First, class Second>
void closes(network& net, First& first, Second& second)
{
    outcome close, read;
    std::string got;
    second.async_read(asio::dynamic_buffer(got), into(read));
    first.async_close({close_code::going_away, "bye"}, into(close));
    const stopwatch watch;
    ASSERT_TRUE(net.complete(close, read));
    EXPECT_TRUE(close.ok()) << close;
    EXPECT_TRUE(read.is(error::closed)) << read;
    EXPECT_EQ(second.peer_close().code, close_code::going_away);
    EXPECT_EQ(second.peer_close().reason, "bye");
    EXPECT_LT(watch.elapsed(), 10s) << "one of them has waited for its time limit";
}

} // namespace weft::proptest

#endif
