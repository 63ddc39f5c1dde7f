// Streams whose executor brings a token of its own, so that none is named; and executors exchanged.
#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using executor = asio::io_context::executor_type;
template <class T = void>
using task = asio::awaitable<T, executor>;

// The streams as `as_default_on_t` makes them: no token is named.
using default_server = asio::use_awaitable_t<executor>::as_default_on_t<server>;
using default_client = asio::use_awaitable_t<executor>::as_default_on_t<client>;

task<> echo_once(default_server& s)
{
    co_await s.async_accept();
    std::string message;
    co_await s.async_read(asio::dynamic_buffer(message));
    co_await s.async_write(message_kind::text, asio::buffer(message));
    co_await s.async_ping({});
    char room[4];
    try {
        co_await s.async_read_some(asio::buffer(room));
    } catch (const boost::system::system_error& e) {
        EXPECT_EQ(e.code(), error::closed);
    }
}

task<> ask_once(default_client& c)
{
    handshake::response answer;
    handshake::client_options options; // a temporary of it here would be freed twice by g++ 12
    options.host = "host";
    co_await c.async_handshake(options, answer);
    std::string message;
    co_await c.async_write_some(true, message_kind::text, asio::buffer("hi", 2));
    co_await c.async_read(asio::dynamic_buffer(message));
    EXPECT_EQ(message, "hi");
    co_await c.async_close({});
}

TEST(DefaultTokens, need_not_be_named)
{
    event_loop loop;
    using layer = default_server::next_layer_type;
    const layer::executor_type ex(loop.io.get_executor());
    auto ends = test::connect_pair(ex);
    default_client c(std::move(ends.first));
    default_server s(std::move(ends.second));
    int finished = 0;
    const auto done = [&](std::exception_ptr e) {
        if (e)
            std::rethrow_exception(e);
        ++finished;
    };
    asio::co_spawn(loop.io, echo_once(s), done);
    asio::co_spawn(loop.io, ask_once(c), done);
    loop.poll();
    EXPECT_EQ(finished, 2);
}

TEST(Rebinding, keeps_the_policies_and_changes_the_layer)
{
    using rebound = server::rebind_executor<asio::any_io_executor>::other;
    static_assert(std::is_same_v<rebound, server_stream<test::basic_mock_stream<>, timing::none>>);
    static_assert(std::is_same_v<rebound::executor_type, asio::any_io_executor>);
    event_loop loop;
    auto ends = test::connect_pair(asio::any_io_executor(loop.io.get_executor()));
    rebound s(std::move(ends.first));
    EXPECT_EQ(s.get_executor(), asio::any_io_executor(loop.io.get_executor()));
    EXPECT_EQ(s.next_layer().operations(), 0u);
    EXPECT_EQ(std::as_const(s).next_layer().operations(), 0u);
}

} // namespace
