// The echo of a client whose buffer is borrowed_139, with every masking and every check of text.
#include <stream/matrix.hpp>

namespace {

using namespace weft;

TEST(EchoOfAClient, is_the_same_for_all_policies_with_buffer_borrowed_139)
{
    proptest::traces_are_the_defaults<role::client, buffer::borrowed<139>, key_source::zero>();
}

} // namespace
