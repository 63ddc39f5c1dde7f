// Hostile and odd peers over TCP: each is ended promptly, with the error that is documented, and
// leaves nothing behind.
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <weft/test/model.hpp>
#include <weft/test/verdict.hpp>
#include <weft/test/wire_writer.hpp>
#include <weft/weft.hpp>

#include <net/loopback.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using short_limits =
    timing::steady<timing::limits{.handshake_ms = 200, .idle_ms = 200, .close_ms = 200}>;
using client = client_stream<tcp::socket, short_limits>;
using server = server_stream<tcp::socket, short_limits>;
// Nothing waits for these limits: what needs them is late.
using patient = timing::steady<timing::limits{.handshake_ms = 20'000, .close_ms = 20'000}>;

std::string text_of(std::span<const std::byte> b)
{
    return {reinterpret_cast<const char*>(b.data()), b.size()};
}

std::ptrdiff_t open_descriptors()
{
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

/// A stream whose peer is a bare socket. At the end nothing is pending and nothing is open.
template <class Stream>
struct against : network
{
    static constexpr bool is_client = Stream::policies::role::is_client;

    explicit against(bool open = true)
    {
        io.restart();
        auto sockets = connect_tcp(io, io);
        stream = std::make_unique<Stream>(std::move(sockets.first));
        peer = std::make_unique<tcp::socket>(std::move(sockets.second));
        peer->set_option(tcp::no_delay(true));
        if (open)
            stream->adopt();
    }
    ~against()
    {
        stream.reset();
        peer.reset();
        io.restart();
        io.run_for(2s);
        EXPECT_TRUE(io.stopped()) << "something is pending";
    }
    against(const against&) = delete;

    static test::wire_writer frames()
    {
        return is_client ? test::wire_writer() : test::wire_writer(test::example_key);
    }
    void give(const test::wire_writer& w)
    {
        const auto wire = w.wire();
        asio::write(*peer, asio::buffer(wire.data(), wire.size()));
    }
    void give(std::string_view text) { asio::write(*peer, asio::buffer(text)); }

    void read(outcome& o) { stream->async_read(asio::dynamic_buffer(got), into(o)); }
    void write(outcome& o)
    {
        stream->async_write(message_kind::binary, asio::buffer(*big), into(o));
    }

    void reset_by_peer()
    {
        peer->set_option(asio::socket_base::linger(true, 0));
        peer->close();
    }

    // Whatever is begun after the end is told the same.
    void expect_end(error_code cause)
    {
        outcome later[3];
        read(later[0]);
        stream->async_write(message_kind::text, asio::buffer("x", 1), into(later[1]));
        stream->async_close({}, into(later[2]));
        ASSERT_TRUE(complete(later[0], later[1], later[2]));
        for (const outcome& o : later)
            EXPECT_TRUE(o.is(cause)) << o;
        EXPECT_FALSE(stream->is_open());
    }

    std::unique_ptr<Stream> stream;
    std::unique_ptr<tcp::socket> peer;
    std::string got;
    // More than the sockets' buffers hold.
    std::unique_ptr<std::string> big =
        std::make_unique<std::string>(payload_of(std::size_t{16} << 20));
};

template <class Stream>
class Peers : public testing::Test
{
protected:
    std::ptrdiff_t before = open_descriptors();
    void TearDown() override { EXPECT_EQ(open_descriptors(), before); }
};
struct role_names
{
    template <class Stream>
    static std::string GetName(int)
    {
        return Stream::policies::role::is_client ? "client" : "server";
    }
};
using both_roles = testing::Types<client, server>;
TYPED_TEST_SUITE(Peers, both_roles, role_names);

TYPED_TEST(Peers, that_reset_the_connection_are_told_as_the_layer_tells_it)
{
    const error_code reset = asio::error::connection_reset;
    for (const bool mid_frame : {false, true}) {
        against<TypeParam> f;
        outcome read;
        f.read(read);
        if (mid_frame)
            f.give(std::string_view("\x02", 1));
        f.settle();
        f.reset_by_peer();
        ASSERT_TRUE(f.complete(read));
        EXPECT_TRUE(read.is(reset)) << read;
        f.expect_end(reset);
    }
    against<TypeParam> f;
    outcome read, write, close;
    f.read(read);
    f.write(write);
    f.stream->async_close({}, into(close));
    f.settle();
    f.reset_by_peer();
    ASSERT_TRUE(f.complete(read, write, close));
    // Of both directions the kernel tells one of the reset and the other of a broken pipe.
    for (const outcome* o : {&read, &write, &close})
        EXPECT_TRUE(o->ec == reset || o->ec == asio::error::broken_pipe) << *o;
    EXPECT_EQ(read.ec, write.ec) << "a stream has one end";
    EXPECT_EQ(read.ec, close.ec);
}

TYPED_TEST(Peers, that_reset_the_connection_after_the_closing_handshake_do_not_spoil_it)
{
    against<TypeParam> f;
    outcome close;
    f.stream->async_close({}, into(close));
    f.give(f.frames().close(1000));
    f.run_until([&] { return !f.stream->is_open() && f.peer->available() != 0; });
    f.settle();
    f.reset_by_peer();
    ASSERT_TRUE(f.complete(close));
    EXPECT_TRUE(close.ok()) << close;
}

TYPED_TEST(Peers, that_half_close_are_lost_unless_they_have_closed)
{
    for (const int bytes : {0, 1, 3}) {
        against<TypeParam> f;
        outcome read;
        f.read(read);
        f.give(std::string_view("\x02\xfe\x01").substr(0, static_cast<std::size_t>(bytes)));
        f.peer->shutdown(tcp::socket::shutdown_send);
        ASSERT_TRUE(f.complete(read));
        // A wrong mask bit is seen before the end is.
        const bool wrong = bytes == 3 && against<TypeParam>::is_client;
        EXPECT_TRUE(read.is(wrong ? error::masked_frame : error::connection_lost)) << read;
        f.expect_end(wrong ? error::masked_frame : error::connection_lost);
    }
    against<TypeParam> f;
    outcome read;
    f.read(read);
    f.give(f.frames().close(1001, "half"));
    f.peer->shutdown(tcp::socket::shutdown_send);
    ASSERT_TRUE(f.complete(read));
    EXPECT_TRUE(read.is(error::closed)) << read;
    char answer[16];
    error_code ec;
    const std::size_t n = asio::read(*f.peer, asio::buffer(answer), ec);
    EXPECT_EQ(ec, asio::error::eof) << "the answer is not overtaken by a reset";
    EXPECT_EQ(n, against<TypeParam>::is_client ? 8u : 4u);
}

TYPED_TEST(Peers, that_stall_are_ended_by_the_idle_limit)
{
    test::wire_writer w = against<TypeParam>::frames();
    const auto frame = w.add(opcode::binary, payload_of(200)).wire();
    for (const std::size_t cut :
         {std::size_t{0}, std::size_t{1}, std::size_t{3}, frame.size() - 1}) {
        against<TypeParam> f;
        outcome read;
        f.read(read);
        asio::write(*f.peer, asio::buffer(frame.data(), cut));
        const stopwatch watch;
        ASSERT_TRUE(f.complete(read));
        EXPECT_TRUE(read.is(error::timeout)) << read;
        EXPECT_GE(watch.elapsed(), 150ms);
        EXPECT_LT(watch.elapsed(), 5s);
        f.expect_end(error::timeout);
        char c;
        error_code ec;
        f.peer->read_some(asio::buffer(&c, 1), ec);
        EXPECT_TRUE(ec) << "the transport has ended";
    }
}

TYPED_TEST(Peers, that_read_nothing_are_ended_by_the_idle_limit)
{
    against<TypeParam> f;
    outcome write;
    f.write(write);
    ASSERT_TRUE(f.complete(write));
    EXPECT_EQ(write.ec, error::timeout) << write;
    EXPECT_LT(write.bytes, f.big->size());
    f.expect_end(error::timeout);
}

TYPED_TEST(Peers, that_never_answer_a_close_are_ended_by_the_close_limit)
{
    against<TypeParam> silent, unending;
    outcome close, late;
    silent.stream->async_close({}, into(close));
    ASSERT_TRUE(silent.complete(close));
    EXPECT_TRUE(close.is(error::timeout)) << close;
    // Both close frames have passed, but the transport stays.
    unending.stream->async_close({}, into(late));
    unending.give(unending.frames().close(1000));
    const stopwatch watch;
    ASSERT_TRUE(unending.complete(late));
    EXPECT_TRUE(late.ok()) << late;
    EXPECT_LT(watch.elapsed(), 5s);
}

TYPED_TEST(Peers, that_send_for_ever_after_the_close_are_cut)
{
    for (const bool answers : {true, false}) {
        against<TypeParam> f;
        outcome close;
        f.stream->async_close({}, into(close));
        if (answers)
            f.give(f.frames().close(1000));
        const auto wire = f.frames().add(opcode::binary, payload_of(60'000)).wire();
        bool cut = false;
        std::function<void()> send = [&] {
            asio::async_write(*f.peer, asio::buffer(wire.data(), wire.size()),
                              [&](error_code ec, std::size_t) {
                                  cut = bool(ec);
                                  if (!ec)
                                      send();
                              });
        };
        send();
        ASSERT_TRUE(f.run_until([&] { return !close.pending() && cut; }));
        EXPECT_TRUE(close.is(answers ? error_code() : error::timeout)) << close;
    }
}

// What the peer has sent, however slowly: the limit is of idleness.
TYPED_TEST(Peers, that_send_a_byte_at_a_time_are_heard_out)
{
    against<TypeParam> f;
    outcome read;
    f.read(read);
    const auto wire = f.frames()
                          .add(opcode::text, payload_of(126), false)
                          .add(opcode::ping, "p")
                          .add(opcode::continuation, payload_of(10))
                          .wire();
    for (const std::byte& b : wire) {
        EXPECT_TRUE(read.pending());
        asio::write(*f.peer, asio::buffer(&b, 1));
        f.io.restart();
        f.io.run_for(3ms);
    }
    ASSERT_TRUE(f.complete(read));
    EXPECT_TRUE(read.ok(136)) << read;
    EXPECT_EQ(f.got, payload_of(126) + payload_of(10));
}

TYPED_TEST(Peers, that_flood_pings_and_read_nothing_hold_back_no_message)
{
    against<TypeParam> f;
    outcome read, flood;
    f.read(read);
    // The answers are more than the sockets hold.
    constexpr int pings = 100'000;
    test::wire_writer w = f.frames();
    for (int i = 0; i != pings; ++i)
        w.add(opcode::ping, std::string(120, 'p') + std::to_string(i % 10));
    const auto wire = w.add(opcode::ping, "last").add(opcode::text, "behind them").wire();
    asio::async_write(*f.peer, asio::buffer(wire.data(), wire.size()), into(flood));
    ASSERT_TRUE(f.complete(read, flood));
    EXPECT_TRUE(read.ok(11)) << read;
    EXPECT_EQ(f.got, "behind them");
    // "for only the most recently processed Ping" (RFC 6455 §5.5.3): what is sent, when the peer
    // reads at last, is whole frames, and the newest is among them.
    std::string all(std::size_t{1} << 25, '\0');
    std::size_t size = 0;
    stopwatch quiet;
    std::function<void()> take = [&] {
        f.peer->async_read_some(asio::buffer(all) + size, [&](error_code ec, std::size_t n) {
            size += n;
            quiet = {};
            if (!ec)
                take();
        });
    };
    take();
    test::model_run run;
    EXPECT_TRUE(f.run_until([&] {
        if (quiet.elapsed() < 30ms)
            return false;
        run = test::model::read({.from_client = against<TypeParam>::is_client},
                                std::as_bytes(std::span(all).first(size)));
        return !run.happenings.empty() && text_of(run.happenings.back().payload) == "last";
    }));
    EXPECT_LT(run.happenings.size(), pings) << "pongs were held back without a bound";
    for (const auto& h : run.happenings)
        ASSERT_EQ(h.what, event::type::control) << test::print(h);
    f.peer->cancel();
    f.settle();
}

TEST(PeersOfServers, that_dribble_a_request_are_ended_by_the_handshake_limit)
{
    against<server> f(false);
    outcome accept;
    f.stream->async_accept(into(accept));
    const stopwatch watch;
    const std::string request = "GET / HTTP/1.1\r\nHost: example.com\r\nX-Y: " + payload_of(1000);
    for (const char& c : request) {
        error_code ec;
        asio::write(*f.peer, asio::buffer(&c, 1), ec);
        f.io.restart();
        f.io.run_for(5ms);
        if (!accept.pending())
            break;
    }
    EXPECT_TRUE(accept.is(error::timeout)) << accept;
    EXPECT_LT(watch.elapsed(), 5s);
}

TEST(PeersOfServers, that_end_within_a_request)
{
    for (const bool reset : {false, true}) {
        against<server> f(false);
        outcome accept;
        f.stream->async_accept(into(accept));
        f.give("GET / HT");
        f.settle();
        if (reset)
            f.reset_by_peer();
        else
            f.peer->shutdown(tcp::socket::shutdown_send);
        ASSERT_TRUE(f.complete(accept));
        EXPECT_TRUE(
            accept.is(reset ? error_code(asio::error::connection_reset) : error::connection_lost))
            << accept;
    }
}

TEST(PeersOfServers, that_speak_another_protocol_get_an_answer_and_no_reset)
{
    against<server_stream<tcp::socket, patient>> f(false);
    outcome accept, answer;
    f.stream->async_accept(into(accept));
    f.give("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + payload_of(200'000));
    std::string text;
    asio::async_read(*f.peer, asio::dynamic_buffer(text), into(answer));
    ASSERT_TRUE(f.complete(answer));
    EXPECT_TRUE(answer.is(asio::error::eof, text.size())) << answer;
    EXPECT_EQ(text.substr(0, 12), "HTTP/1.1 405");
    f.peer->close();
    ASSERT_TRUE(f.complete(accept));
    EXPECT_TRUE(accept.is(error::bad_method)) << accept;
}

} // namespace
