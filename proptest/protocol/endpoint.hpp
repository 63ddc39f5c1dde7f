// A few words for tests that move a connection's bytes by hand.
#ifndef WEFT_PROPTEST_PROTOCOL_ENDPOINT_HPP
#define WEFT_PROPTEST_PROTOCOL_ENDPOINT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <weft/connection.hpp>
#include <weft/test/any_budget.hpp>
#include <weft/test/laws.hpp>

namespace weft {

using client = basic_connection<role::client>;
using server = basic_connection<role::server>;

/// The wire of a client's frames, and of a server's.
inline test::wire_writer from_client() { return test::wire_writer(test::example_key); }
inline test::wire_writer from_server() { return test::wire_writer(); }

/// Puts `wire` into the connection's buffer and leaves the events to the test.
template <class Connection>
void feed(Connection& connection, std::span<const std::byte> wire)
{
    const auto room = connection.prepare();
    std::copy(wire.begin(), wire.end(), room.first(wire.size()).begin());
    connection.commit(wire.size());
}

/// Feeds all of `wire`, through as many reads as the buffer needs.
template <class Connection>
test::hearing hear(Connection& connection, std::span<const std::byte> wire)
{
    return test::hear_all(connection, wire, {});
}

/// Lets everything leave that may leave; the frame that was begun has `payload`.
template <class Connection>
test::bytes written(Connection& connection, std::span<const std::byte> payload = {},
                    std::size_t most_at_once = SIZE_MAX, std::size_t piece = SIZE_MAX)
{
    test::bytes wire;
    test::payload_source source{payload, piece};
    while (test::write_some(connection, source, most_at_once, wire) != 0) {
    }
    return wire;
}

/// What a strict peer of the connection reads in `wire`.
template <class Connection>
test::model_run read_by_peer(const Connection&, std::span<const std::byte> wire)
{
    return test::model::read({.from_client = Connection::policies::role::is_client}, wire);
}

/// The frames of a wire, one word each: "text+ ping continuation close".
inline std::string frames_of(const test::model_run& run, std::span<const std::byte> wire)
{
    std::string out;
    for (const test::frame_place& f : run.frames) {
        constexpr std::string_view names[16] = {
            "continuation", "text", "binary", "", "", "", "", "", "close", "ping", "pong"};
        out += out.empty() ? "" : " ";
        out += names[static_cast<unsigned>(f.op)];
        out += std::to_integer<unsigned>(wire[f.begin]) < 0x80 ? "+" : "";
    }
    return out;
}

template <class Connection>
std::string frames_of(const Connection& connection, std::span<const std::byte> wire)
{
    return frames_of(read_by_peer(connection, wire), wire);
}

inline std::string text_of(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace weft

#endif
