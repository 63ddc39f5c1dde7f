// Wires and what RFC 6455 says of them, written down by hand: the judge of library and model alike.
#ifndef WEFT_PROPTEST_PROTOCOL_VECTORS_HPP
#define WEFT_PROPTEST_PROTOCOL_VECTORS_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weft/test/model_run.hpp>
#include <weft/test/wire_writer.hpp>

namespace weft::vectors {

using test::frame;
using test::happening;
using test::length_form;
using namespace std::string_literals;
using namespace std::string_view_literals;

/// One wire. `shows` is a sentence of word characters; it begins with the section.
struct vector
{
    std::string shows;
    bool from_client = true;
    test::bytes wire{};
    std::vector<happening> expected{};
};

inline test::wire_writer from_client() { return test::wire_writer(test::example_key); }
inline test::wire_writer from_server() { return test::wire_writer(); }

inline happening text(std::string_view payload)
{
    return {.what = event::type::message,
            .kind = message_kind::text,
            .payload = test::as_bytes(payload)};
}
inline happening binary(std::string_view payload)
{
    return {.what = event::type::message, .payload = test::as_bytes(payload)};
}
inline happening ping(std::string_view payload)
{
    return {.what = event::type::control, .payload = test::as_bytes(payload)};
}
inline happening pong(std::string_view payload)
{
    return {.what = event::type::control, .op = opcode::pong, .payload = test::as_bytes(payload)};
}
inline happening closed(unsigned code = 1005, std::string_view reason = {})
{
    return {
        .what = event::type::close, .code = close_code(code), .payload = test::as_bytes(reason)};
}

/// A fault that is settled by the first `settled` bytes of the wire; the code that the peer is
/// sent.
inline happening fault(error rule, std::size_t settled, unsigned code = 1002)
{
    return {
        .what = event::type::fault, .code = close_code(code), .fault = rule, .settled = settled};
}

/// Both sides' wire of the same frames, with the same outcome; faults are settled `key_size` bytes
/// later for a client's.
class pack
{
public:
    void client(std::string shows, const test::wire_writer& wire, std::vector<happening> expected)
    {
        list_.push_back(
            {std::move(shows) + "_from_a_client", true, wire.wire(), std::move(expected)});
    }
    void server(std::string shows, const test::wire_writer& wire, std::vector<happening> expected)
    {
        list_.push_back(
            {std::move(shows) + "_from_a_server", false, wire.wire(), std::move(expected)});
    }

    /// Frames that mean the same whoever sends them. A fault's place is given for a server's wire,
    /// as `settled`; in a client's, `keys` masking keys stand before it.
    void both(const std::string& shows, const std::vector<frame>& frames,
              const std::vector<happening>& expected, std::size_t keys = 0)
    {
        auto c = from_client();
        auto s = from_server();
        for (const frame& f : frames) {
            c.add(f);
            s.add(f);
        }
        server(shows, s, expected);
        std::vector<happening> later = expected;
        for (happening& h : later)
            h.settled += h.what == event::type::fault ? 4 * keys : 0;
        client(shows, c, later);
    }

    const std::vector<vector>& list() const { return list_; }

private:
    std::vector<vector> list_;
};

inline frame data(opcode op, std::string_view payload, bool fin = true)
{
    return {.op = op, .payload = test::as_bytes(payload), .fin = fin};
}
inline frame with_code(unsigned code, std::string_view reason = {})
{
    std::string body{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    return data(opcode::close, body += reason);
}

inline const opcode continuation = opcode::continuation;

void section_5_1(pack& out);
void section_5_2(pack& out);
void section_5_3(pack& out);
void section_5_4(pack& out);
void section_5_5(pack& out);
void section_5_6(pack& out);
void section_5_7(pack& out);
void section_6(pack& out);
void section_7(pack& out);
void section_8_1(pack& out);

/// All of them.
inline std::vector<vector> all()
{
    pack out;
    for (const auto section : {&section_5_1, &section_5_2, &section_5_3, &section_5_4, &section_5_5,
                               &section_5_6, &section_5_7, &section_6, &section_7, &section_8_1})
        section(out);
    return out.list();
}

} // namespace weft::vectors

#endif
