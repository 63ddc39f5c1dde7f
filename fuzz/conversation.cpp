// Client and server talk: the bytes are the script of what they send and the sizes of what moves.
// The last one says which of them is weft's, and which Boost.Beast's.
#include <cstdint>

#include <protocol/with_beast.hpp>
#include <weft/connection.hpp>
#include <weft/test/conversation.hpp>

using namespace weft;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    using client = basic_connection<role::client, buffer::flat<139>, key_source::fixed<0x37fa213d>>;
    using server = basic_connection<role::server, buffer::fixed<300>>;
    if (size == 0)
        return 0;
    const test::byte_choices script(std::as_bytes(std::span(bytes, size - 1)));
    if (bytes[size - 1] % 4 == 1)
        test::must_hold(proptest::converses_with_beast(client(), script));
    else if (bytes[size - 1] % 4 == 2)
        test::must_hold(proptest::converses_with_beast(server(), script));
    else
        test::must_hold(test::everything_sent_arrives(client(), server(), script));
    return 0;
}
