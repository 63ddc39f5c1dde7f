// Loads an echo server over loopback, the same way for all, without a library: POSIX and epoll.
//
//   load messages PORT CONNECTIONS IN_FLIGHT SIZE binary|text MESSAGES [raw]
//   load handshakes PORT COUNT [raw]
//   load idle PORT CONNECTIONS SIZE [raw]
//
// Messages: each connection sends IN_FLIGHT of them in one write, and the next ones when all of
// these are answered: so what a server reads at once depends on nobody's speed. The first answers
// are compared; later ones are counted. It prints messages per second.
// Idle: holds connections; at a line on its input, sends a message over each of them, at the next
// one ends. It prints a line when a state is reached.
// raw: the server sends back what it gets, masked as it came.
// SPDX-License-Identifier: BSL-1.0

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../texts.hpp"
#include "frames.hpp"

namespace {

bool raw = false;

[[noreturn]] void fail(const char* why)
{
    std::perror(why);
    std::exit(1);
}

class connection
{
public:
    explicit connection(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(port));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        if (socket_ < 0 || ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
            fail("connect");
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() { ::close(socket_); }

    int socket() const { return socket_; }

    void open()
    {
        constexpr std::string_view request =
            "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        send(request);
        std::string answer;
        while (!answer.ends_with("\r\n\r\n")) {
            char some[4096];
            const ssize_t n = ::recv(socket_, some, sizeof some, 0);
            if (n <= 0)
                fail("no answer to the handshake");
            answer.append(some, static_cast<std::size_t>(n));
        }
        if (raw ? answer != request : !answer.starts_with("HTTP/1.1 101"))
            fail("no upgrade");
    }

    // What the socket does not take at once is sent when it does.
    void send(std::string_view bytes)
    {
        unsent_ = bytes;
        go_on_sending();
    }
    void go_on_sending()
    {
        while (!unsent_.empty()) {
            const ssize_t n =
                ::send(socket_, unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (n < 0 && errno != EAGAIN)
                fail("send");
            if (n < 0)
                return;
            unsent_.remove_prefix(static_cast<std::size_t>(n));
        }
    }

    echo::answers received;

private:
    int socket_;
    std::string_view unsent_;
};

// Rounds of `in_flight` messages over each of some connections.
class load
{
public:
    load(std::deque<connection>& all, std::size_t in_flight, std::size_t size, bool text)
        : all_(all),
          in_flight_(in_flight)
    {
        const std::string words = bench::make_text("mixed", size + 64 * in_flight + 64);
        for (std::size_t i = 0; i < in_flight; ++i) {
            payloads_ += text ? bench::piece_of(words, 61 * i, size) : binary(size, i);
            burst_ += echo::client_frame(std::string_view(payloads_).substr(i * size), text);
        }
        if (raw)
            payloads_ = burst_;
        for (connection& c : all) {
            epoll_event event{};
            event.events = EPOLLIN | EPOLLOUT | EPOLLET;
            event.data.ptr = &c;
            if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, c.socket(), &event) != 0)
                fail("epoll_ctl");
        }
    }
    load(const load&) = delete;
    load& operator=(const load&) = delete;
    ~load() { ::close(epoll_); }

    void run(std::size_t rounds)
    {
        std::size_t left = all_.size() * rounds;
        std::size_t to_begin = left - all_.size();
        for (connection& c : all_)
            begin(c);
        while (left != 0) {
            epoll_event events[64];
            const int n = ::epoll_wait(epoll_, events, 64, -1);
            for (int i = 0; i < n; ++i) {
                auto& c = *static_cast<connection*>(events[i].data.ptr);
                c.go_on_sending();
                if (!receive(c))
                    continue;
                --left;
                if (to_begin != 0) {
                    --to_begin;
                    begin(c);
                }
            }
        }
    }

private:
    static std::string binary(std::size_t size, std::size_t seed)
    {
        std::string bytes(size, '\0');
        for (std::size_t i = 0; i < size; ++i)
            bytes[i] = static_cast<char>((i + seed) * 151 + (i >> 8) + 17);
        return bytes;
    }

    void begin(connection& c)
    {
        c.received.expect(payloads_, in_flight_, raw);
        c.send(burst_);
    }

    // Until there is no more, as an edge-triggered epoll asks. Whether the round is over.
    bool receive(connection& c)
    {
        for (;;) {
            const ssize_t n = ::recv(c.socket(), bytes_.data(), bytes_.size(), MSG_DONTWAIT);
            if (n < 0 && errno == EAGAIN)
                return false;
            if (n <= 0)
                fail("the server has closed");
            if (!c.received.take(std::string_view(bytes_.data(), static_cast<std::size_t>(n))))
                fail("a wrong answer");
            if (c.received.complete())
                return true;
        }
    }

    std::deque<connection>& all_;
    std::size_t in_flight_;
    std::string payloads_;
    std::string burst_;
    std::vector<char> bytes_ = std::vector<char>(262144);
    int epoll_ = ::epoll_create1(0);
};

std::deque<connection> connect(int port, std::size_t count)
{
    std::deque<connection> all;
    while (all.size() < count)
        all.emplace_back(port).open();
    return all;
}

void messages(int port, char** argument)
{
    const std::size_t connections = std::strtoul(argument[0], nullptr, 10);
    const std::size_t in_flight = std::strtoul(argument[1], nullptr, 10);
    const std::size_t size = std::strtoul(argument[2], nullptr, 10);
    const std::size_t rounds = std::strtoul(argument[4], nullptr, 10) / (connections * in_flight);
    std::deque<connection> all = connect(port, connections);
    load some(all, in_flight, size, std::string_view(argument[3]) == "text");
    const auto begin = std::chrono::steady_clock::now();
    some.run(rounds);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("%.0f\n", static_cast<double>(rounds * connections * in_flight) / took.count());
}

void handshakes(int port, char** argument)
{
    for (std::size_t left = std::strtoul(argument[0], nullptr, 10); left != 0; --left)
        connection(port).open();
}

void idle(int port, char** argument)
{
    std::deque<connection> all = connect(port, std::strtoul(argument[0], nullptr, 10));
    const auto wait = [] { std::puts("ready"), std::fflush(stdout), std::getchar(); };
    wait();
    load(all, 1, std::strtoul(argument[1], nullptr, 10), false).run(1);
    wait();
}

} // namespace

int main(int argc, char** argv)
{
    raw = argc > 1 && std::string_view(argv[argc - 1]) == "raw";
    argc -= raw;
    const std::string_view mode = argc > 2 ? argv[1] : "";
    const int port = argc > 2 ? std::atoi(argv[2]) : 0;
    if (mode == "messages" && argc == 8)
        messages(port, argv + 3);
    else if (mode == "handshakes" && argc == 4)
        handshakes(port, argv + 3);
    else if (mode == "idle" && argc == 5)
        idle(port, argv + 3);
    else {
        std::fprintf(stderr, "wrong arguments: see load.cpp\n");
        return 2;
    }
}
