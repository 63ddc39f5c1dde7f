// Any completion token; and whichever it is, nothing completes inside its initiating function.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_future.hpp>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

template <class T>
bool is_ready(const std::future<T>& f)
{
    return f.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

TEST(Tokens, a_future_gets_the_result_or_the_error)
{
    open_ends f;
    std::string got;
    std::future<std::size_t> read = f.s.async_read(asio::dynamic_buffer(got), asio::use_future);
    std::future<std::size_t> write =
        f.c.async_write(message_kind::text, asio::buffer("hi", 2), asio::use_future);
    f.poll();
    // Its executor has threads of its own, which must not touch the stream.
    EXPECT_TRUE(is_ready(read) && is_ready(write));
    EXPECT_EQ(write.get(), 2u);
    EXPECT_EQ(read.get(), 2u);
    std::future<void> ping = f.c.async_ping({}, asio::use_future);
    std::future<void> close = f.c.async_close({}, asio::use_future);
    std::future<void> bad = f.s.async_close({close_code::abnormal, {}}, asio::use_future);
    std::future<std::size_t> end = f.s.async_read(asio::dynamic_buffer(got), asio::use_future);
    f.poll();
    EXPECT_TRUE(is_ready(ping) && is_ready(close) && is_ready(bad) && is_ready(end));
    ping.get();
    close.get();
    EXPECT_THROW(bad.get(), boost::system::system_error);
    EXPECT_THROW(end.get(), boost::system::system_error);
}

TEST(Tokens, detached_operations_take_place)
{
    open_ends f;
    std::string got;
    f.c.async_write(message_kind::text, asio::buffer("hi", 2), asio::detached);
    f.s.async_read(asio::dynamic_buffer(got), asio::detached);
    f.poll();
    EXPECT_EQ(got, "hi");
}

TEST(Tokens, an_operation_that_is_deferred_and_never_launched_has_no_effect)
{
    open_ends f;
    std::string got;
    {
        auto read = f.s.async_read(asio::dynamic_buffer(got), asio::deferred);
        auto write = f.c.async_write(message_kind::text, asio::buffer("no", 2), asio::deferred);
        auto ping = f.c.async_ping({}, asio::deferred);
        auto close = f.c.async_close({}, asio::deferred);
        f.poll();
    }
    EXPECT_EQ(f.c.next_layer().operations() + f.s.next_layer().operations(), 0u);
    EXPECT_TRUE(f.c.is_open());
    outcome read, write, late;
    auto later = f.c.async_write(message_kind::text, asio::buffer("yes", 3), asio::deferred);
    f.s.async_read(asio::dynamic_buffer(got), into(read));
    f.c.async_write(message_kind::text, asio::buffer("1", 1), into(write));
    f.poll();
    std::move(later)(into(late));
    f.poll();
    EXPECT_TRUE(read.ok(1) && write.ok(1) && late.ok(3));
}

TEST(Tokens, a_deferred_handshake_starts_when_it_is_launched)
{
    both_ends f;
    outcome accept, handshake;
    auto a = f.s.async_accept(asio::deferred);
    auto h = f.c.async_handshake("host", "/", asio::deferred);
    f.poll();
    EXPECT_EQ(f.c.next_layer().operations(), 0u);
    std::move(h)(into(handshake));
    std::move(a)(into(accept));
    f.poll();
    EXPECT_TRUE(accept.ok() && handshake.ok());
}

// Every operation, in states where it works and where it fails at once.
template <class F>
void start_everything(F& f, std::vector<outcome>& o)
{
    static char room[4];
    f.s.async_accept(into(o[0]));
    f.c.async_handshake("host", "/", into(o[1]));
    f.c.async_handshake("bad host", "/", into(o[2]));
    f.s.async_read_some(asio::buffer(room), into(o[3]));
    f.s.async_read_some(asio::mutable_buffer(), into(o[4]));
    f.c.async_write(message_kind::text, asio::buffer("m", 1), into(o[5]));
    f.c.async_write(message_kind::text, asio::buffer("\xFF", 1), into(o[6]));
    f.c.async_write_some(true, message_kind::text, asio::buffer("m", 1), into(o[7]));
    f.c.async_ping({}, into(o[8]));
    f.s.async_pong(asio::buffer(std::string(126, 'x')), into(o[9]));
    f.c.async_close({close_code::abnormal, {}}, into(o[10]));
    f.s.async_close({}, into(o[11]));
}

TEST(Tokens, nothing_completes_inside_its_initiating_function)
{
    for (const int state : {0, 1, 2, 3}) {
        both_ends f;
        if (state >= 1) {
            f.c.adopt();
            f.s.adopt();
            // Something to read is in the stream's own buffer already.
            f.c.write(message_kind::text, asio::buffer("one", 3));
            f.c.write(message_kind::text, asio::buffer("two", 3));
            std::string got;
            f.s.read(asio::dynamic_buffer(got));
        }
        if (state >= 2)
            f.c.next_layer().close();
        if (state == 3)
            f.s.next_layer().plan().fail_at = 0;
        std::vector<outcome> o(12);
        start_everything(f, o);
        for (std::size_t i = 0; i != o.size(); ++i)
            EXPECT_TRUE(o[i].pending()) << "state " << state << " operation " << i;
        f.poll();
        for (std::size_t i = 0; i != o.size(); ++i)
            EXPECT_LE(o[i].calls, 1) << "state " << state << " operation " << i;
    }
}

} // namespace
