// Another parser, written by others, finds the same in a head (RFC 9112, RFC 6455 §4).
// SPDX-License-Identifier: BSL-1.0

#include <string>

#include "handshake/beast_http.hpp"
#include "handshake/messages.hpp"

using namespace messages;

RC_GTEST_PROP(handshake_beast_http, a_request_or_nearly_is_read_as_beast_reads_it, ())
{
    keep(laws::beast_reads_the_same(*request_or_nearly()));
}

RC_GTEST_PROP(handshake_beast_http, any_field_is_read_as_beast_reads_it, ())
{
    std::string text = *rc::gen::element<std::string>("GET /chat HTTP/1.1\r\n", "HTTP/1.1 101 \r\n",
                                                      "HTTP/1.0 404 Not Found\r\n");
    const auto all = *rc::gen::container<fields>(rc::gen::pair(token(), value()));
    for (const auto& [name, content] : all)
        text += name + ":" + *blanks() + content + *blanks() + "\r\n";
    text += "\r\n";
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    keep(laws::beast_reads_the_same(text + *rc::gen::arbitrary<std::string>()));
    keep(laws::beast_reads_the_same(text.substr(0, at)));
    text[at] = *rc::gen::element('\r', '\n', ' ', '\t', '\0', ':', ',', '"', '\x7F', '\xFF');
    keep(laws::beast_reads_the_same(text));
}

RC_GTEST_PROP(handshake_beast_http, connection_and_upgrade_name_the_same_to_both, ())
{
    const auto list = rc::gen::map(
        rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
            "upgrade", "WebSocket", "websocket", "Upgrade", "websockets", "h2c", ",", ", ", "\t,")),
        [](const std::vector<std::string>& parts) {
            std::string joined;
            for (const std::string& part : parts)
                joined += part;
            return joined;
        });
    const fields lists{{"Connection", *list}, {"Upgrade", *list}};
    keep(laws::beast_reads_the_same(
        request_of(with(with(with(rfc_fields, "Upgrade"), "Connection"), "", lists))));
}
