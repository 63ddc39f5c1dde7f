// What a Boost.Beast stream reads and writes when nothing is below it but memory.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_PROTOCOL_BEAST_LAYER_HPP
#define WEFT_PROPTEST_PROTOCOL_BEAST_LAYER_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/role.hpp>

#include <weft/handshake/request.hpp>
#include <weft/handshake/server.hpp>
#include <weft/test/handshake_model.hpp>
#include <weft/test/wire_writer.hpp>

namespace weft::proptest {

namespace asio = boost::asio;
namespace beast = boost::beast;
using test::bytes;

/// The layer below Beast: it reads what lies there, a piece at a time, and what is written is kept.
struct memory_layer
{
    using executor_type = asio::io_context::executor_type;

    std::span<const std::byte> incoming{};
    std::size_t piece = SIZE_MAX;
    bytes outgoing{};
    std::string answer{}; // weft's, to Beast's request

    executor_type get_executor() const
    {
        static asio::io_context never_run;
        return never_run.get_executor();
    }

    template <class Buffers>
    std::size_t read_some(const Buffers& buffers, beast::error_code& ec)
    {
        if (asks())
            answer_request();
        const auto n = asio::buffer_copy(
            buffers, asio::buffer(incoming.data(), std::min(piece, incoming.size())));
        incoming = incoming.subspan(n);
        ec = n == 0 ? asio::error::make_error_code(asio::error::eof) : beast::error_code();
        return n;
    }

    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, beast::error_code& ec)
    {
        const std::size_t before = outgoing.size();
        outgoing.resize(before + asio::buffer_size(buffers));
        ec = {};
        return asio::buffer_copy(asio::buffer(outgoing) + before, buffers);
    }

    // Beast asks for the forms that throw, too, and calls none of them.
    template <class Buffers>
    std::size_t read_some(const Buffers&);
    template <class Buffers>
    std::size_t write_some(const Buffers&);
    friend void teardown(beast::role_type, memory_layer&, beast::error_code&) {}
    friend void beast_close_socket(memory_layer&) {}

private:
    bool asks() const { return incoming.empty() && answer.empty() && !outgoing.empty(); }

    // Beast's key is random: weft reads another in its place, and Beast the answer to its own.
    void answer_request()
    {
        constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";
        std::string request(reinterpret_cast<const char*>(outgoing.data()), outgoing.size());
        const auto head = test::http_head::read(request);
        const std::string drawn = head ? head->only("Sec-WebSocket-Key").value_or("") : "";
        const std::size_t at = request.find(drawn);
        handshake::request asked;
        if (drawn.size() != key.size() ||
            !asked.feed(std::as_bytes(std::span(request.replace(at, key.size(), key)))).done ||
            asked.check() != error::none)
            return;
        std::string made = handshake::answer(asked, handshake::accept()).bytes;
        const std::string accept = test::accept_of(key);
        if (const std::size_t place = made.find(accept); place != made.npos)
            answer = made.replace(place, accept.size(), test::accept_of(drawn));
        incoming = std::as_bytes(std::span(answer));
    }
};

} // namespace weft::proptest

#endif
