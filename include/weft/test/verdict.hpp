// What a law answers, and how a failure is told.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_VERDICT_HPP
#define WEFT_TEST_VERDICT_HPP

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <weft/test/model_run.hpp>

namespace weft::test {

/// Nothing if the law holds; else what was seen instead.
using verdict = std::optional<std::string>;

/// The first bytes in hexadecimal.
inline std::string print(std::span<const std::byte> some)
{
    std::string out;
    for (const std::byte b : some.first(some.size() < 64 ? some.size() : 64)) {
        char digits[4];
        std::snprintf(digits, sizeof digits, "%02x ", std::to_integer<unsigned>(b));
        out += digits;
    }
    return out + (some.size() > 64 ? "… " : "") + "(" + std::to_string(some.size()) + " bytes)";
}

inline std::string print(const happening& h)
{
    const std::string payload = print(h.payload);
    switch (h.what) {
    case event::type::message:
        return (h.kind == message_kind::text ? "text " : "binary ") + payload;
    case event::type::control:
        return (h.op == opcode::ping ? "ping " : "pong ") + payload;
    case event::type::close:
        return "close " + std::to_string(static_cast<unsigned>(h.code)) + " " + payload;
    case event::type::fault:
        return "fault " + std::to_string(static_cast<unsigned>(h.code)) + ": " +
               describe(h.fault).sentence;
    case event::type::need_more:
        break;
    }
    return "nothing";
}

inline std::string print(const std::vector<happening>& all)
{
    std::string out;
    for (const happening& h : all)
        out += "\n  " + print(h);
    return out.empty() ? "\n  nothing" : out;
}

/// For fuzzers: tells the failure and ends the program.
inline void must_hold(const verdict& broken)
{
    if (!broken)
        return;
    std::fprintf(stderr, "law broken: %s\n", broken->c_str());
    std::abort();
}

} // namespace weft::test

#endif
