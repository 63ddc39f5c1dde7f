// Boost.Beast's masking. It isn't Beast's interface: what its streams call.
// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <boost/asio/buffer.hpp>
#include <boost/beast/websocket/detail/mask.hpp>

#include "../kernels.hpp"

namespace {

using weft::masking_key;

void in_place(std::byte* to, const std::byte*, std::size_t n, masking_key key,
              std::size_t phase) noexcept
{
    namespace detail = boost::beast::websocket::detail;
    std::uint32_t word = 0;
    std::memcpy(&word, bench::from_phase(key, phase).data(), sizeof word);
    detail::prepared_key prepared;
    detail::prepare_key(prepared, word);
    detail::mask_inplace(boost::asio::mutable_buffer(to, n), prepared);
}

// A Beast client copies into its write buffer and masks there.
void copy(std::byte* to, const std::byte* from, std::size_t n, masking_key key,
          std::size_t phase) noexcept
{
    if (n != 0)
        std::memcpy(to, from, n);
    in_place(to, to, n, key, phase);
}

const bench::add beast{bench::masker{"beast", in_place, copy}};

} // namespace
