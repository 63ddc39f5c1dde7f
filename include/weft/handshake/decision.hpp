// What a server's hook answers to a request: accept or refuse (RFC 6455 §4.2.2).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_DECISION_HPP
#define WEFT_HANDSHAKE_DECISION_HPP

#include <string>
#include <string_view>
#include <utility>

#include <weft/handshake/field.hpp>

namespace weft::handshake {

/// `accept().subprotocol("chat").field("X-Served-By", "a")`, or `refuse(403, "not you")`. Nothing
/// is checked here: `answer` does, and sends a plain 500 in place of what may not be sent.
class decision
{
public:
    /// Accepts, without a subprotocol.
    decision() = default;

    /// Refuses with a status from 200 to 599.
    decision(unsigned status, std::string body)
        : accepts_(false),
          status_(status),
          body_(std::move(body))
    {}

    /// Chooses one of the subprotocols that the client offers; empty chooses none.
    decision& subprotocol(std::string name) &
    {
        subprotocol_ = std::move(name);
        return *this;
    }
    decision&& subprotocol(std::string name) && { return std::move(subprotocol(std::move(name))); }

    /// Adds a field to the response; the handshake's own (see `is_reserved`) can't be given.
    decision& field(std::string name, std::string value) &
    {
        fields_.emplace_back(std::move(name), std::move(value));
        return *this;
    }
    decision&& field(std::string name, std::string value) &&
    {
        return std::move(field(std::move(name), std::move(value)));
    }

    bool accepts() const noexcept { return accepts_; }
    unsigned status() const noexcept { return status_; }
    const std::string& body() const noexcept { return body_; }
    const std::string& subprotocol() const noexcept { return subprotocol_; }
    const field_list& fields() const noexcept { return fields_; }

private:
    bool accepts_ = true;
    unsigned status_ = 101;
    std::string body_;
    std::string subprotocol_;
    field_list fields_;
};

/// Accepts the connection.
inline decision accept() { return {}; }

/// Refuses the connection with a status from 200 to 599.
inline decision refuse(unsigned status, std::string body = {}) { return {status, std::move(body)}; }

} // namespace weft::handshake

#endif
