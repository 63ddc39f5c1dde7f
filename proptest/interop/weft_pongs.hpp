// How the two weft peers hear pongs: the one place that knows how weft tells of control frames.
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include <weft/weft.hpp>

/// Calls `heard(payload)` for each pong that a read of `ws` meets.
template <class Stream>
void hear_pongs(Stream& ws, std::function<void(std::string_view)> heard)
{
    ws.on_control([heard = std::move(heard)](weft::opcode op, std::span<const std::byte> payload) {
        if (op == weft::opcode::pong)
            heard({reinterpret_cast<const char*>(payload.data()), payload.size()});
    });
}
