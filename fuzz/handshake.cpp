// The opening handshake (RFC 6455 §4), both sides: laws 1, 2, 7, 10, 37, 39; Beast's HTTP parser.
// The whole input is the wire, as a peer sends it; its last bytes also choose pieces and limits.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "handshake/beast_http.hpp"
#include "handshake/laws.hpp"

namespace {

void require(bool law) { law ? void() : std::abort(); }

template <class Message>
void obey(std::string_view wire, std::span<const std::uint8_t> sizes, laws::limits allowed)
{
    require(laws::pieces_change_nothing<Message>(wire, sizes, allowed));
    require(laws::takes_its_own_bytes_only<Message>(wire, allowed));
    require(laws::has_a_last_word<Message>(wire, allowed));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view wire(reinterpret_cast<const char*>(data), size);
    const auto sizes = std::span(data, size).last(size < 3 ? size : 3);
    const std::size_t least = size == 0 ? 0 : data[size - 1];
    for (const laws::limits allowed : {laws::limits{}, {least * 4, least % 16}}) {
        obey<laws::request>(wire, sizes, allowed);
        obey<laws::response>(wire, sizes, allowed);
    }
    require(laws::reads_what_is_written<laws::request>(wire));
    require(laws::reads_what_is_written<laws::response>(wire));
    require(laws::beast_reads_the_same(wire));
    require(laws::server_answers(wire));
    require(laws::parts_give_the_same_request(wire));
    return 0;
}
