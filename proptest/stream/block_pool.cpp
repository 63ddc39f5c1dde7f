// The pool that buffers are borrowed from: bounded, and for any thread.
#include <weft/stream/block_pool.hpp>

#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <allocations.hpp>

namespace {

namespace asio = boost::asio;
using pool_type = weft::detail::block_pool<512>;
using weft::detail::pool_of;

TEST(BlockPool, is_one_for_each_context_and_size)
{
    asio::io_context one, two;
    EXPECT_EQ(&pool_of<512>(one.get_executor()), &pool_of<512>(one.get_executor()));
    EXPECT_NE(&pool_of<512>(one.get_executor()), &pool_of<512>(two.get_executor()));
    EXPECT_NE(static_cast<void*>(&pool_of<512>(one.get_executor())),
              static_cast<void*>(&pool_of<1024>(one.get_executor())));
    EXPECT_TRUE(pool_of<512>(one.get_executor()).is_equal(pool_of<512>(one.get_executor())));
    EXPECT_FALSE(pool_of<512>(one.get_executor()).is_equal(pool_of<512>(two.get_executor())));
    const asio::any_io_executor any = one.get_executor();
    EXPECT_EQ(&pool_of<512>(any), &pool_of<512>(one.get_executor()));
}

TEST(BlockPool, lends_what_came_back_and_keeps_no_more_than_its_bound)
{
    asio::io_context io;
    auto& pool = pool_of<512>(io.get_executor());
    std::vector<void*> lent;
    for (std::size_t i = 0; i != 2 * pool_type::spare_max; ++i) {
        lent.push_back(pool.allocate(512));
        std::memset(lent.back(), static_cast<int>(i), 512);
        ASSERT_EQ(pool.lent(), i + 1);
    }
    for (std::size_t i = 0; i != lent.size(); ++i)
        ASSERT_EQ(static_cast<unsigned char*>(lent[i])[511], i & 0xFF) << "it is nobody else's";
    for (void* const block : lent)
        pool.deallocate(block, 512);
    EXPECT_EQ(pool.lent(), 0u);
    EXPECT_EQ(pool.spare(), pool_type::spare_max);

    const auto before = weft::proptest::allocations().count;
    for (int i = 0; i != 1000; ++i) {
        void* const a = pool.allocate(512);
        void* const b = pool.allocate(512);
        EXPECT_NE(a, b);
        pool.deallocate(a, 512);
        pool.deallocate(b, 512);
    }
    EXPECT_EQ(weft::proptest::allocations().count, before) << "what is spare is used";
}

TEST(BlockPool, serves_many_threads)
{
    asio::thread_pool context(1);
    auto& pool = pool_of<512>(context.get_executor());
    std::vector<std::thread> threads;
    for (int t = 0; t != 4; ++t)
        threads.emplace_back([&pool, t] {
            for (int i = 0; i != 5000; ++i) {
                auto* const block = static_cast<unsigned char*>(pool.allocate(512));
                std::memset(block, t, 512);
                for (int at = 0; at < 512; at += 73)
                    if (block[at] != t)
                        ADD_FAILURE() << "two own the same block";
                pool.deallocate(block, 512);
            }
        });
    for (auto& t : threads)
        t.join();
    EXPECT_EQ(pool.lent(), 0u);
    EXPECT_LE(pool.spare(), 4u);
}

} // namespace
