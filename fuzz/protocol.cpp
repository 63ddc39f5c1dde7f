// The protocol core as a peer meets it: wire bytes in front; the last bytes say who reads them, how
// strictly, and in what pieces.
#include <cstdint>

#include <matrix.hpp>
#include <weft/connection.hpp>
#include <weft/test/any_budget.hpp>
#include <weft/test/fuzz_input.hpp>
#include <weft/test/laws.hpp>
#include <weft/test/mutator.hpp>
#include <weft/test/work_law.hpp>

using namespace weft;

// What a client answers is masked with the same key each time: the input alone says what happens.
using key = key_source::fixed<0x37fa213d>;
using test::any_budget;
static constexpr auto readers = matrix::hana::tuple_t<
    basic_connection<role::server, buffer::flat<139>, any_budget>,
    basic_connection<role::client, key, any_budget>,
    basic_connection<role::server, utf8::deferred, peer_masking::tolerated, any_budget>,
    basic_connection<role::client, key, buffer::fixed<300>, utf8::unchecked, any_budget>>;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    const auto [wire, tail] = test::split_tail(std::as_bytes(std::span(bytes, size)));
    const unsigned limits = std::to_integer<unsigned>(tail.back());
    const test::byte_choices pieces(tail.first(tail.size() - 2));
    any_budget budget;
    if (limits % 2 != 0)
        budget.value = {.frame_bytes = limits, .message_bytes = limits * 2, .fragments = 3};
    const auto read = [&]<class Connection> {
        test::must_hold(
            test::a_connection_receives_what_the_model_reads(Connection(budget), wire, pieces));
    };
    matrix::for_one_of(std::to_integer<unsigned>(tail[tail.size() - 2]), read, readers);
    if (limits % 4 == 2)
        test::must_hold(test::receiving_takes_work_in_proportion(wire, pieces));
    return 0;
}
