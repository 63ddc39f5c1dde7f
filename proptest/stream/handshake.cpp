// The opening handshake over a layer: in any pieces, accepted, refused, wrong, cut and coalesced.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using handshake::accept;
using handshake::client_options;
using handshake::decision;
using handshake::refuse;
using handshake::request;
using handshake::response;

// A hook of one type, whatever it decides.
struct hook
{
    decision answer{};
    request* seen = nullptr;

    decision operator()(const request& r) const
    {
        if (seen != nullptr)
            *seen = r;
        return answer;
    }
};

const client_options options{.host = "example.com:8080",
                             .target = "/chat?room=1",
                             .subprotocols = {"v2", "v1"},
                             .fields = {{"Origin", "http://example.com"}}};

struct opening : both_ends<>
{
    outcome client_done, server_done;
    response answer;
    request asked;

    void run(decision by, const client_options& with = options)
    {
        s.async_accept(hook{std::move(by), &asked}, into(server_done));
        c.async_handshake(with, answer, into(client_done));
        poll();
    }
};

TEST(Handshake, opens_both_ends_and_tells_both_what_the_other_said)
{
    opening f;
    f.run(accept().subprotocol("v1").field("X-Served-By", "weft"));
    ASSERT_TRUE(f.client_done.ok() && f.server_done.ok()) << f.client_done << f.server_done;
    EXPECT_TRUE(f.c.is_open() && f.s.is_open());
    EXPECT_EQ(f.asked.target(), "/chat?room=1");
    EXPECT_EQ(f.asked.host(), "example.com:8080");
    EXPECT_EQ(f.asked.origin(), "http://example.com");
    EXPECT_EQ(f.answer.status(), 101u);
    EXPECT_EQ(f.answer.find("X-Served-By"), "weft");
    EXPECT_EQ(f.c.subprotocol(), "v1");
    EXPECT_EQ(f.s.subprotocol(), "v1");
}

// Both open, and a message gets through in both directions.
void talks(opening& f)
{
    ASSERT_TRUE(f.client_done.ok() && f.server_done.ok()) << f.client_done << f.server_done;
    std::string at_server, at_client;
    outcome o[4];
    f.c.async_write(message_kind::text, asio::buffer("up", 2), into(o[0]));
    f.s.async_write(message_kind::text, asio::buffer("down", 4), into(o[1]));
    f.s.async_read(asio::dynamic_buffer(at_server), into(o[2]));
    f.c.async_read(asio::dynamic_buffer(at_client), into(o[3]));
    f.poll();
    ASSERT_TRUE(o[0].ok(2) && o[1].ok(4) && o[2].ok(2) && o[3].ok(4));
    ASSERT_EQ(at_server + at_client, "updown");
}

TEST(Handshake, succeeds_in_pieces_of_every_size)
{
    for (std::size_t size = 1; size != 300; ++size) {
        opening reads, writes;
        for (mock* end : {&reads.c.next_layer(), &reads.s.next_layer()})
            end->plan().read_sizes = {size};
        for (mock* end : {&writes.c.next_layer(), &writes.s.next_layer()}) {
            end->plan().write_sizes = {size};
            end->plan().capacity = size;
        }
        for (opening* f : {&reads, &writes}) {
            f->run(accept());
            talks(*f);
            ASSERT_FALSE(testing::Test::HasFatalFailure()) << size;
        }
    }
}

TEST(Handshake, that_is_refused_shows_the_client_status_fields_and_body)
{
    for (const std::size_t size : {1u, 7u, 1000u}) {
        opening f;
        f.c.next_layer().plan().read_sizes = {size};
        f.s.next_layer().plan().write_sizes = {size};
        f.run(refuse(403, "not you").field("X-Why", "because"));
        EXPECT_TRUE(f.server_done.is(error::refused)) << f.server_done;
        EXPECT_TRUE(f.client_done.is(error::declined)) << f.client_done;
        EXPECT_EQ(f.answer.status(), 403u);
        EXPECT_EQ(f.answer.find("X-Why"), "because");
        EXPECT_EQ(f.answer.body(), "not you");
        EXPECT_FALSE(f.c.is_open() || f.s.is_open());
    }
}

TEST(Handshake, that_is_refused_in_a_body_without_a_length_takes_it_to_its_end)
{
    for (const std::string_view body : {"", "n", "not you"}) {
        with_peer<client> f;
        response answer;
        outcome o;
        f.stream.async_handshake(options, answer, into(o));
        f.poll();
        f.give(asio::buffer(std::string_view("HTTP/1.1 403 Forbidden\r\n\r\n")));
        f.poll();
        f.give(asio::buffer(body));
        f.poll();
        EXPECT_TRUE(o.pending());
        f.peer.close();
        f.poll();
        EXPECT_TRUE(o.is(error::declined)) << o;
        EXPECT_EQ(answer.body(), body);
    }
}

TEST(Handshake, that_is_refused_in_a_body_takes_no_more_than_its_length)
{
    with_peer<client> f;
    response answer;
    outcome o;
    f.stream.async_handshake(options, answer, into(o));
    f.poll();
    f.give(asio::buffer(
        std::string_view("HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nnot you")));
    f.poll();
    EXPECT_TRUE(o.is(error::declined)) << o;
    EXPECT_EQ(answer.body(), "not");
}

TEST(Handshake, that_is_accepted_wrongly_fails_with_the_rule_and_the_connection_is_cut)
{
    const std::string good = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    const std::string accepted = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
    const std::pair<std::string, error> wrong[] = {
        {good + accepted, error::bad_accept}, // another key's
        {good, error::bad_accept},
        {"Connection: Upgrade\r\n" + accepted, error::bad_upgrade},
        {"Upgrade: websocket\r\n" + accepted, error::bad_connection}};
    for (const auto& [fields, rule] : wrong) {
        with_peer<client> f;
        response answer;
        outcome o;
        f.stream.async_handshake(options, answer, into(o));
        f.poll();
        const std::string wire =
            "HTTP/1.1 101 Switching Protocols\r\n" + fields + "Sec-WebSocket-Protocol: v1\r\n\r\n";
        f.give(asio::buffer(wire));
        f.poll();
        EXPECT_TRUE(o.is(rule)) << o << " for " << fields;
        EXPECT_TRUE(!f.stream.is_open() && f.stream.subprotocol().empty()) << fields;
    }
}

TEST(Handshake, that_is_answered_by_no_http_ends_with_the_byte_that_shows_it)
{
    with_peer<client> f;
    outcome o;
    f.stream.async_handshake("h", "/", into(o));
    f.poll();
    f.give(asio::buffer(std::string_view("HTTP/1")));
    f.poll();
    EXPECT_TRUE(o.pending());
    f.give(asio::buffer(std::string_view(";")));
    f.poll();
    EXPECT_TRUE(o.is(error::bad_status_line)) << o;
}

TEST(Handshake, that_a_hook_decides_wrongly_is_a_plain_500)
{
    for (const decision& wrong :
         {accept().subprotocol("never offered"), accept().field("A", "b\r\nC: d"), refuse(101, ""),
          refuse(99, ""), refuse(204, "body")}) {
        opening f;
        f.run(wrong);
        EXPECT_TRUE(f.server_done.is(error::bad_handshake_argument)) << f.server_done;
        EXPECT_TRUE(f.client_done.is(error::declined)) << f.client_done;
        EXPECT_EQ(f.answer.status(), 500u);
    }
}

TEST(Handshake, with_arguments_that_could_inject_sends_nothing_and_can_be_tried_again)
{
    std::vector<client_options> wrong(9, options);
    wrong[0].host = "a\r\nEvil: 1";
    wrong[1].host = "";
    wrong[2].target = "no-slash";
    wrong[3].target = "/a b";
    wrong[4].target = "/a\r\nEvil: 1";
    wrong[5].subprotocols = {"a", "a"};
    wrong[6].subprotocols = {"a,b"};
    wrong[7].fields = {{"Na me", "x"}};
    wrong[8].fields = {{"Name", std::string("x\0y", 3)}};
    opening f;
    for (const auto& w : wrong) {
        outcome o;
        f.c.async_handshake(w, f.answer, into(o));
        EXPECT_TRUE(o.pending());
        f.poll();
        EXPECT_TRUE(o.is(error::bad_handshake_argument)) << o;
        EXPECT_EQ(f.c.next_layer().operations(), 0u);
    }
    f.run(accept());
    talks(f);
}

// Whatever has come of the other side's part.
template <class Stream, class Start>
void ends_when_cancelled(asio::cancellation_type type, std::string_view came, Start start)
{
    with_peer<Stream> f;
    asio::cancellation_signal stop;
    outcome o;
    start(f.stream, asio::bind_cancellation_slot(stop.slot(), into(o)));
    f.give(asio::buffer(came));
    f.poll();
    EXPECT_TRUE(o.pending());
    stop.emit(type);
    EXPECT_TRUE(o.pending());
    f.poll();
    EXPECT_TRUE(o.is(asio::error::operation_aborted)) << o;
    f.stream.async_ping({}, into(o = {}));
    f.poll();
    EXPECT_TRUE(o.is(asio::error::operation_aborted)) << o;
}

TEST(Handshake, that_is_cancelled_is_the_end)
{
    for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        for (const std::string_view came : {"", "GET /chat HT", "GET /chat HTTP/1.1\r\nHost:"})
            ends_when_cancelled<server>(
                type, came, [](server& s, auto handler) { s.async_accept(std::move(handler)); });
        for (const std::string_view came : {"", "HTTP/1.1 101 Switch"})
            ends_when_cancelled<client>(type, came, [](client& c, auto handler) {
                c.async_handshake("host", "/", std::move(handler));
            });
    }
}

TEST(Handshake, can_be_begun_once)
{
    opening f;
    f.s.async_accept(into(f.server_done));
    outcome again, read, write, close;
    f.s.async_accept(into(again));
    std::string got;
    f.s.async_read(asio::dynamic_buffer(got), into(read));
    f.s.async_write(message_kind::text, asio::buffer("x", 1), into(write));
    f.s.async_close({}, into(close));
    f.poll();
    EXPECT_TRUE(again.is(error::operation_in_progress));
    EXPECT_TRUE(read.is(error::not_open) && write.is(error::not_open) && close.is(error::not_open));
    f.c.async_handshake("host", "/", into(f.client_done));
    f.poll();
    talks(f);
    error_code ec;
    f.s.accept(ec);
    EXPECT_EQ(ec, error::already_open);
    f.c.adopt(asio::const_buffer(), ec);
    EXPECT_EQ(ec, error::already_open);
    EXPECT_TRUE(f.s.is_open() && f.c.is_open());
}

const std::string good_request = "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
                                 "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

struct request_of
{
    std::string text;
    error fault;
    unsigned status;
};

std::string without(std::string_view field)
{
    std::string text = good_request;
    const auto at = text.find(std::string(field) + ":");
    text.erase(at, text.find("\r\n", at) + 2 - at);
    return text + "\r\n";
}

TEST(Accept, answers_every_request_that_breaks_a_rule_with_a_status_that_the_client_can_read)
{
    std::string many = good_request;
    for (int i = 0; i != 100; ++i)
        many += "A: b\r\n";
    const request_of all[] = {
        {"POST" + good_request.substr(3) + "\r\n", error::bad_method, 405},
        {"GET / HTTP/1.0" + good_request.substr(14) + "\r\n", error::bad_request_line, 400},
        {"GET nonsense\r\n\r\n", error::bad_request_line, 400},
        {"GET / HTTP/1.1\r\n broken\r\n\r\n", error::bad_field, 400},
        {without("Host"), error::bad_host, 400},
        {without("Upgrade"), error::bad_upgrade, 400},
        {without("Connection"), error::bad_connection, 400},
        {without("Sec-WebSocket-Version"), error::bad_version, 426},
        {without("Sec-WebSocket-Key"), error::bad_key, 400},
        {many + "\r\n", error::too_many_fields, 431},
        {good_request + "A: " + std::string(20000, 'b') + "\r\n\r\n", error::handshake_too_big,
         431}};
    for (const request_of& r : all) {
        SCOPED_TRACE(describe(r.fault).sentence);
        with_peer<server> f;
        outcome o;
        f.stream.async_accept(into(o));
        f.poll();
        f.give(asio::buffer(r.text));
        f.poll();
        EXPECT_EQ(o.calls, 1);
        EXPECT_TRUE(o.is(r.fault)) << o;
        EXPECT_EQ(f.wire().substr(0, 13), "HTTP/1.1 " + std::to_string(r.status) + " ") << f.wire();
        EXPECT_FALSE(f.stream.is_open());
        outcome read;
        std::string got;
        f.stream.async_read(asio::dynamic_buffer(got), into(read));
        f.poll();
        EXPECT_TRUE(read.is(o.ec, 0)) << "the same cause ever after";
    }
}

test::bytes first_frames()
{
    return with_peer<server>::frames()
        .add(opcode::text, "first")
        .add(opcode::text, "second")
        .wire();
}

TEST(Accept, keeps_what_comes_behind_the_request_for_the_first_read)
{
    const auto frames = first_frames();
    const std::string wire = good_request + "\r\n" + text_of(frames);
    for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
        with_peer<server> f;
        outcome o, first, second;
        f.stream.async_accept(into(o));
        f.give(asio::buffer(wire, cut));
        f.poll();
        f.give(asio::buffer(wire) + cut);
        f.poll();
        ASSERT_TRUE(o.ok()) << o;
        std::string got;
        f.stream.async_read(asio::dynamic_buffer(got), into(first));
        f.poll();
        f.stream.async_read(asio::dynamic_buffer(got), into(second));
        f.poll();
        ASSERT_TRUE(first.ok(5) && second.ok(6)) << first << second << " cut " << cut;
        ASSERT_EQ(got, "firstsecond");
    }
}

TEST(Handshake, keeps_what_comes_behind_the_response_for_the_first_read)
{
    opening f;
    f.s.async_accept(into(f.server_done));
    f.c.async_handshake("h", "/", into(f.client_done));
    // The server answers and speaks before the client has read anything.
    f.c.next_layer().plan().read_sizes = {1};
    for (int i = 0; i != 20 && f.server_done.pending(); ++i)
        f.io.poll_one();
    outcome write, read;
    f.s.async_write(message_kind::text, asio::buffer("early", 5), into(write));
    f.c.next_layer().plan().read_sizes = {};
    f.poll();
    std::string got;
    f.c.async_read(asio::dynamic_buffer(got), into(read));
    f.poll();
    EXPECT_TRUE(f.client_done.ok() && write.ok(5) && read.ok(5)) << f.client_done << read;
    EXPECT_EQ(got, "early");
}

TEST(Accept, takes_a_request_that_somebody_else_has_read_wholly_or_partly)
{
    const auto frames = first_frames();
    const std::string head = good_request + "\r\n";
    const std::string wire = head + text_of(frames);
    for (std::size_t fed = 0; fed <= head.size(); ++fed)
        for (const std::size_t early : {std::size_t{0}, std::size_t{3}, wire.size() - fed}) {
            with_peer<server> f;
            request given;
            (void)given.feed(std::as_bytes(std::span(wire)).first(fed));
            outcome o, read;
            const std::size_t handed = std::min(early, wire.size() - fed);
            std::string behind = wire.substr(fed, handed);
            f.stream.async_accept(std::move(given), asio::buffer(behind), hook{}, into(o));
            behind.assign(behind.size(), '!'); // it need not live longer
            f.give(asio::buffer(wire) + (fed + handed));
            f.poll();
            ASSERT_TRUE(o.ok()) << o << " fed " << fed << " early " << early;
            std::string got;
            f.stream.async_read(asio::dynamic_buffer(got), into(read));
            f.poll();
            ASSERT_TRUE(read.ok(5)) << read;
        }
}

TEST(Accept, refuses_early_bytes_that_its_buffer_can_not_hold)
{
    with_peer<server> f;
    request given;
    const std::string head = good_request + "\r\n";
    (void)given.feed(std::as_bytes(std::span(head)));
    const std::string behind(100000, '!');
    outcome o;
    f.stream.async_accept(std::move(given), asio::buffer(behind), hook{}, into(o));
    f.poll();
    EXPECT_TRUE(o.is(error::buffer_too_small)) << o;
}

TEST(Adopt, opens_without_a_handshake_and_keeps_early_bytes)
{
    const auto frames = first_frames();
    for (std::size_t early = 0; early <= frames.size(); ++early) {
        with_peer<server> f;
        f.stream.adopt(asio::buffer(as_buffer(frames), early));
        EXPECT_TRUE(f.stream.is_open());
        f.give(as_buffer(frames) + early);
        outcome read;
        std::string got;
        f.stream.async_read(asio::dynamic_buffer(got), into(read));
        f.poll();
        ASSERT_TRUE(read.ok(5));
    }
    with_peer<server> f;
    error_code ec;
    f.stream.adopt(as_buffer(test::bytes(100000)), ec);
    EXPECT_EQ(ec, error::buffer_too_small);
}

TEST(Handshake, synchronous_forms_do_the_same)
{
    both_ends f;
    error_code ec = asio::error::fault;
    f.c.handshake("h", "/", ec); // sends the request, and finds no answer yet
    EXPECT_EQ(ec, asio::error::would_block);
    EXPECT_THROW(f.c.handshake("h", "/"), boost::system::system_error);

    with_peer<server> g;
    g.give(test::as_bytes(good_request + "\r\n"));
    ec = asio::error::fault;
    g.stream.accept(ec);
    EXPECT_FALSE(ec) << ec.message();
    EXPECT_TRUE(g.stream.is_open());
    EXPECT_THROW(g.stream.accept(), boost::system::system_error);
}

// Runs a whole life with a failure at operation `n` of one end; says whether it was reached.
bool fails_at(std::size_t n, error_code with, bool at_client)
{
    both_ends f;
    outcome o[8];
    mock& end = at_client ? f.c.next_layer() : f.s.next_layer();
    for (mock* m : {&f.c.next_layer(), &f.s.next_layer()}) {
        m->plan().read_sizes = {50};
        m->plan().write_sizes = {40};
    }
    end.plan().fail_at = n;
    end.plan().fail_with = with;
    f.s.async_accept(into(o[0]));
    f.c.async_handshake("h", "/", into(o[1]));
    f.poll();
    std::string up, down;
    const std::string message(90, 'm');
    f.c.async_write(message_kind::text, asio::buffer(message), into(o[2]));
    f.s.async_write(message_kind::text, asio::buffer(message), into(o[3]));
    f.s.async_read(asio::dynamic_buffer(up), into(o[4]));
    f.c.async_read(asio::dynamic_buffer(down), into(o[5]));
    f.c.async_ping({}, into(o[6]));
    f.poll();
    const std::size_t reached = end.operations();
    f.c.async_close({}, into(o[7]));
    f.poll();
    f.s = server(test::connect_pair(f.io.get_executor()).first); // lets go of what still waits
    f.c = client(test::connect_pair(f.io.get_executor()).second);
    f.io.restart();
    f.io.run();
    bool told = false;
    for (const outcome& each : o) {
        EXPECT_EQ(each.calls, 1);
        told |= each.ec == with || (with == asio::error::eof && each.ec == error::connection_lost);
    }
    if (reached <= n)
        return false;
    EXPECT_TRUE(told) << "failure " << n << " is reported to nobody";
    return true;
}

TEST(Handshake, and_all_that_follows_complete_once_wherever_the_layer_fails)
{
    for (const bool at_client : {false, true})
        for (const error_code with :
             {error_code(asio::error::connection_reset), error_code(asio::error::eof),
              error_code(asio::error::broken_pipe)}) {
            std::size_t n = 0;
            while (fails_at(n, with, at_client))
                ++n;
            EXPECT_GT(n, 10u);
        }
}

} // namespace
