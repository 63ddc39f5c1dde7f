// websocketpp's masking: by words, as it comes, and by bytes, as with WEBSOCKETPP_STRICT_MASKING.
// Its third form, word_mask_exact, is the first without the rotation of the key for a next part.
// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <websocketpp/frame.hpp>

#include "../kernels.hpp"

namespace {

using weft::masking_key;
namespace frame = websocketpp::frame;

frame::masking_key_type key_of(masking_key key, std::size_t phase) noexcept
{
    frame::masking_key_type converted{};
    std::memcpy(converted.c, bench::from_phase(key, phase).data(), 4);
    return converted;
}

std::uint8_t* bytes(const std::byte* p) noexcept
{
    return reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(p)); // it writes to `to` only
}

// In place and from elsewhere.
void by_words(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
              std::size_t phase) noexcept
{
    frame::word_mask_circ(bytes(from), bytes(to), n,
                          frame::prepare_masking_key(key_of(key, phase)));
}

void by_bytes(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
              std::size_t phase) noexcept
{
    frame::byte_mask(bytes(from), bytes(from) + n, bytes(to), key_of(key, phase));
}

const bench::add words{bench::masker{"websocketpp", by_words, by_words}};
const bench::add single_bytes{bench::masker{"websocketpp_strict", by_bytes, by_bytes}};

} // namespace
