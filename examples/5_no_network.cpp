// The protocol without a network: a client and a server exchange frames in memory. All rules of
// RFC 6455 §5–§7 hold; the transport, here a copy, is yours. Nothing of Asio is included.
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstddef>
#include <iostream>
#include <span>
#include <string>
#include <string_view>

#include <weft/connection.hpp>

using client = weft::basic_connection<weft::role::client>;
using server = weft::basic_connection<weft::role::server, weft::buffer::fixed<4096>>;

// What poll() reports is valid until the connection changes, so it is printed at once.
void report(std::string_view who, const weft::event& e)
{
    const std::string text(reinterpret_cast<const char*>(e.bytes.data()), e.bytes.size());
    switch (e.what) {
    case weft::event::type::need_more:
        break;
    case weft::event::type::message:
        std::cout << who << ": message \"" << text << (e.last ? "\"\n" : "\" and more\n");
        break;
    case weft::event::type::control:
        std::cout << who << (e.op == weft::opcode::ping ? ": ping \"" : ": pong \"") << text
                  << "\"\n";
        break;
    case weft::event::type::close:
        std::cout << who << ": close " << static_cast<int>(e.code) << " \"" << text << "\"\n";
        break;
    case weft::event::type::fault:
        std::cout << who << ": fault, " << weft::describe(e.fault).sentence << '\n';
        break;
    }
}

template <class Connection>
void take_events(std::string_view who, Connection& connection)
{
    for (;;) {
        const weft::event e = connection.poll();
        report(who, e);
        if (e.what == weft::event::type::need_more || connection.is_read_closed())
            return;
    }
}

// Moves what `from` has to send into `to`. A real transport would write and read here.
template <class From, class To>
void deliver(From& from, std::string_view name, To& to, weft::span_source source = {})
{
    for (weft::pieces out;; out.clear()) {
        from.gather(out, source);
        if (out.size() == 0)
            return;
        const std::span<const std::byte> first = *out.begin();
        const auto room = to.prepare();
        const std::size_t n = std::min(first.size(), room.size());
        std::copy_n(first.begin(), n, room.begin());
        to.commit(n);
        from.sent(n, source);
        take_events(name, to);
    }
}

int main()
{
    client alice;
    server bob;

    const std::string_view text = "one frame, masked on its way";
    alice.begin(weft::message_kind::text, true, text.size());
    deliver(alice, "bob", bob, weft::span_source(text));

    // Control frames queue themselves, and so do the answers to them.
    alice.ping(std::as_bytes(std::span("marco", 5)), 0);
    deliver(alice, "bob", bob);
    deliver(bob, "alice", alice);

    bob.close({weft::close_code::going_away, "good night"}, 0);
    deliver(bob, "alice", alice);
    deliver(alice, "bob", bob);

    const bool ended = alice.is_read_closed() && bob.is_read_closed();
    std::cout << (ended ? "both sides have closed\n" : "something is missing\n");
    return ended ? 0 : 1;
}
