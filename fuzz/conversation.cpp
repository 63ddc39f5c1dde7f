// Client and server talk: the bytes are the script of what they send and the sizes of what moves.
#include <cstdint>

#include <weft/connection.hpp>
#include <weft/test/conversation.hpp>

using namespace weft;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    const test::byte_choices script(std::as_bytes(std::span(bytes, size)));
    using client = basic_connection<role::client, buffer::flat<139>, key_source::fixed<0x37fa213d>>;
    using server = basic_connection<role::server, buffer::fixed<300>>;
    test::must_hold(test::everything_sent_arrives(client(), server(), script));
    return 0;
}
