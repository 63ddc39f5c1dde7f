// websocketpp's UTF-8 validator.
// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <websocketpp/frame.hpp>
#include <websocketpp/utf8_validator.hpp>

#include "../kernels.hpp"

namespace {

bool check(std::span<std::byte> bytes) noexcept
{
    const auto* const p = reinterpret_cast<const std::uint8_t*>(bytes.data());
    websocketpp::utf8_validator::validator validator;
    return validator.decode(p, p + bytes.size()) && validator.complete();
}

bool unmask_and_check(std::span<std::byte> bytes) noexcept
{
    namespace frame = websocketpp::frame;
    frame::masking_key_type key{};
    std::memcpy(key.c, bench::text_key.data(), sizeof key.c);
    frame::word_mask_circ(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size(),
                          frame::prepare_masking_key(key));
    return check(bytes);
}

const bench::add websocketpp_{bench::checker{"websocketpp", check, unmask_and_check}};

} // namespace
