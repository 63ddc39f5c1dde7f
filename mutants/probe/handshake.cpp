// Both sides of the opening handshake.
#include <string>
#include <utility>
#include <vector>

#include <weft/handshake/client.hpp>
#include <weft/handshake/response.hpp>
#include <weft/handshake/server.hpp>

namespace weft::handshake {

using pairs = std::vector<std::pair<std::string, std::string>>;
template request request::from(std::string_view, const pairs&, limits);
template std::array<char, 24> base64(const std::array<std::byte, 16>&) noexcept;
template std::array<char, 28> base64(const std::array<std::byte, 20>&) noexcept;

} // namespace weft::handshake
