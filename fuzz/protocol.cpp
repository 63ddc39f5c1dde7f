// The protocol core as a peer meets it: wire bytes in front; the last bytes say who reads them, how
// strictly, and in what pieces.
#include <weft/connection.hpp>
#include <weft/test/any_budget.hpp>
#include <weft/test/fuzz_input.hpp>
#include <weft/test/laws.hpp>
#include <weft/test/mutator.hpp>

using namespace weft;

// What a client answers is masked, and with the same key each time: the input alone says what
// happens.
using key = key_source::fixed<0x37fa213d>;

template <class... Policies>
static void check(std::span<const std::byte> wire, std::span<const std::byte> tail)
{
    const unsigned limits = std::to_integer<unsigned>(tail.back());
    test::any_budget budget;
    if ((limits & 1) != 0)
        budget.value = {.frame_bytes = limits, .message_bytes = limits * 2, .fragments = 3};
    // That any partition gives the same events need not be asked as well: what the model reads is
    // the same for all of them, and asking costs two more connections.
    test::must_hold(test::a_connection_receives_what_the_model_reads(
        basic_connection<Policies..., test::any_budget>(budget), wire,
        test::byte_choices(tail.first(tail.size() - 2))));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    const auto [wire, tail] = test::split_tail(std::as_bytes(std::span(bytes, size)));
    switch (std::to_integer<unsigned>(tail[tail.size() - 2]) % 4) {
    case 0:
        check<role::server, buffer::flat<139>>(wire, tail);
        break;
    case 1:
        check<role::client, key>(wire, tail);
        break;
    case 2:
        check<role::server, utf8::deferred, peer_masking::tolerated>(wire, tail);
        break;
    default:
        check<role::client, key, buffer::fixed<300>, utf8::unchecked>(wire, tail);
    }
    return 0;
}
