// Echo server on libwebsockets. It prints `listening <port>`, and `FAIL …` when a client closes
// badly. SPDX-License-Identifier: BSL-1.0

#include <libwebsockets.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>

namespace {

// A frame that waits for the socket. lws writes its header in front of the payload, into LWS_PRE
// bytes that are ours to provide.
struct frame
{
    int how;
    std::string bytes;
    frame(int how_, std::string_view payload) : how(how_), bytes(LWS_PRE, '\0')
    {
        bytes += payload;
    }
};

struct session
{
    std::string message;
    std::deque<frame> out;
    bool closes = false; // `close-me` was asked for: close when `out` is empty
    bool close_sent = false;
    bool close_seen = false;
};

void answer(session& peer, bool binary)
{
    const auto text = binary ? std::string_view{} : std::string_view{peer.message};
    if (text == "close-me")
        peer.closes = true;
    else if (text == "ping-me")
        peer.out.emplace_back(LWS_WRITE_PING, "are you there?");
    else if (text == "frag-me") {
        peer.out.emplace_back(LWS_WRITE_TEXT | LWS_WRITE_NO_FIN, "frag");
        peer.out.emplace_back(LWS_WRITE_CONTINUATION | LWS_WRITE_NO_FIN,
                              "mented \xe2"); // the cut lies within ✓
        peer.out.emplace_back(LWS_WRITE_CONTINUATION, "\x9c\x93 message");
    } else
        peer.out.emplace_back(binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT, peer.message);
    peer.message.clear();
}

// One callback a frame, as lws asks: it may have to keep a part of what it got. -1 closes.
int write_next(lws* wsi, session& peer)
{
    if (!peer.out.empty()) {
        auto& next = peer.out.front();
        auto* payload = reinterpret_cast<unsigned char*>(next.bytes.data()) + LWS_PRE;
        if (lws_write(wsi, payload, next.bytes.size() - LWS_PRE,
                      static_cast<lws_write_protocol>(next.how)) < 0)
            return -1;
        peer.out.pop_front();
        lws_callback_on_writable(wsi);
    } else if (peer.closes && !peer.close_sent) {
        unsigned char reason[] = {'b', 'y', 'e'};
        lws_close_reason(wsi, static_cast<lws_close_status>(4001), reason, sizeof reason);
        peer.close_sent = true;
        return -1;
    }
    return 0;
}

int on_event(lws* wsi, lws_callback_reasons event, void* user, void* in, std::size_t size)
{
    // lws gives each connection zeroed memory; in it we keep a pointer, since a session has
    // constructors.
    auto* const slot = static_cast<session**>(user);
    const auto bytes = std::string_view{static_cast<const char*>(in), in ? size : 0};
    switch (event) {
    case LWS_CALLBACK_ESTABLISHED:
        *slot = new session;
        return 0;
    case LWS_CALLBACK_RECEIVE:
        (*slot)->message += bytes;
        if (lws_is_final_fragment(wsi)) {
            answer(**slot, lws_frame_is_binary(wsi) != 0);
            lws_callback_on_writable(wsi);
        }
        return 0;
    case LWS_CALLBACK_RECEIVE_PONG:
        (*slot)->out.emplace_back(LWS_WRITE_TEXT,
                                  bytes == "are you there?" ? "ponged" : "another pong");
        lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return write_next(wsi, **slot);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        (*slot)->close_seen = true;
        return 0;
    case LWS_CALLBACK_CLOSED:
        // The code in the answer to our own close is not to be had from lws: the other servers
        // check it.
        if (!(*slot)->close_seen && !(*slot)->close_sent)
            std::puts("FAIL connection: it ended without a close frame");
        delete *slot;
        return 0;
    default:
        return 0;
    }
}

} // namespace

int main(int argc, char** argv)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    lws_set_log_level(LLL_ERR | LLL_WARN, nullptr);

    lws_protocols protocols[2] = {};
    protocols[0].name = "echo";
    protocols[0].callback = on_event;
    protocols[0].per_session_data_size = sizeof(session*);
    protocols[0].rx_buffer_size = 64 << 10;

    lws_context_creation_info info = {};
    info.port = argc == 3 && std::string_view{argv[1]} == "--port" ? std::atoi(argv[2]) : 0;
    info.iface = "127.0.0.1";
    info.protocols = protocols; // no extensions: permessage-deflate stays off
    info.options = LWS_SERVER_OPTION_VALIDATE_UTF8;
    info.vhost_name = "echo";

    auto* const context = lws_create_context(&info);
    if (!context)
        return 1;
    std::printf("listening %d\n",
                lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "echo")));
    while (lws_service(context, 0) >= 0) {
    }
    lws_context_destroy(context);
}
