// The payload of data frames: unmasked and, if it is text, checked (RFC 6455 §5.3, §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_PAYLOAD_HPP
#define WEFT_PROTOCOL_PAYLOAD_HPP

#include <cstddef>
#include <span>

#include <weft/policy/masking.hpp>
#include <weft/policy/utf8.hpp>
#include <weft/wire/frame_header.hpp>

namespace weft::detail {

/// One message after the other, in parts.
template <utf8_policy Utf8, masking_policy Masking>
class payload
{
public:
    /// Unmasks the next bytes of a frame, which stand `phase` behind its first, and returns how
    /// many of them are good: all, if they are not text. In place: what goes through the buffer is
    /// still in the first cache when it is copied to the caller, and the rest of a large frame is
    /// received where the caller wants it.
    std::size_t take(const frame_header& header, std::size_t phase, bool is_text,
                     std::span<std::byte> bytes) noexcept
    {
        if (header.masked && !bytes.empty()) {
            if constexpr (checks_while_unmasking<Utf8, Masking>)
                if (is_text)
                    return utf8_.write_masked(Masking{}, bytes, header.key, phase);
            Masking::apply(bytes, header.key, phase);
        }
        return is_text ? utf8_.write(bytes) : bytes.size();
    }

    /// Whether the message may end here.
    bool finish(bool is_text) noexcept { return !is_text || utf8_.finish(); }

private:
    [[no_unique_address]] Utf8 utf8_;
};

} // namespace weft::detail

#endif
