// The conversation (conversation.txt) held by libwebsockets. Usage: lws_client ws://127.0.0.1:PORT/
//
// lws calls back; so a case is a script of steps, and each callback takes the step that the script
// has come to. SPDX-License-Identifier: BSL-1.0

#include "conversation.hpp"

#include <libwebsockets.h>

#include <optional>
#include <utility>
#include <variant>

namespace {

using conversation::message;

struct send
{
    int how;
    std::string bytes;
};
struct await_pong
{
    std::string payload;
};
struct await_message
{
    message expected;
};
struct await_close
{
    unsigned code;
    std::string reason;
};
struct close
{
    unsigned code;
    std::string reason;
};
using step = std::variant<send, await_pong, await_message, await_close, close>;

struct script
{
    std::string name;
    std::vector<step> steps;
};

std::vector<script> all_cases()
{
    std::vector<script> cases;
    for (const auto& c : conversation::echo_cases())
        cases.push_back({c.name,
                         {send{c.sent.binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT, c.sent.bytes},
                          await_message{c.sent}}});
    for (const auto& c : conversation::fragmented_cases()) {
        script made{c.name, {}};
        for (std::size_t i = 0; i != c.parts.size(); ++i) {
            if (i != 0) {
                // A pong may not wait for the end of the message that its ping interrupts (RFC 6455
                // §5.5.2).
                made.steps.push_back(send{LWS_WRITE_PING, "between " + std::to_string(i)});
                made.steps.push_back(await_pong{"between " + std::to_string(i)});
            }
            const int how = i != 0     ? LWS_WRITE_CONTINUATION
                            : c.binary ? LWS_WRITE_BINARY
                                       : LWS_WRITE_TEXT;
            made.steps.push_back(
                send{i + 1 == c.parts.size() ? how : how | LWS_WRITE_NO_FIN, c.parts[i]});
        }
        made.steps.push_back(await_message{c.whole()});
        cases.push_back(std::move(made));
    }
    script pings{"ping", {}};
    for (const auto& payload : conversation::ping_payloads()) {
        pings.steps.push_back(send{LWS_WRITE_PING, payload});
        pings.steps.push_back(await_pong{payload});
    }
    cases.push_back(std::move(pings));
    for (const auto& c : conversation::exchanges)
        cases.push_back({std::string(c.name),
                         {send{LWS_WRITE_TEXT, std::string(c.question)},
                          await_message{{false, std::string(c.answer)}}}});
    cases.push_back({"close-by-client", {close{1000, "done"}}});
    cases.push_back(
        {"close-by-server", {send{LWS_WRITE_TEXT, "close-me"}, await_close{4001, "bye"}}});
    return cases;
}

class client
{
public:
    explicit client(conversation::url to) : to_(std::move(to))
    {
        protocols_[0].name = "echo";
        protocols_[0].callback = &client::on_event;
        protocols_[0].rx_buffer_size = 64 << 10;

        lws_context_creation_info info = {};
        info.port = CONTEXT_PORT_NO_LISTEN;
        info.protocols = protocols_; // no extensions: permessage-deflate stays off
        info.options = LWS_SERVER_OPTION_VALIDATE_UTF8;
        info.user = this;
        context_ = lws_create_context(&info);
        if (!context_)
            throw std::runtime_error("libwebsockets made no context");
    }
    client(const client&) = delete;
    ~client() { lws_context_destroy(context_); }

    int run()
    {
        while (at_ != cases_.size()) {
            // One connection serves until a case closes or breaks it, so that what a case leaves
            // behind is seen by the next.
            if (!connection_)
                connect();
            lws_service(context_, 0);
        }
        return report_.exit_code();
    }

private:
    void connect()
    {
        const auto host = to_.host + ":" + to_.port;
        lws_client_connect_info info = {};
        info.context = context_;
        info.address = to_.host.c_str();
        info.port = std::stoi(to_.port);
        info.path = "/";
        info.host = host.c_str();
        info.origin = host.c_str();
        info.pwsi = &connection_;
        begin_case();
        lws_client_connect_via_info(
            &info); // a failure is told by LWS_CALLBACK_CLIENT_CONNECTION_ERROR
    }

    void begin_case()
    {
        step_ = 0;
        received_.clear();
        over_.reset();
        lws_sul_schedule(context_, 0, &deadline_.list, &client::on_deadline, 10 * LWS_USEC_PER_SEC);
    }

    const step* expected() const
    {
        return over_ || at_ == cases_.size() ? nullptr : &cases_[at_].steps[step_];
    }

    template <class Step>
    Step const& expected_step(const char* what)
    {
        const auto* const found = expected() ? std::get_if<Step>(expected()) : nullptr;
        if (!found)
            throw std::runtime_error(std::string("got ") + what + " that nobody waits for");
        return *found;
    }

    // The last step of a case that closes is followed by the end of the connection, the last step
    // of another by the next case.
    void step_taken()
    {
        const bool closes = std::holds_alternative<close>(*expected()) ||
                            std::holds_alternative<await_close>(*expected());
        if (++step_ != cases_[at_].steps.size())
            return lws_callback_on_writable(connection_), void();
        over_ = "";
        if (!closes) {
            end_case();
            if (at_ != cases_.size())
                lws_callback_on_writable(connection_);
        }
    }

    void end_case()
    {
        const auto& name = cases_[at_].name;
        over_->empty() ? report_.ok(name) : report_.fail(name, *over_);
        ++at_;
        begin_case();
        if (at_ == cases_.size())
            lws_sul_cancel(&deadline_.list);
    }

    int write_next()
    {
        const auto* const next = expected();
        if (!next)
            return 0;
        if (const auto* const sent = std::get_if<send>(next)) {
            // lws writes its header in front of the payload, into LWS_PRE bytes that are ours to
            // provide, and masks in place.
            std::string bytes(LWS_PRE, '\0');
            bytes += sent->bytes;
            auto* const payload = reinterpret_cast<unsigned char*>(bytes.data()) + LWS_PRE;
            if (lws_write(connection_, payload, sent->bytes.size(),
                          static_cast<lws_write_protocol>(sent->how)) < 0)
                throw std::runtime_error("lws_write failed");
            step_taken();
        } else if (const auto* const ours = std::get_if<close>(next)) {
            auto reason = ours->reason;
            lws_close_reason(connection_, static_cast<lws_close_status>(ours->code),
                             reinterpret_cast<unsigned char*>(reason.data()), reason.size());
            // lws waits for the answer and then says CLIENT_CLOSED; the answer's code it keeps to
            // itself: other clients check it.
            step_taken();
            return -1;
        }
        return 0;
    }

    void on_part(std::string_view bytes)
    {
        received_ += bytes;
        if (!lws_is_final_fragment(connection_))
            return;
        const message got{lws_frame_is_binary(connection_) != 0, std::exchange(received_, {})};
        same(got, expected_step<await_message>("a message").expected);
        step_taken();
    }

    void on_pong(std::string_view payload)
    {
        const auto& wanted = expected_step<await_pong>("a pong").payload;
        if (payload != wanted)
            throw std::runtime_error("got the pong '" + std::string(payload) + "', expected '" +
                                     wanted + "'");
        step_taken();
    }

    void on_close(std::string_view payload)
    {
        const auto& wanted = expected_step<await_close>("a close");
        const auto byte = [&](std::size_t i) {
            return i < payload.size() ? static_cast<unsigned char>(payload[i]) : 0u;
        };
        const auto reason = payload.substr(payload.size() < 2 ? payload.size() : 2);
        conversation::same_close({byte(0) << 8 | byte(1), std::string(reason)},
                                 {wanted.code, wanted.reason});
        step_taken();
    }

    void on_gone(std::string_view why)
    {
        connection_ = nullptr;
        if (!over_)
            over_ = why;
        if (at_ != cases_.size())
            end_case();
    }

    int take(lws_callback_reasons event, std::string_view bytes)
    try {
        switch (event) {
        case LWS_CALLBACK_CLIENT_ESTABLISHED:
            lws_callback_on_writable(connection_);
            break;
        case LWS_CALLBACK_CLIENT_WRITEABLE:
            return write_next();
        case LWS_CALLBACK_CLIENT_RECEIVE:
            on_part(bytes);
            break;
        case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
            on_pong(bytes);
            break;
        case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
            on_close(bytes);
            break;
        case LWS_CALLBACK_CLIENT_CLOSED:
            on_gone("the connection ended");
            break;
        case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
            on_gone("no connection: " + std::string(bytes));
            break;
        default:
            break;
        }
        return 0;
    } catch (const std::exception& error) {
        if (!over_)
            over_ = error.what();
        return -1; // ends the connection, and with it the case
    }

    static int on_event(lws* wsi, lws_callback_reasons event, void*, void* in, std::size_t size)
    {
        auto* const self = static_cast<client*>(lws_context_user(lws_get_context(wsi)));
        return self ? self->take(event, {static_cast<const char*>(in), in ? size : 0}) : 0;
    }

    static void on_deadline(lws_sorted_usec_list_t* list)
    {
        auto& self = *reinterpret_cast<deadline*>(list)->owner;
        self.over_ = "no end in 10 s";
        if (self.connection_)
            lws_set_timeout(self.connection_, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_ASYNC);
    }

    struct deadline
    {
        lws_sorted_usec_list_t list; // first: lws hands back its address
        client* owner;
    };

    conversation::url to_;
    conversation::report report_;
    lws_protocols protocols_[2] = {};
    lws_context* context_ = nullptr;
    lws* connection_ = nullptr;
    deadline deadline_{{}, this};
    std::vector<script> cases_ = all_cases();
    std::size_t at_ = 0, step_ = 0;
    std::string received_;
    std::optional<std::string> over_; // how the case ended, empty if well; unset while it runs
};

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2)
        return 2;
    lws_set_log_level(LLL_ERR | LLL_WARN, nullptr);
    return client{conversation::url{argv[1]}}.run();
}
