// Close codes (RFC 6455 §7.4) against the list that the RFC and IANA's registry print.
#include <weft/wire/close_code.hpp>

#include <set>

#include <gtest/gtest.h>

namespace {

// §7.4.1 without the three that "MUST NOT be set as a status code in a Close control frame", and
// what IANA registered since (1012–1014); then the two open ranges of §7.4.2.
std::set<unsigned> sendable()
{
    std::set<unsigned> out{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014};
    for (unsigned registered = 3000; registered <= 3999; ++registered)
        out.insert(registered);
    for (unsigned of_an_application = 4000; of_an_application <= 4999; ++of_an_application)
        out.insert(of_an_application);
    return out;
}

TEST(close_code, exactly_the_codes_of_the_registry_may_be_on_the_wire)
{
    const std::set<unsigned> listed = sendable();
    for (unsigned n = 0; n <= 65535; ++n)
        ASSERT_EQ(weft::may_be_on_wire(weft::close_code{static_cast<std::uint16_t>(n)}),
                  listed.contains(n))
            << n;
}

TEST(close_code, each_name_has_the_number_that_the_rfc_gives_it)
{
    using enum weft::close_code;
    const std::pair<weft::close_code, unsigned> names[] = {
        {normal, 1000},          {going_away, 1001},
        {protocol_error, 1002},  {unsupported_data, 1003},
        {no_status, 1005},       {abnormal, 1006},
        {invalid_payload, 1007}, {policy_violation, 1008},
        {message_too_big, 1009}, {extension_required, 1010},
        {internal_error, 1011},  {service_restart, 1012},
        {try_again_later, 1013}, {bad_gateway, 1014},
        {tls_handshake, 1015}};
    for (const auto& [code, number] : names)
        EXPECT_EQ(static_cast<unsigned>(code), number);
}

} // namespace
