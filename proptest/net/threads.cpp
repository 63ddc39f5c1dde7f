// Streams on strands of an event loop that four threads run, while others interfere; and one loop
// without locks. Built with the thread sanitizer, and without GoogleTest, which is not.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <weft/weft.hpp>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace weft;

// The timer ticks often, and pings; only who is forgotten waits for the limits.
using limits = timing::steady<timing::limits{
    .handshake_ms = 60'000, .close_ms = 60'000, .keep_alive_ms = 10, .pong_ms = 60'000}>;

std::atomic<int> failures = 0;

void expect(bool good, const char* what, error_code ec = {})
{
    if (!good && ++failures < 20)
        std::printf("FAILED: %s (%s)\n", what, ec.message().c_str());
}

/// One side of a connection: whatever touches the stream does so through the strand.
template <class Stream>
class side : public std::enable_shared_from_this<side<Stream>>
{
public:
    side(asio::any_io_executor strand, tcp::socket socket)
        : strand_(std::move(strand)),
          stream_(std::make_unique<Stream>(std::move(socket)))
    {
        stream_->auto_fragment(700);
    }
    ~side() { expect(pending_ == 0, "an operation did not complete"); }

    /// Runs `f(side)` in the strand, later.
    template <class F>
    void in_strand(F f)
    {
        asio::post(strand_, [self = this->shared_from_this(), f] {
            if (self->stream_)
                f(*self);
        });
    }

    void accept() { stream_->async_accept(bound(&side::opened)); }
    void connect() { stream_->async_handshake("localhost", "/", bound(&side::opened)); }

    void ping() { stream_->async_ping(asio::buffer("ping", 4), bound(&side::pinged)); }

    void cancel_read()
    {
        cancelled_ = reading_;
        stop_.emit(asio::cancellation_type::total);
    }

    void destroy()
    {
        destroyed_ = true;
        stream_.reset();
    }

    /// What the owner of a connection does, told by the two programs below.
    struct program
    {
        bool speaks = false; ///< it sends the messages, the other side answers each
        int messages = 0;    ///< then it closes,
        bool drops = false;  ///< or destroys its stream
    };
    program plan;

private:
    using step = void (side::*)(error_code, std::size_t);

    struct handler
    {
        std::shared_ptr<side> self;
        step next;

        void operator()(error_code ec, std::size_t n = 0) const
        {
            --self->pending_;
            ((*self).*next)(ec, n);
        }
    };

    auto bound(step next)
    {
        ++pending_;
        return asio::bind_executor(strand_, handler{this->shared_from_this(), next});
    }

    void opened(error_code ec, std::size_t)
    {
        expect_end(ec, "the handshake");
        if (!stream_)
            return;
        if (plan.speaks)
            write();
        read();
    }

    void read()
    {
        reading_ = true;
        stream_->async_read(asio::dynamic_buffer(got_),
                            asio::bind_cancellation_slot(stop_.slot(), bound(&side::received)));
    }

    void received(error_code ec, std::size_t)
    {
        reading_ = false;
        if (!stream_)
            return;
        // Cancelled, it goes on where it stopped.
        if (ec == asio::error::operation_aborted && std::exchange(cancelled_, false))
            return read();
        if (ec)
            return; // the end, from this side or from the other
        heard_ = true;
        go_on();
    }

    // The answer may overtake the completion of the write that it answers.
    void go_on()
    {
        if (!heard_ || writing_)
            return;
        heard_ = false;
        if (!plan.speaks) {
            message_ = std::exchange(got_, {});
            write();
        } else if (plan.messages-- != 0) {
            expect(got_ == message_, "the echo is another message");
            got_.clear();
            message_.assign(message_.size() * 7 % 5003, 'm');
            write();
            if (plan.drops && plan.messages == 5)
                return destroy();
        } else {
            stream_->async_close({}, bound(&side::closed));
        }
        read();
    }

    void write()
    {
        writing_ = true;
        stream_->async_write(message_kind::text, asio::buffer(message_), bound(&side::sent));
    }

    void sent(error_code ec, std::size_t n)
    {
        expect(ec || n == message_.size(), "a write that is short");
        expect(ec != error::operation_in_progress, "two writes", ec);
        writing_ = false;
        if (!ec && stream_)
            go_on();
    }
    void pinged(error_code, std::size_t) {}
    void closed(error_code ec, std::size_t) { expect_end(ec, "the close"); }

    // Either side may have been destroyed.
    void expect_end(error_code ec, const char* what)
    {
        expect(!ec || destroyed_ || ec == error::connection_lost ||
                   ec == asio::error::connection_reset || ec == asio::error::broken_pipe,
               what, ec);
    }

    asio::any_io_executor strand_;
    std::unique_ptr<Stream> stream_;
    std::string got_;
    std::string message_ = std::string(11, 'm');
    asio::cancellation_signal stop_;
    int pending_ = 0;
    bool reading_ = false;
    bool writing_ = false;
    bool heard_ = false;
    bool cancelled_ = false;
    bool destroyed_ = false;
};

using client = side<client_stream<tcp::socket, limits>>;
using server = side<server_stream<tcp::socket, limits>>;

struct crowd
{
    std::vector<std::shared_ptr<client>> clients;
    std::vector<std::shared_ptr<server>> servers;

    /// `shared`: the sockets know the loop only, and the handlers are bound to the strand; else the
    /// sockets' own executor is the strand.
    template <class MakeStrand>
    void add(asio::io_context& io, MakeStrand strand, bool shared, int messages, bool drops)
    {
        tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
        const asio::any_io_executor at_client = strand();
        const asio::any_io_executor at_server = strand();
        const asio::any_io_executor of_loop = io.get_executor();
        tcp::socket socket(shared ? of_loop : at_client);
        socket.connect(acceptor.local_endpoint());
        clients.push_back(std::make_shared<client>(at_client, std::move(socket)));
        servers.push_back(
            std::make_shared<server>(at_server, acceptor.accept(shared ? of_loop : at_server)));
        clients.back()->plan = {true, messages, drops};
        clients.back()->in_strand([](client& c) { c.connect(); });
        servers.back()->in_strand([](server& s) { s.accept(); });
    }

    /// Pings, cancels and destroys, through the strands, from whichever thread this is.
    void interfere(unsigned seed, int times)
    {
        std::minstd_rand random(seed);
        const auto any = [&](std::size_t n) { return random() % n; };
        for (; times != 0; --times) {
            const auto act = [kind = any(2048)](auto& s) {
                if (kind == 0)
                    s.destroy();
                else if (kind % 2 == 0)
                    s.ping();
                else
                    s.cancel_read();
            };
            const std::size_t i = any(clients.size());
            any(2) == 0 ? clients[i]->in_strand(act) : servers[i]->in_strand(act);
            if (times % 64 == 0)
                std::this_thread::yield();
        }
    }
};

void on_strands()
{
    constexpr int pairs = 32;
    asio::io_context io{4};
    crowd all;
    for (int i = 0; i != pairs; ++i)
        all.add(io, [&] { return asio::make_strand(io); }, i % 2 == 0, 100, i % 8 == 7);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i != 4; ++i)
        threads.emplace_back([&] { io.run(); });
    for (unsigned i = 0; i != 2; ++i)
        threads.emplace_back([&, i] { all.interfere(i + 1, 20000); });
    for (std::thread& t : threads)
        t.join();
    int survived = 0;
    for (const auto& c : all.clients)
        survived += c->plan.messages < 0 ? 1 : 0;
    std::printf("%d of %d conversations came to their end\n", survived, pairs);
    expect(survived > 5, "the conversations were cut too soon to tell anything");
}

// No locks: a thread of anybody's would be a race.
void without_locks()
{
    asio::io_context io{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
    crowd all;
    for (int i = 0; i != 8; ++i)
        all.add(io, [&] { return io.get_executor(); }, true, 40, i % 4 == 3);
    all.interfere(1, 20);
    io.run();
    int survived = 0;
    for (const auto& c : all.clients)
        survived += c->plan.messages < 0 ? 1 : 0;
    expect(survived > 2, "the conversations were cut too soon to tell anything");
}

} // namespace

int main()
{
    const auto began = std::chrono::steady_clock::now();
    on_strands();
    without_locks();
    expect(std::chrono::steady_clock::now() - began < std::chrono::seconds(50),
           "something has waited for its time limit");
    std::printf("%d failures\n", failures.load());
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
