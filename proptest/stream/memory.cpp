// What a stream allocates: in proportion to what has come, whatever was announced, and nothing at
// all for a message once it is warm.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <allocations.hpp>
#include <stream/fixture.hpp>

// Asio keeps its operations in memory from here, which counts like that of `new`.
extern "C" void* aligned_alloc(std::size_t align, std::size_t size) noexcept
{
    auto& record = weft::proptest::allocations();
    void* p = nullptr;
    if (++record.count == record.failing)
        return nullptr;
    return posix_memalign(&p, std::max(align, sizeof(void*)), size) == 0 ? p : nullptr;
}

namespace {

using namespace weft;
using namespace weft::proptest;

using generous =
    budget::limited<budget::limits{.frame_bytes = 1ULL << 40, .message_bytes = 1ULL << 40}>;
using generous_server = server_stream<mock, timing::none, generous>;

const test::bytes one_gigabyte_announced =
    open_with_peer<generous_server>::frames().add(test::frame{.length = 1ULL << 30}).wire();

template <class Buffer>
void is_frugal(Buffer&& buffer)
{
    ASSERT_EQ(one_gigabyte_announced.size(), 14u);
    open_with_peer<generous_server> f;
    f.give(one_gigabyte_announced);
    outcome o;
    allocations() = {};
    f.stream.async_read(buffer, into(o));
    f.poll();
    ASSERT_TRUE(o.pending());
    ASSERT_LE(allocations().largest, 8192u) << "for 14 bytes of the peer's";
    std::size_t received = 0;
    for (const std::size_t more : {100u, 1000u, 10000u, 100000u}) {
        test::bytes payload(more);
        f.give(payload);
        received += more;
        allocations() = {};
        f.poll();
        ASSERT_LE(allocations().largest, 32 * received + 8192) << "for " << received << " bytes";
    }
}

TEST(Memory, is_asked_for_in_proportion_to_what_has_come_whatever_a_header_announces)
{
    std::string v2;
    is_frugal(asio::dynamic_buffer(v2));
    boost::beast::flat_buffer v1;
    is_frugal(v1);
}

using local =
    asio::basic_stream_socket<asio::local::stream_protocol, asio::io_context::executor_type>;

// Echoes for ever. The one handler serves both kinds of operations.
template <class Stream>
struct echoing
{
    Stream& stream;
    std::string& message;
    bool reading;

    void start() const
    {
        if (reading)
            stream.async_read(asio::dynamic_buffer(message), *this);
        else
            stream.async_write(stream.received_kind(), asio::buffer(message), *this);
    }

    void operator()(error_code ec, std::size_t) const
    {
        if (ec)
            return;
        if (!reading)
            message.clear();
        echoing{stream, message, !reading}.start();
    }
};

// What 100 messages cost, each perhaps with a ping before it.
template <class Stream>
std::size_t allocations_of_echoes(std::size_t size, opcode op, bool with_ping = false)
{
    asio::io_context io{1};
    local own(io.get_executor()), peer(io.get_executor());
    asio::local::connect_pair(own, peer);
    Stream stream(std::move(own));
    stream.adopt();
    std::string message;
    echoing<Stream>{stream, message, true}.start();

    const bool is_client = Stream::policies::role::is_client;
    test::wire_writer frames =
        is_client ? test::wire_writer() : test::wire_writer(test::example_key);
    if (with_ping)
        frames.add(opcode::ping, "ping");
    const auto wire = frames.add(op, std::string(size, 'x')).wire();
    std::string reply(size + 200, '\0');
    std::size_t before = 0;
    for (int i = 0; i != 200; ++i) {
        if (i == 100)
            before = allocations().count;
        asio::write(peer, as_buffer(wire));
        std::size_t got = 0;
        const std::size_t pong = with_ping ? 2 + (is_client ? 4 : 0) + 4 : 0;
        const std::size_t head = (size < 126 ? 2u : size < 65536 ? 4u : 10u) + (is_client ? 4 : 0);
        while (got != pong + head + size) {
            io.restart();
            io.poll();
            error_code ec;
            if (peer.available(ec) != 0)
                got += peer.read_some(asio::buffer(reply), ec);
        }
    }
    const std::size_t count = allocations().count - before;
    stream.next_layer().close();
    io.restart();
    io.run();
    return count;
}

using server_on_the_heap = server_stream<local>;
using server_inside = server_stream<local, buffer::fixed<>>;

TEST(Memory, is_not_asked_for_by_a_message_of_a_warm_stream)
{
    for (const std::size_t size : {0u, 10u, 1000u, 100000u}) {
        EXPECT_EQ(allocations_of_echoes<server_on_the_heap>(size, opcode::text), 0u) << size;
        EXPECT_EQ(allocations_of_echoes<server_inside>(size, opcode::binary), 0u) << size;
        EXPECT_EQ(allocations_of_echoes<client_stream<local>>(size, opcode::text), 0u) << size;
    }
}

// Asio keeps the memory of two operations for the next ones; a pong that leaves beside a read and a
// write is the third. And an idle connection whose buffer is on the heap owns no queue.
TEST(Memory, is_asked_for_once_by_a_pong_that_leaves_beside_others_and_once_for_its_queue)
{
    EXPECT_LE(allocations_of_echoes<server_inside>(10, opcode::text, true), 100u);
    EXPECT_LE(allocations_of_echoes<server_on_the_heap>(10, opcode::text, true), 200u);
}

// A conversation in which some allocation finds no memory. What throws is an initiating function,
// or whoever runs the loop.
template <class Stream>
class short_of_memory
{
public:
    short_of_memory()
    {
        asio::local::connect_pair(own_, peer_);
        peer_.non_blocking(true);
    }

    // Returns how many allocations there were.
    std::size_t run(std::size_t failing)
    {
        stream_.emplace(std::move(own_));
        stream_->adopt();
        allocations() = {.failing = failing};
        begin([&] { stream_->async_ping({}, into(ping_)); });
        begin([&] {
            stream_->async_read(asio::dynamic_buffer(message_),
                                asio::bind_cancellation_slot(signal_.slot(), into(read_)));
        });
        say(hello_);
        begin([&] { stream_->async_write(message_kind::text, asio::buffer(text_), into(write_)); });
        poll();
        begin([&] { stream_->async_close({}, into(close_)); });
        say(bye_);
        poll();
        peer_.close();
        poll();
        const std::size_t count = allocations().count;
        allocations() = {};
        return count;
    }

    // Whatever has failed before, what comes is told, and what was begun has ended by now.
    void expect_an_end()
    {
        outcome late;
        begin([&] { stream_->async_read(asio::dynamic_buffer(message_), into(late)); });
        poll();
        stream_.reset();
        poll();
        EXPECT_EQ(late.calls, 1);
        EXPECT_TRUE(late.ec);
        for (const outcome* o : {&ping_, &read_, &write_, &close_})
            EXPECT_LE(o->calls, 1) << *o;
    }

    friend std::ostream& operator<<(std::ostream& out, const short_of_memory& f)
    {
        return out << "\nping " << f.ping_ << "\nread " << f.read_ << "\nwrite " << f.write_
                   << "\nclose " << f.close_;
    }

    bool all_went_well() const { return ping_.ok() && read_.ok() && write_.ok() && close_.ok(); }
    bool has_thrown() const { return thrown_ != 0; }
    int thrown() const { return thrown_; }
    int lost() const
    {
        return ping_.pending() + read_.pending() + write_.pending() + close_.pending();
    }

private:
    static test::wire_writer wire_writer()
    {
        return Stream::policies::role::is_client ? test::wire_writer()
                                                 : test::wire_writer(test::example_key);
    }

    template <class Call>
    void begin(Call call)
    {
        try {
            call();
        } catch (const std::bad_alloc&) {
            ++thrown_;
        }
    }

    void say(const test::bytes& wire)
    {
        error_code ec;
        asio::write(peer_, as_buffer(wire), ec);
    }

    void poll()
    {
        for (bool quiet = false; !quiet;) {
            io_.restart();
            try {
                quiet = io_.poll() == 0;
            } catch (const std::bad_alloc&) {
                ++thrown_;
            }
            error_code ec;
            while (peer_.read_some(asio::buffer(heard_), ec) != 0)
                quiet = false;
        }
    }

    asio::io_context io_{1};
    local own_{io_.get_executor()}, peer_{io_.get_executor()};
    asio::cancellation_signal signal_;
    std::optional<Stream> stream_;
    const test::bytes hello_ =
        wire_writer().add(opcode::ping, "a").add(opcode::text, "Hello").wire();
    const test::bytes bye_ = wire_writer().add(opcode::close, "").wire();
    std::string message_;
    std::string text_ = std::string(300'000, 'x'); // more than the socket takes at once
    std::array<char, 65536> heard_{};
    outcome ping_, read_, write_, close_;
    int thrown_ = 0;
};

template <class Stream>
void each_allocation_fails_once()
{
    std::size_t last = 0;
    for (std::size_t failing = 1;; ++failing) {
        short_of_memory<Stream> f;
        last = f.run(failing);
        if (!f.has_thrown()) {
            EXPECT_TRUE(f.all_went_well()) << failing << f;
            EXPECT_LT(last, failing) << "a failure was swallowed";
            break;
        }
        EXPECT_EQ(f.thrown(), 1) << failing;
        f.expect_an_end();
        EXPECT_LE(f.lost(), 1) << failing << ": one operation's error is what was thrown";
        if (testing::Test::HasFailure())
            break;
    }
    EXPECT_GT(last, 3u);
}

TEST(Memory, that_is_not_there_is_told_once_and_leaves_a_stream_that_can_end)
{
    each_allocation_fails_once<server_on_the_heap>();
    each_allocation_fails_once<client_stream<local>>();
    each_allocation_fails_once<server_stream<local, buffer::borrowed<>>>();
    each_allocation_fails_once<server_stream<local, writing::queued<400'000>>>();
    each_allocation_fails_once<client_stream<local, writing::corked<400'000>>>();
}

} // namespace
