// The echo of a client whose buffer is the default one, with every masking and every check of text.
#include <stream/matrix.hpp>

namespace {

using namespace weft;

TEST(EchoOfAClient, is_the_same_for_all_policies_with_the_default_buffer)
{
    proptest::traces_are_the_defaults<role::client, buffer::flat<>, key_source::secure>();
}

} // namespace
