// The stream in coroutines without a stack.
#include <gtest/gtest.h>

#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using executor = asio::io_context::executor_type;
template <class T = void>
using task = asio::awaitable<T, executor>;
constexpr asio::use_awaitable_t<executor> use_awaitable;

struct Coroutines : both_ends<>, testing::Test
{
    int finished = 0;

    void run(task<> t)
    {
        asio::co_spawn(io, std::move(t), [this](std::exception_ptr e) {
            if (e)
                std::rethrow_exception(e);
            ++finished;
        });
    }
};

task<> echo(server& s, std::string_view expected)
{
    co_await s.async_accept(use_awaitable);
    for (;;) {
        std::string message;
        const auto [ec, n] =
            co_await s.async_read(asio::dynamic_buffer(message), asio::as_tuple(use_awaitable));
        if (ec == error::closed)
            co_return;
        EXPECT_FALSE(ec) << ec.message();
        EXPECT_EQ(n, expected.size());
        error_code write_ec = asio::error::fault;
        co_await s.async_write(s.received_kind(), asio::buffer(message),
                               asio::redirect_error(use_awaitable, write_ec));
        EXPECT_FALSE(write_ec);
    }
}

task<> ask(client& c, std::string_view question)
{
    co_await c.async_handshake("host", "/", use_awaitable);
    std::string answer;
    co_await c.async_write(message_kind::text, asio::buffer(question), use_awaitable);
    co_await c.async_read(asio::dynamic_buffer(answer), use_awaitable);
    EXPECT_EQ(answer, question);
    co_await c.async_ping({}, use_awaitable);
    co_await c.async_close({}, use_awaitable);
    try {
        co_await c.async_read(asio::dynamic_buffer(answer), use_awaitable);
        ADD_FAILURE() << "a closed stream was read";
    } catch (const boost::system::system_error& e) {
        EXPECT_EQ(e.code(), error::closed);
    }
}

TEST_F(Coroutines, carry_a_conversation)
{
    run(echo(s, "question"));
    run(ask(c, "question"));
    poll();
    EXPECT_EQ(finished, 2);
}

} // namespace
