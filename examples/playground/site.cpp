// The accept loop, and which journal belongs to which connection.
// SPDX-License-Identifier: BSL-1.0
#include "site.hpp"

#include <chrono>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http.hpp"

namespace playground {

site::site(asio::io_context& context, const tcp::endpoint& at) : acceptor_(context, at) {}

void site::start() { asio::co_spawn(acceptor_.get_executor(), take_connections(), asio::detached); }

void site::stop()
{
    acceptor_.close();
    guests_.ask_all_to_leave();
}

asio::awaitable<void> site::take_connections()
{
    asio::steady_timer timer(acceptor_.get_executor());
    while (acceptor_.is_open()) {
        if (guests_.size() < connections_max) {
            auto [error, socket] =
                co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
            if (!error) {
                asio::co_spawn(acceptor_.get_executor(), welcome(std::move(socket)),
                               asio::detached);
                continue;
            }
        }
        // Too many are here, or the system has run out of something: somebody will leave.
        timer.expires_after(std::chrono::milliseconds(50));
        co_await timer.async_wait(asio::use_awaitable);
    }
}

// The exception that ends a connection is dropped by `detached`: only this client is concerned.
asio::awaitable<void> site::welcome(tcp::socket socket)
{
    auto asked = co_await serve_http(std::move(socket), guests_);
    if (!asked)
        co_return;
    auto watched = journal_of(asked->request.target());
    visitor guest{std::move(asked->socket), std::move(asked->request), std::move(asked->early),
                  std::move(watched), guests_};
    co_await asked->serve(std::move(guest));
}

// The page opens `/frames?session=…` first, and a deployment with the same name then.
std::shared_ptr<journal> site::journal_of(std::string_view target)
{
    constexpr std::string_view key = "?session=";
    const auto at = target.find(key);
    const std::string name(at == target.npos ? "" : target.substr(at + key.size(), 64));
    std::erase_if(journals_, [](const auto& entry) { return entry.second.expired(); });

    const auto known = journals_.find(name);
    auto found = known == journals_.end() ? nullptr : known->second.lock();
    if (!found && path_of(target) == "/frames") {
        found = std::make_shared<journal>();
        if (!name.empty())
            journals_[name] = found;
    }
    return found;
}

} // namespace playground
