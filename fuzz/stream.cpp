// A stream, its user and its peer. The last byte says of which policies, and what the others are:
// what the peer sends and what the user does, or a scenario and a schedule of the simulated world.
#include <cstdint>

#include <matrix.hpp>
#include <weft/test/any_scenario.hpp>
#include <weft/test/simulated_timing.hpp>
#include <weft/test/stream_mutator.hpp>
#include <weft/test/stream_script.hpp>
#include <weft/weft.hpp>

using namespace weft;
static constexpr auto role_list = matrix::hana::tuple_t<role::server, role::client>;
static constexpr auto memories = matrix::hana::tuple_t<buffer::fixed<139>, buffer::borrowed<139>>;
static constexpr auto writing_list =
    matrix::hana::tuple_t<writing::exclusive, writing::queued<64>, writing::corked<64>>;
using one_key = key_source::fixed<0x37fa213d>;
using short_limits = test::simulated_timing<timing::limits{.idle_ms = 1}>;
using layer = test::basic_mock_stream<boost::asio::io_context::executor_type>;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    if (size == 0)
        return 0;
    const auto input = std::as_bytes(std::span(bytes, size - 1));
    const auto simulate = [=]<class... Policies> {
        using stream = basic_ws_stream<test::simulated_layer, one_key, short_limits, Policies...>;
        test::must_hold(test::a_stream_keeps_its_laws<stream>(input));
    };
    const auto script = [=]<class... Policies> {
        using stream =
            basic_ws_stream<layer, one_key, timing::none, buffer::flat<139>, Policies...>;
        test::must_hold(test::a_stream_completes_each_operation_once<stream>(input));
    };
    if (const unsigned last = bytes[size - 1]; last % 4 > 1)
        matrix::for_one_of(last / 4 * 2 + last % 2, simulate, writing_list, memories, role_list);
    else
        matrix::for_one_of(last % 2, script, role_list);
    return 0;
}
