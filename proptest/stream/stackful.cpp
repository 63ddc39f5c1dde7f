// The stream in coroutines that have a stack of their own.
#include <gtest/gtest.h>

#include <string>

#include <boost/asio/spawn.hpp>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using yield_context = asio::basic_yield_context<asio::io_context::executor_type>;

TEST(Stackful, coroutines_carry_a_conversation)
{
    both_ends f;
    int finished = 0;
    const auto done = [&](std::exception_ptr e) {
        if (e)
            std::rethrow_exception(e);
        ++finished;
    };
    asio::spawn(
        f.io.get_executor(),
        [&](yield_context yield) {
            f.s.async_accept(yield);
            std::string message;
            const std::size_t n = f.s.async_read(asio::dynamic_buffer(message), yield);
            EXPECT_EQ(n, 2u);
            f.s.async_write(message_kind::text, asio::buffer(message), yield);
            error_code ec;
            f.s.async_read(asio::dynamic_buffer(message), yield[ec]);
            EXPECT_EQ(ec, error::closed);
        },
        done);
    asio::spawn(
        f.io.get_executor(),
        [&](yield_context yield) {
            f.c.async_handshake("host", "/", yield);
            f.c.async_write(message_kind::text, asio::buffer("hi", 2), yield);
            std::string message;
            f.c.async_read(asio::dynamic_buffer(message), yield);
            EXPECT_EQ(message, "hi");
            f.c.async_ping({}, yield);
            f.c.async_close({}, yield);
            EXPECT_THROW(f.c.async_close({}, yield), boost::system::system_error);
        },
        done);
    f.poll();
    EXPECT_EQ(finished, 2);
}

} // namespace
