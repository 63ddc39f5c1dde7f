// The far end of a scenario: what it says, how it takes a close, and when it hangs up.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_SIMULATED_PEER_HPP
#define WEFT_TEST_SIMULATED_PEER_HPP

#include <cstddef>

#include <weft/test/scenario.hpp>
#include <weft/test/simulated_wire.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::test {

/// Answers a close frame that it has heard, unless it has closed by itself. "The underlying TCP
/// connection, in most normal cases, SHOULD be closed first by the server" (RFC 6455 §7.1.1): as a
/// server it then hangs up, as a client when the other side has.
class simulated_peer
{
public:
    simulated_peer(const scenario& s, simulated_wire& wire, bool is_server)
        : scenario_(s),
          wire_(wire),
          is_server_(is_server)
    {
        wire_.on_output([this] { listen(); });
    }
    simulated_peer(const simulated_peer&) = delete;
    simulated_peer& operator=(const simulated_peer&) = delete;

private:
    void listen()
    {
        while (!heard_close_ && hear_frame()) {
        }
        if (wire_.output_ended() || (heard_close_ && is_server_))
            wire_.peer_ends();
    }

    // False when no whole frame is left.
    bool hear_frame()
    {
        const auto rest = wire_.written().subspan(heard_);
        const auto next =
            decode(rest, {.mask = is_server_ ? mask_rule::required : mask_rule::forbidden,
                          .position = message_position::unknown});
        if (!next || rest.size() - next.size < next.header.payload_size)
            return false;
        heard_ += next.size + static_cast<std::size_t>(next.header.payload_size);
        heard_close_ = next.header.op == opcode::close;
        if (heard_close_ && !scenario_.peer_closes)
            wire_.peer_says(scenario_.close_answer);
        return true;
    }

    const scenario& scenario_;
    simulated_wire& wire_;
    std::size_t heard_ = 0;
    bool heard_close_ = false;
    bool is_server_;
};

} // namespace weft::test

#endif
