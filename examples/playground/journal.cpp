// Frames and remarks as JSON lines.
// SPDX-License-Identifier: BSL-1.0
#include "journal.hpp"

#include <span>
#include <utility>

#include "json.hpp"

namespace playground {

namespace {

std::string_view name_of(weft::opcode op)
{
    switch (op) {
    case weft::opcode::continuation:
        return "continuation";
    case weft::opcode::text:
        return "text";
    case weft::opcode::binary:
        return "binary";
    case weft::opcode::close:
        return "close";
    case weft::opcode::ping:
        return "ping";
    case weft::opcode::pong:
        return "pong";
    }
    return "reserved";
}

std::string hex(std::span<const std::byte> bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::byte b : bytes) {
        text += digits[std::to_integer<std::size_t>(b >> 4)];
        text += digits[std::to_integer<std::size_t>(b & std::byte{0xF})];
    }
    return text;
}

} // namespace

void journal::frame(sender from, const seen_frame& frame)
{
    if (lines_.size() >= frames_max) {
        ++untold_;
        return;
    }
    json_object line;
    line.add("at", std::chrono::duration<double, std::milli>(clock::now() - since_).count());
    line.add("from", from == sender::client ? "client" : "server");
    line.add("opcode", name_of(frame.header.op));
    line.add("fin", frame.header.fin);
    line.add("masked", frame.header.masked);
    line.add("length", frame.header.payload_size);
    line.add("start", hex(std::span(frame.start).first(frame.start_size)));
    push(std::move(line).text());
}

void journal::remark(std::string_view text)
{
    json_object line;
    line.add("at", std::chrono::duration<double, std::milli>(clock::now() - since_).count());
    line.add("remark", text);
    push(std::move(line).text());
}

std::string journal::take_lines()
{
    std::string all;
    for (const std::string& line : std::exchange(lines_, {}))
        all.append(line).append("\n");
    if (const auto untold = std::exchange(untold_, 0); untold != 0) {
        json_object line;
        line.add("untold", untold);
        all.append(std::move(line).text()).append("\n");
    }
    return all;
}

void journal::push(std::string line)
{
    // Remarks are few, but a page that doesn't listen must not make this grow.
    if (lines_.size() >= 2 * frames_max)
        lines_.pop_front();
    lines_.push_back(std::move(line));
}

} // namespace playground
