// A stream, its user and its peer. The last byte says which of two: the wire that the peer sends in
// front, and behind it 32 bytes that say who reads it, through what layer, and what the user does
// meanwhile; or a scenario and a schedule of the simulated world.
#include <cstdint>

#include <weft/test/any_scenario.hpp>
#include <weft/test/simulated_timing.hpp>
#include <weft/test/stream_script.hpp>
#include <weft/weft.hpp>

using namespace weft;

using layer = test::basic_mock_stream<boost::asio::io_context::executor_type>;

// The same laws as the exhaustive search's, where the bytes are a scenario and its schedule.
template <class Buffer, class... Policies>
test::verdict keeps_its_laws(std::span<const std::byte> input)
{
    return test::a_stream_keeps_its_laws<
        basic_ws_stream<test::simulated_layer, Buffer, key_source::fixed<1>,
                        test::simulated_timing<timing::limits{.idle_ms = 1}>, Policies...>>(input);
}

test::verdict simulate(std::span<const std::byte> input, unsigned stream)
{
    switch (stream % 4) {
    case 0:
        return keeps_its_laws<buffer::fixed<139>, role::server>(input);
    case 1:
        return keeps_its_laws<buffer::borrowed<139>, role::client>(input);
    case 2:
        return keeps_its_laws<buffer::fixed<139>, role::client, writing::queued<64>>(input);
    default:
        return keeps_its_laws<buffer::fixed<139>, role::server, writing::corked<64>>(input);
    }
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    using client =
        client_stream<layer, timing::none, key_source::fixed<0x37fa213d>, buffer::flat<139>>;
    using server = server_stream<layer, timing::none, buffer::fixed<300>>;
    if (size == 0)
        return 0;
    const auto input = std::as_bytes(std::span(bytes, size));
    const auto script = input.last(std::min<std::size_t>(size, 32));
    const auto wire = input.first(size - script.size());
    const test::byte_choices choices(script.first(script.size() - 1));
    if (bytes[size - 1] % 4 > 1)
        test::must_hold(simulate(input.first(size - 1), bytes[size - 1] / 4));
    else if (bytes[size - 1] % 2 == 0)
        test::must_hold(test::a_stream_completes_each_operation_once<server>(wire, choices));
    else
        test::must_hold(test::a_stream_completes_each_operation_once<client>(wire, choices));
    return 0;
}
