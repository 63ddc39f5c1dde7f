// Ten thousand connections in one process: opened, idle, spoken to, closed; nothing is left.
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <weft/test/wire_writer.hpp>
#include <weft/weft.hpp>

#include <net/loopback.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using server = server_stream<tcp::socket, timing::steady<timing::limits{.close_ms = 60'000}>>;

constexpr bool is_sanitized()
{
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    return true;
#endif
#endif
    return false;
}

// Two descriptors for each: as many as are wanted, or as many as are allowed.
std::size_t room_for(std::size_t wanted)
{
    rlimit limit{};
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
    const rlim_t needed = 2 * wanted + 100;
    if (limit.rlim_cur < needed) {
        limit.rlim_cur = std::min(needed, limit.rlim_max);
        EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    }
    return std::min(wanted, (static_cast<std::size_t>(limit.rlim_cur) - 100) / 2);
}

struct connection
{
    connection(tcp::socket socket, tcp::socket other)
        : stream(std::move(socket)),
          peer(std::move(other))
    {}

    server stream;
    tcp::socket peer; // it says what it says by hand, so that each costs one stream
    std::string got;
    outcome accept, read, close;
    char answer[512];
};

struct crowd : network
{
    explicit crowd(std::size_t n)
    {
        tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
        for (std::size_t i = 0; i != n; ++i) {
            tcp::socket peer(io);
            peer.connect(acceptor.local_endpoint());
            all.push_back(std::make_unique<connection>(acceptor.accept(), std::move(peer)));
        }
    }

    template <class F>
    void each(F f)
    {
        for (auto& c : all)
            f(*c);
    }

    bool all_complete(outcome connection::* which)
    {
        return run_until([this, which, first = std::size_t{0}]() mutable {
            while (first != all.size() && !((*all[first]).*which).pending())
                ++first;
            return first == all.size();
        });
    }

    std::vector<std::unique_ptr<connection>> all;
};

TEST(Many, idle_connections_are_held_spoken_to_and_closed)
{
    const std::size_t n = room_for(is_sanitized() ? 1000 : 10'000);
    std::printf("%zu connections\n", n);
    ASSERT_GE(n, 400u);
    crowd f(n);
    const std::string request = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    f.each([&](connection& c) {
        c.stream.async_accept(into(c.accept));
        asio::write(c.peer, asio::buffer(request));
    });
    ASSERT_TRUE(f.all_complete(&connection::accept));
    f.each([](connection& c) {
        ASSERT_TRUE(c.accept.ok()) << c.accept;
        c.stream.async_read(asio::dynamic_buffer(c.got), into(c.read));
    });
    f.settle();
    // One of them speaks, and is heard at once among all that are idle.
    connection& one = *f.all[n / 2];
    const auto hello = test::wire_writer(test::example_key).add(opcode::text, "hello").wire();
    asio::write(one.peer, asio::buffer(hello.data(), hello.size()));
    ASSERT_TRUE(f.complete(one.read));
    EXPECT_EQ(one.got, "hello");

    const auto bye = test::wire_writer(test::example_key).close(1000).wire();
    f.each([&](connection& c) {
        c.stream.async_close({close_code::going_away, {}}, into(c.close));
        asio::write(c.peer, asio::buffer(bye.data(), bye.size()));
        c.peer.shutdown(tcp::socket::shutdown_send);
    });
    ASSERT_TRUE(f.all_complete(&connection::close));
    f.each([](connection& c) {
        ASSERT_TRUE(c.close.ok()) << c.close;
        EXPECT_TRUE(c.read.ok() || c.read.is(error::closed)) << c.read;
        error_code ec;
        const std::size_t size = asio::read(c.peer, asio::buffer(c.answer), ec);
        ASSERT_EQ(ec, asio::error::eof);
        EXPECT_EQ(std::string(c.answer + size - 4, 4), std::string("\x88\x02\x03\xe9"));
    });
}

TEST(Many, idle_connections_are_dropped_at_once)
{
    const std::size_t n = room_for(is_sanitized() ? 1000 : 10'000);
    crowd f(n);
    std::vector<outcome> reads(n);
    for (std::size_t i = 0; i != n; ++i) {
        f.all[i]->stream.adopt();
        f.all[i]->stream.async_read(asio::dynamic_buffer(f.all[i]->got), into(reads[i]));
    }
    f.settle();
    const stopwatch watch;
    f.all.clear();
    f.io.restart();
    f.io.run_for(20s);
    EXPECT_TRUE(f.io.stopped()) << "something is pending";
    for (const outcome& o : reads)
        ASSERT_TRUE(o.is(asio::error::operation_aborted)) << o;
    EXPECT_LT(watch.elapsed(), 15s);
}

} // namespace
