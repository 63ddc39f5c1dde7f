// Echoes messages in one thread, to be run under callgrind by instructions.sh: what a server spends
// on a message. The peer is the same for all: prepared frames, and replies that nobody decodes.
// SPDX-License-Identifier: BSL-1.0

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <weft/test/mock_stream.hpp>
#include <weft/weft.hpp>

#include "count_allocations.hpp"
#include "peers/beast_over_mock.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

struct options
{
    std::string_view server;
    std::size_t size = 0;
    std::size_t messages = 0;
    std::size_t in_flight = 1;
    bool text = false;
    bool socket = false;
};

constexpr std::size_t warm_up = 16; // a multiple of what may be in flight

[[noreturn]] void fail(const char* why)
{
    std::fprintf(stderr, "stream_echo: %s\n", why);
    std::exit(1);
}

void check(weft::error_code ec)
{
    if (ec)
        fail(ec.message().c_str());
}

// Code points of one to four bytes, as mixed as a chat of several languages.
std::string make_payload(std::size_t size, bool text)
{
    constexpr std::string_view mixed =
        "Ça va? Größe, Привет, Κόσμε, שלום, こんにちは世界, \U0001F642\U0001F680 plain words too. ";
    std::string payload;
    for (std::size_t i = 0; payload.size() < size; ++i)
        payload += text ? mixed[i % mixed.size()] : static_cast<char>(i * 151 + 17);
    if (text)
        while (!payload.empty() && (payload.back() & '\x80') != 0)
            payload.pop_back(); // the last code point may be cut
    payload.resize(size, 'x');
    return payload;
}

// A whole message as a client sends it if `masked`, else as a server does (RFC 6455 §5.2).
std::string make_frame(std::string_view payload, bool text, bool masked)
{
    const weft::frame_header header{
        .op = text ? weft::opcode::text : weft::opcode::binary,
        .masked = masked,
        .key = {std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}},
        .payload_size = payload.size()};
    std::array<std::byte, weft::frame_header_size_max> head{};
    const std::size_t head_size = weft::encode(header, head);
    std::string frame(reinterpret_cast<const char*>(head.data()), head_size);
    frame += payload;
    if (masked)
        weft::masking::bytewise::apply(std::as_writable_bytes(std::span(frame)).subspan(head_size),
                                       header.key, 0);
    return frame;
}

// The other end of the server's layer, without asynchrony.
template <class Layer>
class peer
{
public:
    peer(Layer layer, const options& o)
        : layer_(std::move(layer)),
          in_flight_(o.in_flight),
          reply_(make_frame(make_payload(o.size, o.text), o.text, false)),
          received_(2 * reply_.size() + 4096)
    {
        const std::string frame = make_frame(make_payload(o.size, o.text), o.text, true);
        for (std::size_t i = 0; i < in_flight_; ++i)
            requests_ += frame;
    }

    void upgrade_request()
    {
        send("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    }
    void upgrade_response()
    {
        const std::size_t n = receive();
        if (n < 12 || std::memcmp(received_.data() + 9, "101", 3) != 0)
            fail("no upgrade");
    }

    /// To be called when the server waits for a message: sends as many as may be in flight.
    void next()
    {
        if (answered_++ % in_flight_ == 0)
            send(requests_);
    }

    /// A whole reply has been sent, in as many frames as the server likes: Beast as it comes cuts
    /// long messages, so only a reply of the expected size is looked at.
    void drain()
    {
        std::size_t n = 0;
        while (n < reply_.size())
            n += receive(n);
        if (answered_ == 1 && n == reply_.size() &&
            std::memcmp(received_.data(), reply_.data(), n) != 0)
            fail("a wrong reply");
    }

private:
    void send(std::string_view bytes)
    {
        weft::error_code ec;
        if (layer_.write_some(asio::buffer(bytes), ec) != bytes.size())
            fail("the request was not taken whole");
    }
    std::size_t receive(std::size_t at = 0)
    {
        weft::error_code ec;
        const std::size_t n = layer_.read_some(asio::buffer(received_) + at, ec);
        check(ec);
        return n;
    }

    Layer layer_;
    std::size_t in_flight_;
    std::size_t answered_ = 0;
    std::string requests_;
    std::string reply_;
    std::vector<char> received_;
};

// No WebSocket at all: as many bytes come and go. What the layer and the measuring cost.
template <class Layer>
class raw_echo
{
public:
    raw_echo(asio::io_context&, Layer layer, peer<Layer>&, const options& o)
        : layer_(std::move(layer)),
          request_(make_frame(make_payload(o.size, o.text), o.text, true)),
          reply_(make_frame(make_payload(o.size, o.text), o.text, false))
    {}
    template <class Handler>
    void read(Handler handler, std::size_t got = 0)
    {
        layer_.async_read_some(asio::buffer(request_) + got,
                               [this, handler, got](weft::error_code ec, std::size_t n) mutable {
                                   if (ec || got + n == request_.size())
                                       handler(ec, n);
                                   else
                                       read(handler, got + n);
                               });
    }
    template <class Handler>
    void write(Handler handler, std::size_t done = 0)
    {
        layer_.async_write_some(asio::buffer(reply_) + done,
                                [this, handler, done](weft::error_code ec, std::size_t n) mutable {
                                    if (ec || done + n == reply_.size())
                                        handler(ec, n);
                                    else
                                        write(handler, done + n);
                                });
    }

private:
    Layer layer_;
    std::string request_;
    std::string reply_;
};

template <class Layer, class... Policies>
class weft_echo
{
public:
    weft_echo(asio::io_context&, Layer layer, peer<Layer>&, const options&)
        : stream_(std::move(layer))
    {
        stream_.adopt();
    }
    template <class Handler>
    void read(Handler handler)
    {
        message_.clear();
        stream_.async_read(asio::dynamic_buffer(message_), handler);
    }
    template <class Handler>
    void write(Handler handler)
    {
        stream_.async_write(stream_.received_kind(), asio::buffer(message_), handler);
    }

private:
    weft::server_stream<Layer, Policies...> stream_;
    std::string message_;
};

template <class Layer, bool Tuned>
class beast_echo
{
public:
    beast_echo(asio::io_context& io, Layer layer, peer<Layer>& client, const options&)
        : stream_(std::move(layer))
    {
        using base = beast::websocket::stream_base;
        if constexpr (Tuned) {
            stream_.set_option(base::timeout{base::none(), base::none(), false});
            stream_.auto_fragment(false);
            stream_.write_buffer_bytes(65536);
        } else {
            stream_.set_option(base::timeout::suggested(beast::role_type::server));
        }
        client.upgrade_request();
        bool accepted = false;
        stream_.async_accept([&](weft::error_code ec) { check(ec), accepted = true; });
        while (!accepted)
            io.run_one();
        client.upgrade_response();
    }
    template <class Handler>
    void read(Handler handler)
    {
        message_.clear();
        stream_.async_read(message_, handler);
    }
    template <class Handler>
    void write(Handler handler)
    {
        stream_.text(stream_.got_text());
        stream_.async_write(message_.data(), handler);
    }

private:
    beast::websocket::stream<Layer> stream_;
    beast::flat_buffer message_;
};

template <class Echo, class Layer>
class session
{
public:
    session(asio::io_context& io, Layer layer, Layer other, const options& o)
        : io_(io),
          client_(std::move(other), o),
          echo_(io, std::move(layer), client_, o)
    {}

    void run(std::size_t messages)
    {
        left_ = messages;
        read();
        io_.restart();
        io_.run();
    }

private:
    // The peer's bytes come when the server waits for them already, as they do in life.
    void read()
    {
        echo_.read([this](weft::error_code ec, std::size_t) {
            check(ec);
            echo_.write([this](weft::error_code failed, std::size_t) {
                check(failed);
                client_.drain();
                --left_ == 0 ? io_.stop() : read();
            });
        });
        client_.next();
    }

    asio::io_context& io_;
    peer<Layer> client_;
    Echo echo_;
    std::size_t left_ = 0;
};

template <template <class> class Echo, class Layer>
void measure(asio::io_context& io, Layer layer, Layer other, const options& o)
{
    session<Echo<Layer>, Layer> s(io, std::move(layer), std::move(other), o);
    s.run(warm_up);
    const std::size_t before = bench::allocations;
    s.run(o.messages);
    std::printf("%zu allocations in %zu messages\n", bench::allocations - before, o.messages);
}

template <template <class> class Echo, class Executor>
void over_sockets(asio::io_context& io, const options& o)
{
    using socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
    asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    socket layer(io.get_executor()), other(io.get_executor());
    other.connect(acceptor.local_endpoint());
    acceptor.accept(layer);
    layer.set_option(asio::ip::tcp::no_delay(true));
    other.set_option(asio::ip::tcp::no_delay(true));
    measure<Echo>(io, std::move(layer), std::move(other), o);
}

template <template <class> class Echo, class Executor>
void over_layer(const options& o)
{
    asio::io_context io(1);
    if (o.socket)
        return over_sockets<Echo, Executor>(io, o);
    auto [layer, other] = weft::test::connect_pair<Executor>(io.get_executor());
    measure<Echo>(io, std::move(layer), std::move(other), o);
}

// Only over sockets: what policies.sh compares. False if no server has that name.
template <class... Policies>
struct composed
{
    template <class Layer>
    using echo = weft_echo<Layer, Policies...>;
};
template <class... Policies>
void with(const options& o)
{
    asio::io_context io(1);
    over_sockets<composed<Policies...>::template echo, asio::io_context::executor_type>(io, o);
}
bool with_named_policy(const options& o)
{
    using namespace weft;
    const std::array<std::pair<std::string_view, void (*)(const options&)>, 11> all{{
        {"masking::word", with<masking::word>},
        {"masking::bytewise", with<masking::bytewise>},
        {"utf8::deferred", with<utf8::deferred>},
        {"utf8::unchecked", with<utf8::unchecked>},
        {"flat<512>", with<buffer::flat<512>>},
        {"borrowed<8192>", with<buffer::borrowed<8192>>},
        {"flat<2048>", with<buffer::flat<2048>>},
        {"flat<32768>", with<buffer::flat<32768>>},
        {"flat<131072>", with<buffer::flat<131072>>},
        {"fixed<512>", with<buffer::fixed<512>>},
        {"fixed<8192>", with<buffer::fixed<8192>>},
    }};
    for (const auto& [name, run] : all)
        if (name == o.server)
            return run(o), true;
    return false;
}

template <class Layer>
using beast_as_it_comes = beast_echo<Layer, false>;
template <class Layer>
using beast_tuned = beast_echo<Layer, true>;

} // namespace

int main(int argc, char** argv)
{
    options o;
    if (argc < 4) {
        std::fprintf(stderr, "stream_echo raw|weft|weft_any|beast_tuned|beast|POLICY SIZE MESSAGES "
                             "[binary|text] [memory|socket] [IN_FLIGHT]\n");
        return 2;
    }
    o.server = argv[1];
    o.size = std::strtoull(argv[2], nullptr, 10);
    o.messages = std::strtoull(argv[3], nullptr, 10);
    for (int i = 4; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "binary" || argument == "text")
            o.text = argument == "text";
        else if (argument == "memory" || argument == "socket")
            o.socket = argument == "socket";
        else
            o.in_flight = std::strtoull(argv[i], nullptr, 10);
    }
    using typed = asio::io_context::executor_type;
    using any = asio::any_io_executor;
    if (o.server == "raw")
        over_layer<raw_echo, typed>(o);
    else if (o.server == "weft")
        over_layer<weft_echo, typed>(o);
    else if (o.server == "weft_any")
        over_layer<weft_echo, any>(o);
    else if (o.server == "beast_tuned")
        over_layer<beast_tuned, typed>(o);
    else if (o.server == "beast")
        over_layer<beast_as_it_comes, any>(o);
    else if (!with_named_policy(o))
        fail("no such server");
}
