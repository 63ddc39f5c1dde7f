// What Beast asks of a layer that is no socket: how to end it, here for weft's stream in memory.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BENCH_PEERS_BEAST_OVER_MOCK_HPP
#define WEFT_BENCH_PEERS_BEAST_OVER_MOCK_HPP

#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/prepend.hpp>
#include <boost/beast/core/role.hpp>

#include <weft/test/mock_stream.hpp>

// Beast finds these by argument-dependent lookup.
namespace weft::test {

template <class Executor>
void teardown(boost::beast::role_type, basic_mock_stream<Executor>& stream, error_code& ec)
{
    stream.close(ec);
}

template <class Executor, class Handler>
void async_teardown(boost::beast::role_type, basic_mock_stream<Executor>& stream, Handler&& handler)
{
    stream.close();
    asio::post(stream.get_executor(), asio::prepend(std::forward<Handler>(handler), error_code()));
}

template <class Executor>
void beast_close_socket(basic_mock_stream<Executor>& stream)
{
    stream.close();
}

} // namespace weft::test

#endif
