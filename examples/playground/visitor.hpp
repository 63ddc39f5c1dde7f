// A connection whose request asks for a WebSocket, as the HTTP port hands it over to weft.
// SPDX-License-Identifier: BSL-1.0
#ifndef PLAYGROUND_VISITOR_HPP
#define PLAYGROUND_VISITOR_HPP

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <weft/handshake/decision.hpp>
#include <weft/handshake/request.hpp>

#include "journal.hpp"

namespace playground {

/// Who is here, so that everyone can be asked to leave when the program ends. One thread.
class guest_list
{
    using request_to_leave = std::function<void()>;

public:
    /// Ends a guest's entry with the scope that the guest lives in.
    class [[nodiscard]] stay
    {
    public:
        stay(guest_list& list, request_to_leave ask)
            : list_(list),
              at_(list.guests_.insert(list.guests_.end(), std::move(ask)))
        {}
        stay(const stay&) = delete;
        stay& operator=(const stay&) = delete;
        ~stay() { list_.guests_.erase(at_); }

    private:
        guest_list& list_;
        std::list<request_to_leave>::iterator at_;
    };

    /// None of the requests may end its guest before it returns.
    void ask_all_to_leave() const
    {
        for (const request_to_leave& ask : guests_)
            ask();
    }

    std::size_t size() const noexcept { return guests_.size(); }

private:
    std::list<request_to_leave> guests_;
};

struct visitor
{
    boost::asio::ip::tcp::socket socket;
    weft::handshake::request request;
    std::string early;                ///< what the client has sent behind its request
    std::shared_ptr<journal> watched; ///< where its frames are written down, or none
    guest_list& guests;
};

/// Refuses a page of another site: a browser lets any page connect to any address, and says in
/// Origin where the page is from (RFC 6455 §10.2).
inline weft::handshake::decision same_site_only(const weft::handshake::request& request)
{
    const std::string_view origin = request.origin();
    const auto host_at = origin.find("://");
    if (origin.empty() || (host_at != origin.npos && origin.substr(host_at + 3) == request.host()))
        return weft::handshake::accept();
    return weft::handshake::refuse(403, "this playground is for its own page\n");
}

} // namespace playground

#endif
