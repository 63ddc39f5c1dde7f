// Streams over the mock, opened without a handshake: with each other, or with a bare peer.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_STREAM_FIXTURE_HPP
#define WEFT_PROPTEST_STREAM_FIXTURE_HPP

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>

#include <weft/test/mock_stream.hpp>
#include <weft/test/model.hpp>
#include <weft/test/verdict.hpp>
#include <weft/test/wire_writer.hpp>
#include <weft/weft.hpp>

#include <stream/outcome.hpp>

namespace weft::proptest {

namespace asio = boost::asio;

using mock = test::basic_mock_stream<asio::io_context::executor_type>;

/// Without time limits nothing but its peer ends a stream, so that a test need not wait.
using client = client_stream<mock, key_source::fixed<0x37fa213d>, timing::none>;
using server = server_stream<mock, timing::none>;

inline asio::const_buffer as_buffer(const test::bytes& b)
{
    return asio::const_buffer(b.data(), b.size());
}

inline std::string text_of(std::span<const std::byte> b)
{
    return {reinterpret_cast<const char*>(b.data()), b.size()};
}

/// An event loop that never waits: what can happen has happened after `poll`.
struct event_loop
{
    asio::io_context io{1};

    void poll()
    {
        io.restart();
        io.poll();
    }
};

/// A client and a server, connected.
template <class Client = client, class Server = server>
struct both_ends : event_loop
{
    std::pair<mock, mock> ends = test::connect_pair(io.get_executor());
    Client c{std::move(ends.first)};
    Server s{std::move(ends.second)};
};

/// The same, open.
template <class Client = client, class Server = server>
struct open_ends : both_ends<Client, Server>
{
    open_ends()
    {
        this->c.adopt();
        this->s.adopt();
    }
};

/// One stream whose peer is a bare layer: the test writes what it reads, and sees what it writes.
template <class Stream>
struct with_peer : event_loop
{
    using role = typename Stream::policies::role;

    std::pair<mock, mock> ends = test::connect_pair(io.get_executor());
    Stream stream{std::move(ends.first)};
    mock& peer = ends.second;

    /// Puts bytes of the peer's on the wire.
    void give(asio::const_buffer wire)
    {
        error_code ec;
        while (wire.size() != 0 && !ec)
            wire += peer.write_some(wire, ec);
    }
    void give(const test::bytes& wire) { give(as_buffer(wire)); }
    void give(const test::wire_writer& w) { give(w.wire()); }

    /// What the stream has written, as the model reads it; all that was taken since the start.
    test::model_run written()
    {
        wire_ += peer.take();
        const auto bytes = std::as_bytes(std::span(wire_));
        return test::model::read({.from_client = role::is_client}, bytes);
    }

    const std::string& wire()
    {
        wire_ += peer.take();
        return wire_;
    }

    /// The peer's frames, masked as they have to be.
    static test::wire_writer frames()
    {
        return role::is_client ? test::wire_writer() : test::wire_writer(test::example_key);
    }

private:
    std::string wire_;
};

/// The same, open.
template <class Stream>
struct open_with_peer : with_peer<Stream>
{
    open_with_peer() { this->stream.adopt(); }
};

} // namespace weft::proptest

#endif
