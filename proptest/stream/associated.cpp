// What is bound to a handler is honoured: its allocator and its executor.
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>

#include <stream/counting_allocator.hpp>
#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

TEST(Associated, allocator_is_used_and_everything_is_freed_before_the_handler_is_called)
{
    open_ends f;
    f.c.next_layer().plan().write_sizes = {1};
    allocation_counts counts;
    int calls = 0;
    struct when_free
    {
        const int& live;
        int& calls;
        void operator()(error_code, std::size_t = 0) const
        {
            EXPECT_EQ(live, 0);
            ++calls;
        }
    };
    const auto handler = [&] {
        return asio::bind_allocator(counting_allocator<char>(counts),
                                    when_free{counts.live, calls});
    };
    std::string got;
    f.s.async_read(asio::dynamic_buffer(got), handler());
    EXPECT_GE(counts.live, 1);
    f.c.write(message_kind::text, asio::buffer("hello", 5));
    f.poll();
    EXPECT_EQ(calls, 1);
    f.c.async_write(message_kind::text, asio::buffer("hello", 5), handler());
    EXPECT_GE(counts.live, 1);
    f.poll();
    f.c.async_write(message_kind::text, asio::buffer("\xFF", 1), handler());
    EXPECT_GE(counts.live, 1);
    f.poll();
    f.c.async_ping({}, handler());
    f.poll();
    EXPECT_EQ(calls, 4);
    EXPECT_EQ(counts.live, 0);
}

TEST(Associated, a_handler_runs_on_the_executor_that_is_bound_to_it)
{
    open_ends f;
    asio::io_context other{1};
    outcome read, write, refused;
    std::string got;
    const auto bound = [&](outcome& o) {
        return asio::bind_executor(other.get_executor(), into(o));
    };
    f.s.async_read(asio::dynamic_buffer(got), bound(read));
    f.c.async_write(message_kind::text, asio::buffer("\xFF", 1), bound(refused));
    f.c.async_write(message_kind::text, asio::buffer("hi", 2), bound(write));
    f.poll();
    EXPECT_TRUE(read.pending() && write.pending() && refused.pending());
    for (int i = 0; i != 10; ++i) {
        f.poll();
        other.restart();
        other.poll();
    }
    EXPECT_TRUE(read.ok(2) && write.ok(2) && refused.is(error::text_not_utf8));
}

TEST(Associated, an_operation_that_is_pending_keeps_the_bound_executor_at_work)
{
    open_ends f;
    asio::io_context other{1};
    outcome read;
    std::string got;
    f.s.async_read(asio::dynamic_buffer(got),
                   asio::bind_executor(other.get_executor(), into(read)));
    f.poll();
    other.poll();
    EXPECT_FALSE(other.stopped());
    f.s.next_layer().close();
    f.poll();
    other.run();
    EXPECT_EQ(read.calls, 1);
}

TEST(Associated, a_handler_that_can_only_be_moved_is_enough)
{
    open_ends f;
    int result = 0;
    std::string got;
    f.s.async_read(asio::dynamic_buffer(got), [&, owned = std::make_unique<int>(7)](
                                                  error_code, std::size_t) { result = *owned; });
    f.s.async_ping({}, [owned = std::make_unique<int>(8)](error_code) {});
    f.c.write(message_kind::text, asio::buffer("x", 1));
    f.poll();
    EXPECT_EQ(result, 7);
}

TEST(Associated, a_generic_handler_is_no_hook)
{
    both_ends f;
    error_code result;
    f.s.async_accept([&](auto ec) { result = ec; });
    f.s.next_layer().close();
    f.poll();
    EXPECT_EQ(result, asio::error::operation_aborted);
}

} // namespace
