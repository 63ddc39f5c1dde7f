// Every vector, whole and one byte at a time, through a connection of the other role and the model.
#include <gtest/gtest.h>

#include <protocol/endpoint.hpp>
#include <protocol/vectors/vectors.hpp>

namespace {

using namespace weft;

class Rfc6455 : public testing::TestWithParam<vectors::vector>
{};

template <class Connection>
void expect_heard(const vectors::vector& v)
{
    const std::byte one{1};
    for (const test::byte_choices choices : {test::byte_choices(), test::byte_choices({&one, 1})}) {
        const auto heard = test::hear_all(Connection(), v.wire, choices);
        EXPECT_EQ(heard.happenings, v.expected)
            << "heard" << print(heard.happenings) << "\nexpected" << print(v.expected);
        EXPECT_EQ(test::a_connection_receives_what_the_model_reads(Connection(), v.wire, choices),
                  test::verdict());
    }
}

TEST_P(Rfc6455, says_so)
{
    const vectors::vector& v = GetParam();
    const auto run = test::model::read({.from_client = v.from_client}, v.wire);
    EXPECT_EQ(run.happenings, v.expected)
        << "the model reads" << print(run.happenings) << "\nexpected" << print(v.expected);
    if (!v.expected.empty() && v.expected.back().what == event::type::fault) {
        EXPECT_EQ(run.happenings.back().settled, v.expected.back().settled);
    }
    if (v.from_client)
        expect_heard<server>(v);
    else
        expect_heard<client>(v);
}

INSTANTIATE_TEST_SUITE_P(, Rfc6455, testing::ValuesIn(vectors::all()),
                         [](const auto& v) { return "s" + v.param.shows; });

} // namespace
