// Generators of what a peer may send, mostly right, often at an edge, sometimes wrong.
#ifndef WEFT_PROPTEST_PROTOCOL_WIRES_HPP
#define WEFT_PROPTEST_PROTOCOL_WIRES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include <weft/test/generators.hpp>
#include <weft/test/wire_writer.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::wires {

/// From 0 to `n` - 1, evenly whatever RapidCheck's size is; shrinks to 0.
inline std::size_t below(std::size_t n)
{
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, n));
}

/// True in one of `n` cases; shrinks to false.
inline bool one_in(std::size_t n) { return below(n) == n - 1; }

/// An entry of a table.
template <class Table>
auto from(const Table& table)
{
    return table[below(std::size(table))];
}

inline test::bytes choices()
{
    test::bytes out;
    for (const auto n : *rc::gen::container<std::vector<std::uint8_t>>(
             rc::gen::weightedOneOf<std::uint8_t>({{2, rc::gen::inRange<std::uint8_t>(0, 20)},
                                                   {1, rc::gen::arbitrary<std::uint8_t>()}})))
        out.push_back(static_cast<std::byte>(n));
    return out;
}

inline std::size_t payload_size()
{
    if (one_in(3))
        return static_cast<std::size_t>(std::min<std::uint64_t>(from(test::edge_sizes), 4096));
    return below(20);
}

/// Valid text, or, one time in eight, text that is wrong somewhere.
inline std::string text()
{
    std::string out;
    const bool may_be_wrong = one_in(8);
    for (std::size_t left = below(8); left > 0; --left) {
        const auto token = from(test::utf8_tokens);
        if (token.valid || may_be_wrong)
            out += token.bytes;
    }
    return out;
}

inline test::frame control()
{
    test::frame f{.op = *rc::gen::element(opcode::ping, opcode::pong, opcode::ping)};
    f.payload.assign(*rc::gen::element<std::size_t>(0, 1, 4, 5, 124, 125), std::byte{'p'});
    return f;
}

inline test::frame close()
{
    test::frame f{.op = opcode::close};
    if (one_in(4))
        return f;
    const unsigned code = from(test::edge_close_codes);
    f.payload = {static_cast<std::byte>(code >> 8), static_cast<std::byte>(code & 0xFF)};
    for (const std::byte b : test::as_bytes(text()))
        if (f.payload.size() < control_payload_max)
            f.payload.push_back(b);
    if (one_in(8))
        f.payload.resize(1);
    return f;
}

/// A message in any number of fragments, control frames between them.
inline void add_message(std::vector<test::frame>& out)
{
    const bool is_text = one_in(2);
    test::bytes left =
        is_text ? test::as_bytes(text()) : test::bytes(payload_size(), std::byte{'b'});
    opcode op = is_text ? opcode::text : opcode::binary;
    for (bool fin = false; !fin; op = opcode::continuation) {
        fin = !one_in(3);
        const std::size_t n = fin ? left.size() : below(left.size() + 1);
        const auto cut = left.begin() + static_cast<std::ptrdiff_t>(n);
        out.push_back({.op = op, .payload = test::bytes(left.begin(), cut), .fin = fin});
        left.erase(left.begin(), cut);
        if (one_in(4))
            out.push_back(control());
    }
}

/// One field of one frame goes wrong.
inline void spoil(std::vector<test::frame>& frames)
{
    test::frame& f = frames[below(frames.size())];
    switch (below(7)) {
    case 0:
        f.reserved_bits = *rc::gen::element(0x40U, 0x20U, 0x10U);
        break;
    case 1:
        f.op = static_cast<opcode>(below(16));
        break;
    case 2:
        f.fin = !f.fin;
        break;
    case 3:
        f.form = *rc::gen::element(test::length_form::bits_16, test::length_form::bits_64);
        break;
    case 4:
        f.length = from(test::huge_sizes);
        break;
    case 5:
        f.length = ~std::uint64_t{0};
        break;
    default:
        f.payload.resize(payload_size(), std::byte{0xC3});
        break;
    }
}

/// Frames as a peer might send them.
inline std::vector<test::frame> frames()
{
    std::vector<test::frame> out;
    for (std::size_t left = 1 + below(5); left > 0; --left) {
        if (one_in(3))
            out.push_back(control());
        add_message(out);
    }
    if (one_in(2))
        out.push_back(close());
    if (one_in(3))
        spoil(out);
    if (one_in(12))
        out.insert(out.begin() + static_cast<std::ptrdiff_t>(out.size() / 2), close());
    return out;
}

/// The frames' bytes. `key`: of a client's frames. Now and then one is masked as it must not be.
inline test::bytes wire(const std::vector<test::frame>& frames, std::optional<masking_key> key)
{
    test::wire_writer out(key);
    test::wire_writer other(key ? std::nullopt : std::optional(test::example_key));
    const std::size_t wrong = below(64);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (wrong == 64 - 1 - i)
            out.raw(other.add(frames[i]).wire());
        else
            out.add(frames[i]);
    }
    return out.wire();
}

} // namespace weft::wires

#endif
