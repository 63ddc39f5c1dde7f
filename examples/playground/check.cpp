// Each step is one coroutine, with a connection of its own, that throws what is wrong.
// SPDX-License-Identifier: BSL-1.0
#include "check.hpp"

#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <weft/weft.hpp>

#include "deployment.hpp"

namespace playground {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

// Text is not checked on this side, so that the other side's check can be seen.
using stream = weft::client_stream<tcp::socket, weft::utf8::unchecked, weft::observer::callback>;

constexpr auto text = weft::message_kind::text;
constexpr auto binary = weft::message_kind::binary;

void expect(bool true_enough, const std::string& otherwise)
{
    if (!true_enough)
        throw std::runtime_error(otherwise);
}

std::string endpoint_text(const tcp::endpoint& at)
{
    std::ostringstream out;
    out << at;
    return std::move(out).str();
}

class visit
{
public:
    explicit visit(tcp::endpoint site) : site_(site), host_(endpoint_text(site)) {}

    int failures() const noexcept { return failures_; }

    asio::awaitable<void> everything()
    {
        co_await step("GET / is the page", get("/", "200", "text/html"));
        co_await step("GET /deployments.json is the list",
                      get("/deployments.json", "200", "application/json"));
        co_await step("GET /nowhere is a 404", get("/nowhere", "404", "text/plain"));
        co_await step("garbage is a 400", garbage());
        co_await step("a WebSocket at /nowhere is refused with 404",
                      refused("/nowhere", "http://" + host_, 404));
        co_await step("a page of another site is refused with 403",
                      refused("/strict", "http://elsewhere.example", 403));
        for (const deployment* each : all_deployments)
            co_await all_of(*each);
        co_await step("/frames tells what passes", frames());
    }

private:
    asio::awaitable<void> step(std::string name, asio::awaitable<void> work)
    {
        std::string failure;
        try {
            co_await std::move(work);
        } catch (const std::exception& error) {
            failure = error.what();
        }
        failures_ += failure.empty() ? 0 : 1;
        std::cout << (failure.empty() ? "ok   " + name : "FAIL " + name + ": " + failure)
                  << std::endl;
    }

    asio::awaitable<void> all_of(const deployment& d)
    {
        const std::string path(d.path);
        co_await step(path + " echoes text", echoed(path, text, "weft 漢😀"));
        co_await step(path + " echoes binary", echoed(path, binary, std::string("\0\xff\x80", 3)));
        co_await step(path + " answers a ping", ping(path));
        const std::string big(70'000, 'x');
        if (big.size() <= d.message_bytes)
            co_await step(path + " echoes 70,000 bytes", echoed(path, binary, big));
        else
            co_await step(path + " refuses 70,000 bytes with 1009",
                          closed(path, big, weft::close_code::message_too_big));
        if (d.checks_text)
            co_await step(path + " refuses text that is not UTF-8 with 1007",
                          closed(path, "\xc3(", weft::close_code::invalid_payload));
        else
            co_await step(path + " passes on text that is not UTF-8", echoed(path, text, "\xc3("));
        co_await step(path + " answers a close", goodbye(path));
    }

    asio::awaitable<tcp::socket> connect() const
    {
        tcp::socket socket(co_await asio::this_coro::executor);
        co_await socket.async_connect(site_, use_awaitable);
        co_return socket;
    }

    asio::awaitable<stream> open(std::string target) const
    {
        stream ws(co_await connect());
        co_await ws.async_handshake(host_, target, use_awaitable);
        co_return ws;
    }

    static asio::awaitable<void> send_and_expect(stream& ws, weft::message_kind kind,
                                                 const std::string& message)
    {
        co_await ws.async_write(kind, asio::buffer(message), use_awaitable);
        std::string answer;
        co_await ws.async_read(asio::dynamic_buffer(answer), use_awaitable);
        expect(answer == message, std::to_string(answer.size()) + " other bytes came back");
        expect(ws.received_kind() == kind, "the answer is of the other kind");
    }

    asio::awaitable<void> echoed(std::string path, weft::message_kind kind,
                                 std::string message) const
    {
        stream ws = co_await open(path);
        co_await send_and_expect(ws, kind, message);
        co_await ws.async_close({}, use_awaitable);
    }

    asio::awaitable<void> ping(std::string path) const
    {
        stream ws = co_await open(path);
        std::string ponged;
        ws.observer().on_control = [&](weft::opcode op, std::span<const std::byte> payload) {
            if (op == weft::opcode::pong)
                ponged.assign(reinterpret_cast<const char*>(payload.data()), payload.size());
        };
        co_await ws.async_ping(asio::buffer("anyone?", 7), use_awaitable);
        co_await send_and_expect(ws, text, "what comes behind the pong");
        expect(ponged == "anyone?", "no pong came before the answer");
        co_await ws.async_close({}, use_awaitable);
    }

    asio::awaitable<void> closed(std::string path, std::string message, weft::close_code code) const
    {
        stream ws = co_await open(path);
        co_await ws.async_write(text, asio::buffer(message), use_awaitable);
        std::string answer;
        const auto [error, n] =
            co_await ws.async_read(asio::dynamic_buffer(answer), asio::as_tuple(use_awaitable));
        expect(error == weft::error::closed, "the read said: " + error.message());
        expect(ws.peer_close().code == code,
               "it closed with " + std::to_string(static_cast<int>(ws.peer_close().code)));
    }

    asio::awaitable<void> goodbye(std::string path) const
    {
        stream ws = co_await open(path);
        co_await ws.async_close({weft::close_code{4000}, "goodbye"}, use_awaitable);
        expect(ws.peer_close().code == weft::close_code{4000}, "the answer has another code");
    }

    asio::awaitable<void> refused(std::string path, std::string origin, unsigned status) const
    {
        weft::handshake::client_options options{.host = host_, .target = path};
        options.fields.emplace_back("Origin", origin);
        stream ws(co_await connect());
        weft::handshake::response response;
        const auto [error] = co_await ws.async_handshake(std::move(options), response,
                                                         asio::as_tuple(use_awaitable));
        expect(error == weft::error::declined, "the handshake said: " + error.message());
        expect(response.status() == status, "the status is " + std::to_string(response.status()));
    }

    asio::awaitable<std::string> ask(std::string request) const
    {
        tcp::socket socket = co_await connect();
        co_await asio::async_write(socket, asio::buffer(request), use_awaitable);
        std::string response;
        const auto [error, n] = co_await asio::async_read(socket, asio::dynamic_buffer(response),
                                                          asio::as_tuple(use_awaitable));
        expect(error == asio::error::eof, error.message());
        co_return response;
    }

    asio::awaitable<void> get(std::string path, std::string status, std::string type) const
    {
        const std::string response = co_await ask("GET " + path + " HTTP/1.1\r\nHost: " + host_ +
                                                  "\r\nConnection: close\r\n\r\n");
        expect(response.starts_with("HTTP/1.1 " + status + " "), response.substr(0, 40));
        expect(response.find("Content-Type: " + type) != response.npos, "not of this type");
    }

    asio::awaitable<void> garbage() const
    {
        const std::string response =
            co_await ask(std::string("\x16\x03\x01\x02\0\x01\0\r\n\r\n", 11));
        expect(response.starts_with("HTTP/1.1 400 "), response.substr(0, 40));
    }

    // The same as the page does: one connection talks, the other is told.
    asio::awaitable<void> frames() const
    {
        stream told = co_await open("/frames?session=check");
        stream ws = co_await open("/strict?session=check");
        co_await send_and_expect(ws, text, "Hello");
        co_await ws.async_close({}, use_awaitable);
        std::string lines;
        while (lines.find("remark") == lines.npos)
            co_await told.async_read(asio::dynamic_buffer(lines), use_awaitable);
        expect(lines.find("\"from\":\"client\",\"opcode\":\"text\",\"fin\":true,\"masked\":true,"
                          "\"length\":5,\"start\":\"48656c6c6f\"") != lines.npos,
               lines);
        expect(lines.find("closed by both sides") != lines.npos, lines);
        co_await told.async_close({}, use_awaitable);
    }

    tcp::endpoint site_;
    std::string host_;
    int failures_ = 0;
};

} // namespace

asio::awaitable<int> check(tcp::endpoint site)
{
    visit all(site);
    co_await all.everything();
    co_return all.failures();
}

} // namespace playground
