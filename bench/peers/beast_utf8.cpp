// Boost.Beast's UTF-8 checker, as its streams use it: resumable. It isn't Beast's interface.
// SPDX-License-Identifier: BSL-1.0
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include <boost/asio/buffer.hpp>
#include <boost/beast/websocket/detail/mask.hpp>
#include <boost/beast/websocket/detail/utf8_checker.hpp>

#include "../kernels.hpp"

namespace {

namespace detail = boost::beast::websocket::detail;

bool check(std::span<std::byte> bytes) noexcept
{
    detail::utf8_checker checker;
    return checker.write(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) &&
           checker.finish();
}

bool unmask_and_check(std::span<std::byte> bytes) noexcept
{
    detail::prepared_key key;
    detail::prepare_key(key, std::bit_cast<std::uint32_t>(bench::text_key));
    detail::mask_inplace(boost::asio::mutable_buffer(bytes.data(), bytes.size()), key);
    return check(bytes);
}

const bench::add beast{bench::checker{"beast", check, unmask_and_check}};

} // namespace
