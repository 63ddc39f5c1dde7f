// Weft and Boost.Beast understand each other, and what they say depends on the choices alone.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <protocol/wires.hpp>
#include <protocol/with_beast.hpp>
#include <weft/connection.hpp>

namespace {

using namespace weft;

test::bytes wire_of_beasts_client(std::span<const std::byte> how)
{
    proptest::beast_talker client;
    test::byte_choices choices(how);
    EXPECT_EQ(client.open_as_client(), std::nullopt);
    while (!choices.used_up())
        EXPECT_EQ(client.act(choices), std::nullopt);
    return client.wire();
}

// Beast draws keys at random; a fuzzer could not repeat what depends on them.
TEST(With_beast, the_same_choices_give_the_same_bytes)
{
    test::bytes how;
    for (unsigned i = 0; i < 300; ++i)
        how.push_back(static_cast<std::byte>(i * 37 % 251));
    const test::bytes once = wire_of_beasts_client(how);
    EXPECT_GT(once.size(), 300U);
    EXPECT_EQ(wire_of_beasts_client(how), once);
}

template <class Connection>
void converse()
{
    const test::bytes how = wires::choices();
    RC_LOG() << "choices: " << test::print(how) << std::endl;
    if (const auto broken = proptest::converses_with_beast(Connection(), test::byte_choices(how)))
        RC_FAIL(*broken);
}

RC_GTEST_PROP(With_beast, its_server_understands_wefts_client, ())
{
    converse<basic_connection<role::client, buffer::flat<139>>>();
}

RC_GTEST_PROP(With_beast, its_client_understands_wefts_server, ())
{
    converse<basic_connection<role::server, buffer::fixed<300>>>();
}

} // namespace
