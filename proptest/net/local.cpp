// WebSocket over Unix domain sockets.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <weft/weft.hpp>

#include <net/loopback.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using local_socket = asio::local::stream_protocol::socket;
// Nothing waits for these limits: what needs them is late.
using patient = timing::steady<timing::limits{.handshake_ms = 20'000, .close_ms = 20'000}>;
using client = client_stream<local_socket, patient>;
using server = server_stream<local_socket, patient>;

struct conversation : network
{
    conversation() { asio::local::connect_pair(c.next_layer(), s.next_layer()); }

    bool open()
    {
        outcome accept, handshake;
        s.async_accept(into(accept));
        c.async_handshake("localhost", "/", into(handshake));
        return complete(accept, handshake) && accept.ok() && handshake.ok();
    }

    client c{io};
    server s{io};
};

TEST(Local, carries_messages_of_every_size_both_ways)
{
    conversation f;
    ASSERT_TRUE(f.open());
    for (const std::size_t size : sizes) {
        passes(f, f.c, f.s, payload_of(size));
        passes(f, f.s, f.c, payload_of(size));
    }
}

TEST(Local, is_closed_by_either_side)
{
    conversation f, g;
    ASSERT_TRUE(f.open() && g.open());
    closes(f, f.c, f.s);
    closes(g, g.s, g.c);
}

TEST(Local, lost_peer_is_a_loss)
{
    conversation f;
    ASSERT_TRUE(f.open());
    outcome read;
    std::string got;
    f.s.async_read(asio::dynamic_buffer(got), into(read));
    f.c.next_layer().close();
    ASSERT_TRUE(f.complete(read));
    EXPECT_TRUE(read.is(error::connection_lost)) << read;
}

TEST(Local, synchronously)
{
    conversation f;
    std::thread other([&s = f.s] {
        s.accept();
        error_code ec;
        for (std::string got; !ec; got.clear()) {
            s.read(asio::dynamic_buffer(got), ec);
            if (!ec)
                s.write(s.received_kind(), asio::buffer(got), ec);
        }
        EXPECT_EQ(ec, error::closed) << ec.message();
    });
    f.c.handshake("localhost", "/");
    for (const std::size_t size : sizes) {
        std::string got;
        f.c.write(message_kind::text, asio::buffer(payload_of(size)));
        f.c.read(asio::dynamic_buffer(got));
        EXPECT_TRUE(got == payload_of(size));
    }
    error_code ec;
    f.c.close({}, ec);
    EXPECT_FALSE(ec) << ec.message();
    other.join();
}

} // namespace
