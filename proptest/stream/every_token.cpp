// One conversation held with each completion token: accept, handshake, write, read, ping, close,
// and an operation that fails. Nothing completes inside its initiating function.
#include <gtest/gtest.h>

#include <concepts>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/version.hpp>
#if BOOST_ASIO_VERSION >= 102800
#include <boost/asio/bind_immediate_executor.hpp>
#endif

#include <stream/counting_allocator.hpp>
#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using executor = asio::io_context::executor_type;
using finish = std::function<void()>;

template <class Signature>
constexpr bool has_size = std::same_as<Signature, void(error_code, std::size_t)>;

// A way of completion: `start<Signature>(loop, initiate, outcome)` calls `initiate(token)` and
// returns what fills the outcome, if its handler doesn't, when the loop has run.

struct callback
{
    template <class, class Initiate>
    static finish start(event_loop&, Initiate initiate, outcome& o)
    {
        initiate(into(o));
        return {};
    }
};

struct future
{
    template <class, class Initiate>
    static finish start(event_loop&, Initiate initiate, outcome& o)
    {
        auto f = std::make_shared<decltype(initiate(asio::use_future))>(initiate(asio::use_future));
        return [f, &o] {
            ASSERT_EQ(f->wait_for(std::chrono::seconds(0)), std::future_status::ready);
            ++o.calls;
            try {
                if constexpr (std::same_as<decltype(f->get()), void>)
                    f->get();
                else
                    o.bytes = f->get();
            } catch (const boost::system::system_error& e) {
                o.ec = e.code();
            }
        };
    }
};

struct deferred
{
    template <class, class Initiate>
    static finish start(event_loop& loop, Initiate initiate, outcome& o)
    {
        {
            auto never = initiate(asio::deferred);
            auto later = initiate(asio::deferred);
            loop.poll();
            std::move(later)(into(o));
        }
        return {};
    }
};

struct detached
{
    template <class, class Initiate>
    static finish start(event_loop&, Initiate initiate, outcome& o)
    {
        static_assert(std::same_as<decltype(initiate(asio::detached)), void>);
        initiate(asio::detached);
        return [&o] { o.calls = -1; }; // nobody is told
    }
};

struct as_tuple
{
    struct handler
    {
        into to;
        void operator()(std::tuple<error_code> t) const { to(std::get<0>(t)); }
        void operator()(std::tuple<error_code, std::size_t> t) const
        {
            to(std::get<0>(t), std::get<1>(t));
        }
    };

    template <class, class Initiate>
    static finish start(event_loop&, Initiate initiate, outcome& o)
    {
        initiate(asio::as_tuple(handler{into(o)}));
        return {};
    }
};

struct redirect_error
{
    struct handler
    {
        outcome* o;
        void operator()(std::size_t n = 0) const
        {
            ++o->calls;
            o->bytes = n;
        }
    };

    template <class, class Initiate>
    static finish start(event_loop&, Initiate initiate, outcome& o)
    {
        initiate(asio::redirect_error(handler{&o}, o.ec));
        return {};
    }
};

struct any_handler
{
    template <class Signature, class Initiate>
    static finish start(event_loop&, Initiate initiate, outcome& o)
    {
        initiate(asio::any_completion_handler<Signature>(into(o)));
        return {};
    }
};

struct awaitable
{
    template <class Signature, class Initiate>
    static asio::awaitable<void, executor> run(Initiate initiate, outcome& o)
    {
        constexpr asio::use_awaitable_t<executor> token;
        try {
            if constexpr (has_size<Signature>)
                o.bytes = co_await initiate(token);
            else
                co_await initiate(token);
        } catch (const boost::system::system_error& e) {
            o.ec = e.code();
        }
        ++o.calls;
    }

    template <class Signature, class Initiate>
    static finish start(event_loop& loop, Initiate initiate, outcome& o)
    {
        asio::co_spawn(loop.io, run<Signature>(initiate, o), asio::detached);
        return {};
    }
};

struct stackful
{
    template <class Signature, class Initiate>
    static finish start(event_loop& loop, Initiate initiate, outcome& o)
    {
        asio::spawn(
            loop.io.get_executor(),
            [initiate, &o](asio::basic_yield_context<executor> yield) {
                try {
                    if constexpr (has_size<Signature>)
                        o.bytes = initiate(yield);
                    else
                        initiate(yield[o.ec]);
                } catch (const boost::system::system_error& e) {
                    o.ec = e.code();
                }
                ++o.calls;
            },
            asio::detached);
        return {};
    }
};

struct bound_allocator
{
    template <class, class Initiate>
    static finish start(event_loop&, Initiate initiate, outcome& o)
    {
        auto counts = std::make_shared<allocation_counts>();
        initiate(asio::bind_allocator(counting_allocator<char>(*counts), into(o)));
        EXPECT_GE(counts->live, 1);
        return [counts] { EXPECT_EQ(counts->live, 0); };
    }
};

struct bound_executor
{
    struct handler
    {
        into to;
        executor where;
        void operator()(error_code ec, std::size_t n = 0) const
        {
            EXPECT_TRUE(where.running_in_this_thread());
            to(ec, n);
        }
    };

    template <class, class Initiate>
    static finish start(event_loop&, Initiate initiate, outcome& o)
    {
        const executor there = other().io.get_executor();
        initiate(asio::bind_executor(there, handler{into(o), there}));
        return {};
    }
    static event_loop& other()
    {
        static event_loop loop;
        return loop;
    }
};

struct bound_slot
{
    template <class, class Initiate>
    static finish start(event_loop& loop, Initiate initiate, outcome& o)
    {
        auto stop = std::make_shared<asio::cancellation_signal>();
        initiate(asio::bind_cancellation_slot(stop->slot(), into(o)));
        return [stop, &loop] { // too late: it has no effect
            stop->emit(asio::cancellation_type::all);
            loop.poll();
        };
    }
};

#if BOOST_ASIO_VERSION >= 102800
// What completes at once goes through the layer's executor all the same.
struct immediate_executor
{
    template <class, class Initiate>
    static finish start(event_loop& loop, Initiate initiate, outcome& o)
    {
        initiate(asio::bind_immediate_executor(loop.io.get_executor(), into(o)));
        return {};
    }
};
#endif

template <class Way>
class EveryToken : public testing::Test
{
protected:
    both_ends<> f;

    struct running
    {
        outcome o;
        finish then;
    };

    template <class Signature, class Initiate>
    void start(running& r, Initiate initiate)
    {
        r.then = Way::template start<Signature>(f, initiate, r.o);
        EXPECT_TRUE(r.o.pending()) << "it completed inside its initiating function";
    }

    template <class... Running>
    void complete(Running&... all)
    {
        for (int i = 0; i != 10; ++i) {
            f.poll();
            bound_executor::other().poll();
        }
        ((all.then ? all.then() : void()), ...);
    }

    static bool gave(const running& r, error_code ec, std::size_t n = 0)
    {
        return r.o.calls == -1 || r.o.is(ec, n);
    }
};

using ways = testing::Types<callback, future, deferred, detached, as_tuple, redirect_error,
                            any_handler, awaitable, stackful, bound_allocator, bound_executor,
#if BOOST_ASIO_VERSION >= 102800
                            immediate_executor,
#endif
                            bound_slot>;
TYPED_TEST_SUITE(EveryToken, ways);

TYPED_TEST(EveryToken, carries_a_conversation)
{
    using plain = void(error_code);
    using transfer = void(error_code, std::size_t);
    client& c = this->f.c;
    server& s = this->f.s;
    typename TestFixture::running accept, handshake, write, read, ping, close, end, late;
    std::string got;
    this->template start<plain>(
        accept, [&](auto&& t) { return s.async_accept(std::forward<decltype(t)>(t)); });
    this->template start<plain>(handshake, [&](auto&& t) {
        return c.async_handshake("host", "/", std::forward<decltype(t)>(t));
    });
    this->complete(accept, handshake);
    EXPECT_TRUE(this->gave(accept, {}) && this->gave(handshake, {})) << accept.o << handshake.o;
    EXPECT_TRUE(c.is_open() && s.is_open());

    const auto writes = [&](auto&& t) {
        return c.async_write(message_kind::text, asio::buffer("hello", 5),
                             std::forward<decltype(t)>(t));
    };
    const auto reads = [&](auto&& t) {
        return s.async_read(asio::dynamic_buffer(got), std::forward<decltype(t)>(t));
    };
    this->template start<transfer>(write, writes);
    this->template start<plain>(ping, [&](auto&& t) {
        return c.async_ping(asio::const_buffer(), std::forward<decltype(t)>(t));
    });
    this->template start<transfer>(read, reads);
    this->complete(write, ping, read);
    EXPECT_TRUE(this->gave(write, {}, 5) && this->gave(ping, {}) && this->gave(read, {}, 5));
    EXPECT_EQ(got, "hello");

    this->template start<transfer>(end, reads);
    this->template start<plain>(close, [&](auto&& t) {
        return c.async_close(close_reason(), std::forward<decltype(t)>(t));
    });
    this->complete(end, close);
    EXPECT_TRUE(this->gave(close, {}) && this->gave(end, error::closed)) << close.o << end.o;
    EXPECT_FALSE(c.is_open() || s.is_open());

    this->template start<transfer>(late, writes);
    this->complete(late);
    EXPECT_TRUE(this->gave(late, error::closed)) << late.o;
}

} // namespace
