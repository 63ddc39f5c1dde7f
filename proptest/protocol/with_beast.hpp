// A conversation with Boost.Beast, in memory: what weft writes, Beast reads, and the reverse.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_PROTOCOL_WITH_BEAST_HPP
#define WEFT_PROPTEST_PROTOCOL_WITH_BEAST_HPP

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <protocol/beast_talker.hpp>
#include <weft/test/conversation.hpp>
#include <weft/test/model.hpp>

namespace weft::proptest {

/// What Beast writes, weft hears; and what weft writes, its answers among it, Beast reads as the
/// model does. Each writes and reads pieces of any size.
template <class Connection>
verdict converses_with_beast(Connection&& connection, test::byte_choices choices)
{
    constexpr bool from_client = std::remove_cvref_t<Connection>::policies::role::is_client;
    beast_talker peer;
    test::talker own(connection);
    if (auto wrong = from_client ? peer.open_as_server() : peer.open_as_client())
        return wrong;
    for (int step = 0; step < 1000 && !choices.used_up(); ++step) {
        if (auto wrong = peer.act(choices))
            return wrong;
        if (auto wrong = own.act(choices))
            return wrong;
        if (auto wrong = own.receive(peer.wire(), choices.next(), choices))
            return wrong;
    }
    if (auto wrong = peer.finish())
        return wrong;
    const auto drain = [&]() -> verdict {
        do {
            if (auto wrong = own.write(SIZE_MAX))
                return wrong;
            if (auto wrong = own.receive(peer.wire(), SIZE_MAX, choices))
                return wrong;
        } while (!own.is_quiet(peer.wire()));
        return {};
    };
    if (auto wrong = drain())
        return wrong;
    if (own.heard() != peer.sent())
        return "Beast sent " + test::print(peer.sent()) + "\nbut weft heard " +
               test::print(own.heard());
    if (auto wrong = peer.hear(own.wire(), choices.amount(SIZE_MAX)))
        return wrong;
    const auto meant = test::model::read({.from_client = from_client}, own.wire());
    if (peer.heard() != meant.happenings)
        return "weft wrote " + test::print(meant.happenings) + "\nbut Beast heard " +
               test::print(peer.heard());
    if (!own.closing() && !peer.last_ping_is_answered())
        return "weft doesn't answer Beast's last ping";
    return drain(); // of Beast's answers nothing is refused
}

} // namespace weft::proptest

#endif
