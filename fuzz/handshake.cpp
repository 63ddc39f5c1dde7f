// The opening handshake (RFC 6455 §4), both sides: laws 1, 2, 7, 10, 37, 39; Beast's HTTP parser.
// The input is a wire, a value in one, and a client's options; its end chooses pieces and limits.
#include <cstdint>
#include <span>
#include <string_view>

#include "handshake/beast_http.hpp"
#include "handshake/model_laws.hpp"
#include "handshake/opening_law.hpp"

using weft::test::must_hold;

namespace {

template <class Message>
void obey(std::string_view wire, std::span<const std::uint8_t> sizes, laws::limits allowed)
{
    must_hold(laws::pieces_change_nothing<Message>(wire, sizes, allowed));
    must_hold(laws::takes_its_own_bytes_only<Message>(wire, allowed));
    must_hold(laws::has_a_last_word<Message>(wire, allowed));
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
    must_hold(laws::beast_reads_the_same(wire));
    must_hold(laws::each_side_judges_as_the_model(wire));
    must_hold(laws::one_value_is_judged_as_by_the_model(wire));
    must_hold(laws::parts_give_the_same_request(wire));
    must_hold(laws::a_client_opens_with_what_it_was_told(wire));
    return 0;
}
