// The echo of a client whose buffer is flat_139, with every masking and every check of text.
#include <stream/matrix.hpp>

namespace {

using namespace weft;

TEST(EchoOfAClient, is_the_same_for_all_policies_with_buffer_flat_139)
{
    proptest::traces_are_the_defaults<role::client, buffer::flat<139>, key_source::zero>();
}

} // namespace
