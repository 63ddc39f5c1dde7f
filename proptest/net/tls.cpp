// WebSocket over TLS over TCP, with certificates of the test's own.
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <weft/test/wire_writer.hpp>
#include <weft/tls.hpp>

#include <net/tls_fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

/// Limits that nothing here waits for but the test of them: what needs them otherwise is late.
struct patient
{
    using slot = timing::slot;
    timing::limits chosen = {.handshake_ms = 20'000, .idle_ms = 0, .close_ms = 20'000};
    timing::limits limits() const noexcept { return chosen; }
};

using client = client_stream<tls_socket, patient>;
using server = server_stream<tls_socket, patient>;

/// Two streams; `open` shakes hands of TLS and of WebSocket.
struct conversation : tls_network
{
    conversation() { shaken = shake_hands(*this, c.next_layer(), s.next_layer()); }

    bool open()
    {
        outcome accept, handshake;
        s.async_accept(into(accept));
        c.async_handshake("weft.test", "/", into(handshake));
        return !shaken && complete(accept, handshake) && accept.ok() && handshake.ok();
    }

    client c{std::move(client_end)};
    server s{std::move(server_end)};
    error_code shaken;
};

TEST(Tls, carries_messages_of_every_size_both_ways_whole_and_in_fragments)
{
    conversation f;
    ASSERT_TRUE(f.open());
    for (const std::size_t fragment : {0u, 1000u, 16'384u}) {
        f.c.auto_fragment(fragment);
        f.s.auto_fragment(fragment);
        for (const std::size_t size : sizes) {
            passes(f, f.c, f.s, payload_of(size));
            passes(f, f.s, f.c, payload_of(size));
        }
    }
}

TEST(Tls, full_duplex_of_big_messages)
{
    conversation f;
    ASSERT_TRUE(f.open());
    const std::string big = payload_of(std::size_t{1} << 20);
    std::string at_c, at_s;
    outcome c_read, c_write, s_read, s_write, ping;
    f.c.async_read(asio::dynamic_buffer(at_c), into(c_read));
    f.s.async_read(asio::dynamic_buffer(at_s), into(s_read));
    f.c.async_write(message_kind::text, asio::buffer(big), into(c_write));
    f.s.async_write(message_kind::text, asio::buffer(big), into(s_write));
    f.c.async_ping(asio::buffer("now", 3), into(ping));
    ASSERT_TRUE(f.complete(c_read, c_write, s_read, s_write, ping));
    EXPECT_TRUE(c_read.ok() && c_write.ok() && s_read.ok() && s_write.ok() && ping.ok());
    EXPECT_TRUE(at_c == big && at_s == big);
}

TEST(Tls, of_another_host_is_refused_by_the_client)
{
    tls_network f("elsewhere.test");
    EXPECT_TRUE(shake_hands(f, f.client_end, f.server_end));
}

TEST(Tls, is_closed_by_either_side)
{
    conversation f, g, both;
    ASSERT_TRUE(f.open() && g.open() && both.open());
    closes(f, f.c, f.s);
    closes(g, g.s, g.c);
    outcome c, s;
    both.c.async_close({}, into(c));
    both.s.async_close({}, into(s));
    ASSERT_TRUE(both.complete(c, s));
    EXPECT_TRUE(c.ok() && s.ok()) << c << s;
}

TEST(Tls, synchronously)
{
    for (const bool by_client : {true, false}) {
        asio::io_context elsewhere{1};
        tls_network f("weft.test", &elsewhere);
        std::thread other([&] {
            f.server_end.handshake(ssl::stream_base::server);
            server s(std::move(f.server_end));
            s.accept();
            error_code ec;
            for (std::string got; !ec; got.clear()) {
                s.read(asio::dynamic_buffer(got), ec);
                if (!ec && got == "close")
                    s.close({}, ec = {});
                else if (!ec)
                    s.write(s.received_kind(), asio::buffer(got), ec);
            }
            EXPECT_EQ(ec, error::closed) << ec.message();
        });
        f.client_end.handshake(ssl::stream_base::client);
        client c(std::move(f.client_end));
        c.handshake("weft.test", "/");
        for (const std::size_t size : sizes) {
            std::string got;
            c.auto_fragment(size == 65'536 ? 1000 : 0);
            c.write(message_kind::text, asio::buffer(payload_of(size)));
            c.read(asio::dynamic_buffer(got));
            EXPECT_TRUE(got == payload_of(size));
        }
        error_code ec;
        std::string none;
        if (by_client) {
            c.close({}, ec);
            EXPECT_FALSE(ec) << ec.message();
        } else {
            c.write(message_kind::text, asio::buffer("close", 5));
            c.read(asio::dynamic_buffer(none), ec);
            EXPECT_EQ(ec, error::closed) << ec.message();
        }
        other.join();
    }
}

/// One stream, opened without a handshake, whose peer speaks TLS and writes its frames by hand.
template <class Stream>
struct with_tls_peer : tls_network
{
    static constexpr bool is_client = Stream::policies::role::is_client;

    explicit with_tls_peer(patient timing = {})
        : stream(std::move(is_client ? client_end : server_end), timing)
    {
        EXPECT_FALSE(is_client ? shake_hands(*this, stream.next_layer(), peer)
                               : shake_hands(*this, peer, stream.next_layer()));
        stream.adopt();
    }

    static test::wire_writer frames()
    {
        return is_client ? test::wire_writer() : test::wire_writer(test::example_key);
    }

    void give(const test::wire_writer& w)
    {
        const auto wire = w.wire();
        outcome o;
        asio::async_write(peer, asio::buffer(wire.data(), wire.size()), into(o));
        ASSERT_TRUE(complete(o));
        ASSERT_TRUE(o.ok());
    }

    /// All that the stream sends until it ends TLS, and how it does.
    error_code read_to_the_end(std::string& all)
    {
        outcome o;
        asio::async_read(peer, asio::dynamic_buffer(all), into(o));
        complete(o);
        return o.ec;
    }

    /// Whether the stream has ended its side of TCP.
    bool has_ended_tcp()
    {
        char c;
        outcome o;
        peer.next_layer().async_read_some(asio::buffer(&c, 1), into(o));
        settle();
        const bool ended = o.is(asio::error::eof);
        peer.next_layer().cancel();
        complete(o);
        return ended;
    }

    outcome start_read(outcome& o)
    {
        stream.async_read(asio::dynamic_buffer(got), into(o));
        return o;
    }

    Stream stream;
    tls_socket& peer = is_client ? server_end : client_end;
    std::string got;
};

template <class Stream>
void says_close_notify(bool stream_begins)
{
    SCOPED_TRACE(Stream::policies::role::is_client ? "client" : "server");
    with_tls_peer<Stream> f;
    outcome end;
    if (stream_begins)
        f.stream.async_close({}, into(end));
    else
        f.start_read(end);
    f.give(f.frames().close(1000));
    std::string wire;
    EXPECT_EQ(f.read_to_the_end(wire), asio::error::eof) << "this is Asio's name of close_notify";
    EXPECT_EQ(wire.size(), Stream::policies::role::is_client ? 8u : 4u) << "one close frame";
    // "closed first by the server" (RFC 6455 §7.1.1): a client waits for it.
    EXPECT_EQ(f.has_ended_tcp(), !Stream::policies::role::is_client);
    EXPECT_TRUE(end.pending()) << "each waits for the other's end of TCP";
    error_code ec;
    f.peer.next_layer().close(ec);
    const stopwatch watch;
    EXPECT_TRUE(f.complete(end));
    EXPECT_TRUE(end.is(stream_begins ? error_code() : error::closed)) << end;
    EXPECT_LT(watch.elapsed(), 10s);
}

TEST(Tls, ends_with_close_notify_and_the_server_ends_tcp_first)
{
    for (const bool stream_begins : {true, false}) {
        says_close_notify<client>(stream_begins);
        says_close_notify<server>(stream_begins);
    }
}

// The transport ends without the peer's close_notify: after its close frame, or before.
template <class Stream>
void is_cut()
{
    error_code ec;
    with_tls_peer<Stream> after;
    outcome close;
    after.stream.async_close({}, into(close));
    after.give(after.frames().close(1000));
    after.peer.next_layer().close(ec);
    ASSERT_TRUE(after.complete(close));
    EXPECT_TRUE(close.ok()) << close;

    for (const bool within_message : {true, false})
        for (const bool with_notify : {true, false}) {
            with_tls_peer<Stream> before;
            outcome read, said;
            if (within_message)
                before.give(before.frames().add(opcode::text, "part", false));
            before.start_read(read);
            if (with_notify) {
                before.peer.async_shutdown(into(said));
                before.settle();
            }
            before.peer.next_layer().shutdown(tcp::socket::shutdown_send, ec);
            ASSERT_TRUE(before.complete(read));
            EXPECT_TRUE(read.is(error::connection_lost)) << read;
            before.peer.next_layer().close(ec);
            before.settle();
        }
}

TEST(Tls, that_ends_without_close_notify_is_lost_before_the_closing_handshake_only)
{
    is_cut<client>();
    is_cut<server>();
}

template <class Stream>
void waits_no_longer_than_the_limit()
{
    with_tls_peer<Stream> f({{.close_ms = 200}});
    outcome close;
    f.stream.async_close({}, into(close));
    f.give(f.frames().close(1000));
    const stopwatch watch;
    ASSERT_TRUE(f.complete(close));
    EXPECT_TRUE(close.ok()) << "both close frames have passed: " << close;
    EXPECT_GE(watch.elapsed(), 100ms);
    EXPECT_LT(watch.elapsed(), 10s);
}

TEST(Tls, of_a_peer_that_never_ends_is_ended_by_the_close_limit)
{
    waits_no_longer_than_the_limit<client>();
    waits_no_longer_than_the_limit<server>();
}

TEST(Tls, tells_a_peer_that_breaks_a_rule_and_goes_on_sending)
{
    with_tls_peer<server> f;
    outcome read;
    f.start_read(read);
    test::wire_writer wrong = f.frames().add(opcode::continuation, "of nothing");
    for (int i = 0; i != 20; ++i)
        wrong.add(opcode::binary, payload_of(5000));
    f.give(wrong);
    std::string wire;
    EXPECT_EQ(f.read_to_the_end(wire), asio::error::eof) << "no reset, and a close_notify";
    ASSERT_GE(wire.size(), 4u);
    EXPECT_EQ(wire.substr(0, 4), std::string("\x88\x1c\x03\xea").replace(1, 1, 1, wire[1]));
    error_code ec;
    f.peer.next_layer().close(ec);
    ASSERT_TRUE(f.complete(read));
    EXPECT_TRUE(read.is(error::unexpected_continuation)) << read;
}

TEST(Tls, read_is_cancelled_at_once_and_loses_nothing)
{
    for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        with_tls_peer<server> f;
        f.give(f.frames().add(opcode::text, "one ", false));
        asio::cancellation_signal stop;
        outcome first, second;
        f.stream.async_read(asio::dynamic_buffer(f.got),
                            asio::bind_cancellation_slot(stop.slot(), into(first)));
        f.settle();
        stop.emit(type);
        ASSERT_TRUE(f.run_until([&] { return !first.pending(); }, 5s));
        EXPECT_TRUE(first.is(asio::error::operation_aborted)) << first;
        f.give(f.frames().add(opcode::continuation, "two"));
        f.start_read(second);
        ASSERT_TRUE(f.complete(second));
        EXPECT_EQ(f.got, "one two");
    }
}

// What of the record has left isn't known: Asio reports none of it.
TEST(Tls, write_that_is_cancelled_under_way_ends_the_stream)
{
    conversation f;
    ASSERT_TRUE(f.open());
    const std::string big = payload_of(std::size_t{16} << 20);
    asio::cancellation_signal stop;
    outcome write, late;
    f.s.async_write(message_kind::binary, asio::buffer(big),
                    asio::bind_cancellation_slot(stop.slot(), into(write)));
    f.settle();
    ASSERT_TRUE(write.pending()) << "it fits the sockets' buffers";
    stop.emit(asio::cancellation_type::terminal);
    f.s.async_write(message_kind::binary, asio::buffer(big), into(late));
    ASSERT_TRUE(f.complete(write, late));
    EXPECT_TRUE(write.is(error::write_cut, write.bytes)) << write;
    EXPECT_FALSE(f.s.is_open());
}

TEST(Tls, ping_that_is_cancelled_under_way_ends_the_stream)
{
    conversation f;
    ASSERT_TRUE(f.open());
    // Fill the transport through the layer, so that the ping is the first thing to be held up.
    const std::string big = payload_of(16'000);
    outcome ping;
    asio::cancellation_signal stop;
    f.s.next_layer().next_layer().non_blocking(true);
    error_code ec;
    while (!ec)
        f.s.next_layer().next_layer().write_some(asio::buffer(big), ec);
    f.s.async_ping({}, asio::bind_cancellation_slot(stop.slot(), into(ping)));
    f.settle();
    ASSERT_TRUE(ping.pending());
    stop.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(f.complete(ping));
    EXPECT_TRUE(ping.is(error::write_cut)) << ping;
    EXPECT_FALSE(f.s.is_open());
}

TEST(Tls, stream_may_be_destroyed_with_everything_pending)
{
    outcome read, write, close;
    std::string got;
    const std::string big = payload_of(std::size_t{16} << 20);
    tls_network net;
    {
        ASSERT_FALSE(shake_hands(net, net.client_end, net.server_end));
        server s(std::move(net.server_end));
        s.adopt();
        s.async_read(asio::dynamic_buffer(got), into(read));
        s.async_write(message_kind::binary, asio::buffer(big), into(write));
        net.settle();
        s.async_close({}, into(close));
        net.settle();
    }
    ASSERT_TRUE(net.complete(read, write, close));
    for (const outcome* o : {&read, &write, &close})
        EXPECT_TRUE(o->is(asio::error::operation_aborted, o->bytes)) << *o;
}

} // namespace
