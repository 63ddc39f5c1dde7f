// Accepting what a server on Boost.Beast's HTTP has read: the rules and the answers are those of a
// request that weft reads itself.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include <boost/asio/deferred.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <weft/beast.hpp>

#include <net/loopback.hpp>
#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;
namespace http = boost::beast::http;

using handshake::accept;
using handshake::decision;
using handshake::refuse;

// A hook of one type, whatever it decides.
struct hook
{
    decision answer{};
    std::string* target = nullptr;

    decision operator()(const handshake::request& r) const
    {
        if (target != nullptr)
            *target = r.target();
        return answer;
    }
};

const std::string good_fields = "Host: example.com\r\n"
                                "Upgrade: websocket\r\n"
                                "Connection: keep-alive, Upgrade\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                "Sec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Protocol: chat, superchat\r\n";
const std::string good = "GET /chat HTTP/1.1\r\n" + good_fields + "\r\n";

std::string with(std::string_view what, std::string_view instead)
{
    std::string made = good;
    return made.replace(made.find(what), what.size(), instead);
}

struct ended
{
    error_code ec;
    std::string wire;
    std::string subprotocol;
};

template <class Stream>
ended end_of(with_peer<Stream>& f, const outcome& o)
{
    f.poll();
    if (o.pending()) { // a refusal waits for the client's end
        f.wire();
        f.peer.close();
        f.poll();
    }
    EXPECT_EQ(o.calls, 1);
    return {o.ec, f.wire(), std::string(f.stream.subprotocol())};
}

// weft reads the request.
template <class Stream>
ended accepted_by_weft(const std::string& text, const hook& decide)
{
    with_peer<Stream> f;
    outcome o;
    f.stream.async_accept(decide, into(o));
    f.give(asio::buffer(text));
    return end_of(f, o);
}

// Beast reads it; what it left over is given too. Nothing if it refuses the text.
template <class Then>
void read_by_beast(const std::string& text, Then then)
{
    boost::beast::flat_buffer buffer;
    buffer.commit(asio::buffer_copy(buffer.prepare(text.size()), asio::buffer(text)));
    http::request_parser<http::string_body> parser;
    parser.eager(true);
    error_code ec;
    buffer.consume(parser.put(buffer.data(), ec));
    ASSERT_FALSE(ec) << ec.message() << " of\n" << text;
    ASSERT_TRUE(parser.is_done()) << text;
    const http::request<http::string_body> request = parser.release();
    then(request, buffer.data());
}

template <class Stream>
ended accepted_after_beast(const std::string& text, const hook& decide)
{
    ended e;
    read_by_beast(text, [&](const auto& request, asio::const_buffer left) {
        with_peer<Stream> f;
        outcome o;
        async_accept(f.stream, request, left, decide, into(o));
        EXPECT_TRUE(o.pending());
        e = end_of(f, o);
    });
    return e;
}

template <class Stream = server>
void same(const std::string& text, error_code expected, const hook& decide = {})
{
    const ended mine = accepted_by_weft<Stream>(text, decide);
    const ended theirs = accepted_after_beast<Stream>(text, decide);
    EXPECT_EQ(mine.ec, expected) << mine.ec.message() << text;
    EXPECT_EQ(theirs.ec, expected) << theirs.ec.message() << text;
    EXPECT_EQ(mine.wire, theirs.wire) << text;
    EXPECT_NE(mine.wire, "");
    EXPECT_EQ(mine.subprotocol, theirs.subprotocol);
}

TEST(AfterBeast, the_answer_to_a_request_is_the_one_that_weft_gives)
{
    same(good, {});
    same(with("/chat", "http://example.com/chat?q=%20"), {});
    same(with("HTTP/1.1", "HTTP/1.0"), error::bad_request_line);
    same(with("GET", "POST"), error::bad_method);
    same(with("GET", "PRI"), error::bad_method);
    same(with("/chat", "chat"), error::bad_request_line);
    same(with("/chat", "*"), error::bad_request_line);
    same(with("Host: example.com\r\n", ""), error::bad_host);
    same(with("Host:", "Host: a\r\nHost:"), error::bad_host);
    same(with("websocket", "h2c"), error::bad_upgrade);
    same(with("keep-alive, Upgrade", "keep-alive"), error::bad_connection);
    same(with("Version: 13", "Version: 8"), error::bad_version);
    same(with("Version: 13", "Version: 13\r\nSec-WebSocket-Version: 13"), error::bad_version);
    same(with("dGhlIHNhbXBsZSBub25jZQ==", "short"), error::bad_key);
    same(with("chat, superchat", "a b"), error::bad_subprotocol);
    same(with("chat, superchat", "a\r\nSec-WebSocket-Extensions: ;"), error::bad_extension);
    same(with("chat, superchat", "a\r\nContent-Length: 0"), {});
    same(with("chat, superchat", "a\r\nContent-Length: 3") + "abc", error::request_body);
    same(with("chat, superchat", "a\r\nTransfer-Encoding: chunked") + "0\r\n\r\n",
         error::request_body);
}

TEST(AfterBeast, the_hook_decides)
{
    std::string target;
    const hook chat{accept().subprotocol("chat").field("X-Served-By", "weft"), &target};
    same(good, {}, chat);
    EXPECT_EQ(target, "/chat");
    EXPECT_EQ(accepted_after_beast<server>(good, chat).subprotocol, "chat");
    same(good, error::refused, {refuse(403, "not you")});
    same(good, error::bad_handshake_argument, {accept().subprotocol("not offered")});
}

TEST(AfterBeast, the_budget_is_the_streams)
{
    using small = server_stream<
        mock, timing::none,
        budget::limited<budget::limits{.handshake_bytes = 250, .handshake_fields = 6}>>;
    same<small>(good, {});
    const std::string long_value(100, 'v');
    same<small>(with("chat, superchat", "a\r\nX-A: b"), error::too_many_fields);
    same<small>(with("chat, superchat", long_value), error::handshake_too_big);
}

TEST(AfterBeast, what_beast_has_read_too_far_belongs_to_the_first_message)
{
    for (const std::size_t part : {0u, 1u, 7u, 100u}) {
        with_peer<server> f;
        const auto wire = f.frames()
                              .add(opcode::text, "hel", false)
                              .add(opcode::ping, "p")
                              .add(opcode::continuation, "lo")
                              .wire();
        const std::string frames = text_of(wire);
        const std::size_t early = std::min(part, frames.size());
        read_by_beast(good + frames.substr(0, early),
                      [&](const auto& request, asio::const_buffer left) {
                          EXPECT_EQ(left.size(), early);
                          std::string got;
                          outcome o, read;
                          async_accept(f.stream, request, left, into(o));
                          f.poll();
                          ASSERT_TRUE(o.ok()) << o;
                          f.stream.async_read(asio::dynamic_buffer(got), into(read));
                          f.give(asio::buffer(asio::buffer(frames) + early));
                          f.poll();
                          EXPECT_TRUE(read.ok(5)) << read;
                          EXPECT_EQ(got, "hello");
                      });
    }
    read_by_beast(good, [](const auto& request, asio::const_buffer) {
        with_peer<server_stream<mock, timing::none, buffer::fixed<139>>> f;
        const std::string much(200, '\x82');
        error_code ec;
        accept(f.stream, request, asio::buffer(much), ec);
        EXPECT_EQ(ec, error::buffer_too_small);
    });
}

TEST(AfterBeast, nothing_that_a_program_puts_into_a_request_becomes_another_line)
{
    const auto refused = [](auto spoil) {
        http::request<http::empty_body> request{http::verb::get, "/chat", 11};
        request.set(http::field::host, "example.com");
        request.set(http::field::upgrade, "websocket");
        request.set(http::field::connection, "Upgrade");
        request.set(http::field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
        spoil(request);
        with_peer<server> f;
        error_code ec;
        accept(f.stream, request, {}, ec);
        EXPECT_NE(f.wire().substr(0, 12), "HTTP/1.1 101");
        return ec;
    };
    const std::string_view version = "13\r\nX-Y: z";
    EXPECT_EQ(refused([](auto& r) { r.set("Sec-WebSocket-Version", "12"); }), error::bad_version);
    EXPECT_EQ(
        refused([&](auto& r) { r.set("Sec-WebSocket-Version", {version.data(), version.size()}); }),
        error::bad_field);
    EXPECT_EQ(refused([](auto& r) { r.target("/ HTTP/1.1\r\nSec-WebSocket-Version: 13\r\nX-Y:"); }),
              error::bad_request_line);
    EXPECT_EQ(refused([](auto& r) { r.method_string("GET /x HTTP/1.1\r\nA: b\r\nC:"); }),
              error::bad_request_line);
}

TEST(AfterBeast, every_form_of_the_operation)
{
    read_by_beast(good, [](const auto& request, asio::const_buffer left) {
        with_peer<server> thrown, plain, deferred, opened;
        EXPECT_NO_THROW(accept(thrown.stream, request, left, hook{accept().subprotocol("chat")}));
        EXPECT_EQ(thrown.stream.subprotocol(), "chat");
        EXPECT_THROW(accept(thrown.stream, request), boost::system::system_error);
        error_code ec = asio::error::fault;
        accept(plain.stream, request, left, hook(), ec);
        EXPECT_FALSE(ec) << ec.message();
        {
            auto never = async_accept(deferred.stream, request, left, asio::deferred);
            deferred.poll();
        }
        EXPECT_EQ(deferred.stream.next_layer().operations(), 0u);
        EXPECT_EQ(deferred.wire(), "");
        outcome o;
        auto later = async_accept(deferred.stream, request, left, asio::deferred);
        std::move(later)(into(o));
        deferred.poll();
        EXPECT_TRUE(o.ok()) << o;
    });
}

TEST(AfterBeast, over_tcp_in_a_server_of_beasts)
{
    network net;
    auto sockets = connect_tcp(net.io, net.io);
    client_stream<tcp::socket> c(std::move(sockets.first));
    outcome handshake, head, accepted, write, read;
    c.async_handshake("example.com", "/", into(handshake));
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> request;
    http::async_read(sockets.second, buffer, request, into(head));
    ASSERT_TRUE(net.complete(head));
    server_stream<tcp::socket> s(std::move(sockets.second));
    async_accept(s, request, buffer.data(), into(accepted));
    ASSERT_TRUE(net.complete(handshake, accepted));
    ASSERT_TRUE(handshake.ok() && accepted.ok()) << handshake << accepted;
    std::string got;
    c.async_write(message_kind::text, asio::buffer("over", 4), into(write));
    s.async_read(asio::dynamic_buffer(got), into(read));
    ASSERT_TRUE(net.complete(write, read));
    EXPECT_EQ(got, "over");
}

} // namespace
