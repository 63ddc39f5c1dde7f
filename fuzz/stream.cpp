// A stream, its user and its peer. The last byte says of which policies, and what the others are:
// what the peer sends and what the user does, or a scenario and a schedule of the simulated world.
#include <cstdint>
#include <type_traits>

#include <matrix.hpp>
#include <weft/test/any_scenario.hpp>
#include <weft/test/composition.hpp>
#include <weft/test/stream_mutator.hpp>
#include <weft/test/stream_script.hpp>
#include <weft/weft.hpp>

using namespace weft;
static constexpr auto roles = matrix::hana::tuple_t<role::server, role::client>;
// A server's peers are many: it borrows its memory. Every other pair of these policies is here.
template <class Role>
using memory_of = std::conditional_t<Role::is_client, buffer::fixed<139>, buffer::borrowed<139>>;
using layer = test::basic_mock_stream<boost::asio::io_context::executor_type>;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    if (size == 0)
        return 0;
    const auto input = std::as_bytes(std::span(bytes, size - 1));
    const auto simulate = [=]<class Writing, class Role> {
        using stream = basic_ws_stream<layer, Role, Writing, memory_of<Role>>;
        test::must_hold(test::a_stream_keeps_its_laws<test::simulated_stream_of<stream>>(input));
    };
    const auto script = [=]<class Role> {
        using stream = basic_ws_stream<layer, test::one_key, timing::none, buffer::flat<139>, Role>;
        test::must_hold(test::a_stream_completes_each_operation_once<stream>(input));
    };
    if (const unsigned last = bytes[size - 1]; last % 4 > 1)
        matrix::for_one_of(last / 4 * 2 + last % 2, simulate, matrix::writings, roles);
    else
        matrix::for_one_of(last, script, roles);
    return 0;
}
