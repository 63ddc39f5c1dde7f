// expect: masking_policy
// expect: P::apply(bytes, key, phase)
// max-lines: 20
#include <weft/connection.hpp>

struct mask_of_words
{
    using slot = weft::masking::slot;
    static void apply(std::span<std::byte> bytes, unsigned key) noexcept;
};

weft::basic_connection<weft::role::client, mask_of_words> c;
