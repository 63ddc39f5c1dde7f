// libwebsockets, which calls back when a connection may be written to: answers wait until then, and
// leave one by one as long as the socket takes them.
// SPDX-License-Identifier: BSL-1.0

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <libwebsockets.h>

namespace {

struct message
{
    lws_write_protocol kind{};
    std::string bytes; // behind room for lws's header, which is written in front of the payload
};

// Messages stay, so that their memory serves for the next ones.
struct session
{
    std::vector<message> messages{1};
    std::size_t written = 0; // of those that are complete
    std::size_t complete = 0;

    message& incoming() { return messages[complete]; }
    void begin() { incoming().bytes.assign(LWS_PRE, '\0'); }
};

void receive(lws* connection, session& s, const char* bytes, std::size_t size)
{
    s.incoming().bytes.append(bytes, size);
    if (!lws_is_final_fragment(connection))
        return;
    s.incoming().kind = lws_frame_is_binary(connection) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT;
    if (++s.complete == s.messages.size())
        s.messages.emplace_back();
    s.begin();
    lws_callback_on_writable(connection);
}

int write(lws* connection, session& s)
{
    while (s.written != s.complete && !lws_send_pipe_choked(connection)) {
        message& m = s.messages[s.written++];
        auto* const payload = reinterpret_cast<unsigned char*>(m.bytes.data()) + LWS_PRE;
        if (lws_write(connection, payload, m.bytes.size() - LWS_PRE, m.kind) < 0)
            return -1;
    }
    if (s.written != s.complete) {
        lws_callback_on_writable(connection);
    } else {
        std::swap(s.messages[0], s.incoming()); // a message may have come in part
        s.written = s.complete = 0;
    }
    return 0;
}

int on_event(lws* connection, lws_callback_reasons event, void* user, void* in, std::size_t size)
{
    auto* const slot = static_cast<session**>(user); // memory of lws's, zeroed
    switch (event) {
    case LWS_CALLBACK_ESTABLISHED:
        *slot = new session;
        (*slot)->begin();
        return 0;
    case LWS_CALLBACK_RECEIVE:
        receive(connection, **slot, static_cast<const char*>(in), size);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return write(connection, **slot);
    case LWS_CALLBACK_CLOSED:
        delete *slot;
        return 0;
    default:
        return 0;
    }
}

} // namespace

int main()
{
    lws_set_log_level(LLL_ERR, nullptr);
    lws_protocols protocols[2] = {};
    protocols[0].name = "echo";
    protocols[0].callback = on_event;
    protocols[0].per_session_data_size = sizeof(session*);
    protocols[0].rx_buffer_size = 65536;

    lws_context_creation_info info = {};
    info.port = 0;
    info.iface = "127.0.0.1";
    info.protocols = protocols; // no extensions
    info.options = LWS_SERVER_OPTION_VALIDATE_UTF8;
    info.vhost_name = "echo";
    lws_context* const context = lws_create_context(&info);
    if (!context)
        return 1;
    std::printf("%d\n", lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "echo")));
    std::fflush(stdout);
    while (lws_service(context, 0) >= 0) {
    }
}
