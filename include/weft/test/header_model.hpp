// A frame's header as the simplest program that can say what it is, or which rule it breaks: the
// oracle of headers (RFC 6455 §5.1 to §5.5).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_HEADER_MODEL_HPP
#define WEFT_TEST_HEADER_MODEL_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include <weft/wire/error.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::test {

/// What the first bytes of a frame say. Neither complete nor at fault, they are too few.
struct header_reading
{
    error fault = error::none;
    bool complete = false;
    std::size_t settled =
        0; ///< the bytes that show it: all of the header, or those up to the fault
    frame_header header{};
};

/// Reads a header from its beginning, byte after byte, by the rules for the next frame.
class header_model
{
public:
    static header_reading read(std::span<const std::byte> in, const frame_rules& rules)
    {
        header_model m(in);
        m.read_all(rules);
        return m.out_;
    }

private:
    explicit header_model(std::span<const std::byte> in) : in_(in) {}

    // Takes a byte; false if there is none.
    bool next(unsigned& b)
    {
        if (out_.settled == in_.size())
            return false;
        b = std::to_integer<unsigned>(in_[out_.settled++]);
        return true;
    }

    bool judge(error e)
    {
        out_.fault = e;
        return e == error::none;
    }

    void read_all(const frame_rules& rules)
    {
        unsigned first = 0;
        unsigned second = 0;
        if (!next(first) || !judge(first_byte(first, rules)) || !next(second) ||
            !judge(second_byte(first & 0x0F, second, rules.mask)))
            return;
        frame_header& h = out_.header;
        h.op = static_cast<opcode>(first & 0x0F);
        h.fin = first >= 0x80;
        h.reserved_bits = static_cast<std::uint8_t>(first & 0x70);
        h.masked = second >= 0x80;
        h.payload_size = second & 0x7F;
        if (h.payload_size >= 126 && !read_length(h.payload_size == 126 ? 2 : 8))
            return;
        unsigned b = 0;
        for (std::size_t i = 0; h.masked && i < 4; ++i) {
            if (!next(b))
                return;
            h.key[i] = static_cast<std::byte>(b);
        }
        out_.complete = true;
    }

    // §5.2: a reserved bit without a meaning, a reserved opcode. §5.5: a control frame in parts.
    // §5.4: what continues nothing, what begins inside a message. The meaning that an extension
    // gives a bit is one of a message's first frame (as RFC 7692 §6 has it).
    static error first_byte(unsigned b, const frame_rules& rules)
    {
        const unsigned op = b & 0x0F;
        const unsigned meant = op == 1 || op == 2 ? rules.reserved_bits : 0U;
        for (const unsigned bit : {0x40U, 0x20U, 0x10U})
            if ((b & bit) != 0 && (meant & bit) == 0)
                return error::reserved_bits;
        if ((op >= 3 && op <= 7) || op >= 11)
            return error::reserved_opcode;
        if (op >= 8)
            return b < 0x80 ? error::fragmented_control : error::none;
        if (op == 0 && rules.position == message_position::between)
            return error::unexpected_continuation;
        if (op != 0 && rules.position == message_position::inside)
            return error::unfinished_message;
        return error::none;
    }

    // §5.1: a client masks each frame and a server none. §5.5: a control frame's 125 bytes.
    static error second_byte(unsigned op, unsigned b, mask_rule mask)
    {
        if (mask == mask_rule::required && b < 0x80)
            return error::unmasked_frame;
        if (mask == mask_rule::forbidden && b >= 0x80)
            return error::masked_frame;
        return op >= 8 && (b & 0x7F) > 125 ? error::control_too_long : error::none;
    }

    // §5.2: "the minimal number of bytes MUST be used", "the most significant bit MUST be 0".
    bool read_length(unsigned octets)
    {
        std::uint64_t size = 0;
        unsigned b = 0;
        for (unsigned i = 0; i < octets; ++i) {
            if (!next(b))
                return false;
            size = size << 8 | b;
            if (octets == 8 && i == 0 && b >= 0x80)
                return judge(error::length_top_bit);
            const unsigned to_come = 8 * (octets - 1 - i);
            const std::uint64_t largest = size << to_come | ((std::uint64_t{1} << to_come) - 1);
            if (largest < (octets == 2 ? 126U : 65536U))
                return judge(error::length_not_minimal);
        }
        out_.header.payload_size = size;
        return true;
    }

    std::span<const std::byte> in_;
    header_reading out_{};
};

} // namespace weft::test

#endif
