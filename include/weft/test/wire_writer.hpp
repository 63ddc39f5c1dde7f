// Frames as bytes, right or wrong: what vectors, generators and mutators write with (RFC 6455
// §5.2). SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_WIRE_WRITER_HPP
#define WEFT_TEST_WIRE_WRITER_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <weft/wire/masking_key.hpp>
#include <weft/wire/opcode.hpp>

namespace weft::test {

using bytes = std::vector<std::byte>;

/// The characters of `text` as bytes; a zero is written "\0"s with the suffix of a string view.
inline bytes as_bytes(std::string_view text)
{
    bytes out;
    for (const char c : text)
        out.push_back(static_cast<std::byte>(c));
    return out;
}

/// Which of the three forms the payload length is written in (§5.2).
enum class length_form : std::uint8_t { shortest, bits_7, bits_16, bits_64 };

/// One frame, with every field free to be wrong. `length` is what the header declares when that
/// differs from the payload's size.
struct frame
{
    opcode op = opcode::binary;
    bytes payload{};
    bool fin = true;
    unsigned reserved_bits = 0; ///< 0x40, 0x20, 0x10 for RSV1, RSV2, RSV3
    std::optional<masking_key> key{};
    length_form form = length_form::shortest;
    std::optional<std::uint64_t> length{};
};

/// A key for those who need some key: the one of the example in RFC 6455 §5.7.
inline constexpr masking_key example_key{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21},
                                         std::byte{0x3d}};

/// Puts frames one behind the other. It shares no code with the library's encoder.
class wire_writer
{
public:
    /// `key`: the key of every frame that brings none; a client's frames must have one (§5.1).
    explicit wire_writer(std::optional<masking_key> key = {}) : key_(key) {}

    wire_writer& add(const frame& f)
    {
        const std::uint64_t length = f.length.value_or(f.payload.size());
        const auto key = f.key ? f.key : key_;
        put((f.fin ? 0x80U : 0U) | f.reserved_bits | static_cast<unsigned>(f.op));
        put_length(length, f.form, key.has_value() ? 0x80U : 0U);
        if (key)
            out_.insert(out_.end(), key->begin(), key->end());
        for (std::size_t i = 0; i < f.payload.size(); ++i)
            out_.push_back(key ? f.payload[i] ^ (*key)[i % 4] : f.payload[i]);
        return *this;
    }

    wire_writer& add(opcode op, std::string_view payload = {}, bool fin = true)
    {
        return add(frame{.op = op, .payload = as_bytes(payload), .fin = fin});
    }

    /// A close frame with a code and a reason (§5.5.1).
    wire_writer& close(unsigned code, std::string_view reason = {})
    {
        bytes body{static_cast<std::byte>(code >> 8), static_cast<std::byte>(code & 0xFF)};
        for (const std::byte b : as_bytes(reason))
            body.push_back(b);
        return add(frame{.op = opcode::close, .payload = body});
    }

    /// Bytes as they are, for what is no frame at all.
    wire_writer& raw(std::span<const std::byte> more)
    {
        out_.insert(out_.end(), more.begin(), more.end());
        return *this;
    }

    bytes wire() const { return out_; }

private:
    void put(unsigned b) { out_.push_back(static_cast<std::byte>(b & 0xFF)); }

    void put_length(std::uint64_t length, length_form form, unsigned mask_bit)
    {
        if (form == length_form::shortest)
            form = length < 126     ? length_form::bits_7
                   : length < 65536 ? length_form::bits_16
                                    : length_form::bits_64;
        if (form == length_form::bits_7)
            return put(mask_bit | static_cast<unsigned>(length & 0x7F));
        const int octets = form == length_form::bits_16 ? 2 : 8;
        put(mask_bit | (octets == 2 ? 126U : 127U));
        for (int i = octets - 1; i >= 0; --i)
            put(static_cast<unsigned>(length >> (8 * i) & 0xFF));
    }

    bytes out_;
    std::optional<masking_key> key_;
};

} // namespace weft::test

#endif
