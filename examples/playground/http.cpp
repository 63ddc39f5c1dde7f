// Boost.Beast reads the requests, and what it has read ahead goes to weft with the socket.
// SPDX-License-Identifier: BSL-1.0
#include "http.hpp"

#include <array>
#include <chrono>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "deployment.hpp"
#include "json.hpp"
#include "page.hpp"
#include "tell_frames.hpp"

namespace playground {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

// What is behind a request for a WebSocket must fit into every deployment's buffer.
constexpr std::size_t buffer_max = 8192;
constexpr std::chrono::seconds request_time(10);
constexpr std::chrono::seconds response_time(30);

using request_type = http::request<http::empty_body>;
using response_type = http::response<http::string_body>;

std::string list_of_deployments()
{
    std::string list = "[";
    for (const deployment* each : all_deployments) {
        json_object item;
        item.add("path", each->path);
        item.add("purpose", each->purpose);
        item.add("policies", each->policies);
        item.add("message_bytes", each->message_bytes);
        list.append(list.size() > 1 ? ",\n" : "\n").append(std::move(item).text());
    }
    return list + "\n]\n";
}

response_type make_response(http::status status, std::string body,
                            std::string_view type = "text/plain; charset=utf-8")
{
    response_type response(status, 11);
    response.set(http::field::content_type, type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Content-Security-Policy",
                 "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
                 "img-src data:; connect-src 'self'");
    response.body() = std::move(body);
    response.prepare_payload();
    return response;
}

route route_of(std::string_view path)
{
    for (const deployment* each : all_deployments)
        if (each->path == path)
            return each->serve;
    return path == "/frames" ? tell_frames : nullptr;
}

response_type respond_to(const request_type& request)
{
    if (request.method() != http::verb::get)
        return make_response(http::status::method_not_allowed, "only GET is answered here\n");
    const std::string_view path = path_of(request.target());
    if (path == "/")
        return make_response(http::status::ok, page, "text/html; charset=utf-8");
    if (path == "/deployments.json")
        return make_response(http::status::ok, list_of_deployments(), "application/json");
    if (route_of(path)) {
        auto response = make_response(http::status::upgrade_required, "this path is a WebSocket\n");
        response.set(http::field::upgrade, "websocket");
        return response;
    }
    return make_response(http::status::not_found, "there is nothing here\n");
}

weft::handshake::request to_weft(const request_type& request)
{
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    for (const auto& field : request)
        fields.emplace_back(field.name_string(), field.value());
    return weft::handshake::request::from(request.target(), fields);
}

// A parser's error has a sentence of its own; anything else is a connection that is gone.
bool is_bad_request(beast::error_code error)
{
    static const auto& of_parser = make_error_code(http::error::end_of_stream).category();
    return error.category() == of_parser && error != http::error::end_of_stream &&
           error != http::error::partial_message;
}

// Reads on until the client has ended, so that no reset overtakes the last response.
asio::awaitable<void> part(beast::tcp_stream& stream)
{
    beast::error_code error;
    stream.socket().shutdown(tcp::socket::shutdown_send, error);
    stream.expires_after(std::chrono::seconds(2));
    std::array<char, 4096> ignored;
    for (std::size_t budget = 1 << 20; !error && budget >= ignored.size(); budget -= ignored.size())
        std::tie(error, std::ignore) =
            co_await stream.async_read_some(asio::buffer(ignored), quietly);
}

} // namespace

asio::awaitable<std::optional<upgrade>> serve_http(tcp::socket socket, guest_list& guests)
{
    beast::tcp_stream stream(std::move(socket));
    const guest_list::stay stay(guests, [&stream] { stream.close(); });
    beast::flat_buffer buffer(buffer_max);
    for (bool keep = true; keep;) {
        http::request_parser<http::empty_body> parser;
        parser.header_limit(buffer_max);
        stream.expires_after(request_time);
        const auto [error, n] = co_await http::async_read(stream, buffer, parser, quietly);
        if (error && !is_bad_request(error))
            co_return std::nullopt;

        auto response = make_response(http::status::bad_request, error.message() + "\n");
        if (!error) {
            auto request = to_weft(parser.get());
            const route serve = route_of(path_of(request.target()));
            if (serve && request.has_token("Upgrade", "websocket")) {
                stream.expires_never();
                co_return upgrade{stream.release_socket(), std::move(request),
                                  beast::buffers_to_string(buffer.data()), serve};
            }
            response = respond_to(parser.get());
        }
        keep = !error && parser.get().keep_alive();
        response.keep_alive(keep);
        stream.expires_after(response_time);
        const auto [broken, sent] = co_await http::async_write(stream, response, quietly);
        if (broken)
            co_return std::nullopt;
    }
    co_await part(stream);
    co_return std::nullopt;
}

} // namespace playground
