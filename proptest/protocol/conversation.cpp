// Client and server talk: everything that is sent arrives (RFC 6455 §5, §6).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <protocol/endpoint.hpp>
#include <protocol/wires.hpp>
#include <weft/test/conversation.hpp>

namespace {

using namespace weft;

template <class Buffer, class Masking = masking::word>
void talk()
{
    using talking_client = basic_connection<role::client, Buffer, Masking, test::any_budget>;
    using talking_server = basic_connection<role::server, Buffer, Masking, test::any_budget>;
    const test::bytes how = wires::choices();
    const test::any_budget budget{
        {.control_backlog = *rc::gen::element<std::uint16_t>(0, 2, 3, 16)}};
    RC_LOG() << "choices: " << test::print(how) << std::endl;
    if (const auto broken = test::everything_sent_arrives(
            talking_client(budget), talking_server(budget), test::byte_choices(how)))
        RC_FAIL(*broken);
}

RC_GTEST_PROP(Everything_sent_arrives, through_the_default_buffer, ()) { talk<buffer::flat<>>(); }

RC_GTEST_PROP(Everything_sent_arrives, through_the_smallest_buffer, ())
{
    talk<buffer::fixed<139>>();
}

RC_GTEST_PROP(Everything_sent_arrives, through_a_buffer_that_is_no_multiple_of_a_word, ())
{
    talk<buffer::flat<301>, masking::bytewise>();
}

} // namespace
