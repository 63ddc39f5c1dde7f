// expect: masking_policy
// expect-gcc: 'slow_mask::apply(bytes, key, phase)' is not 'noexcept'
// expect-clang: 'slow_mask::apply(bytes, key, phase)' may throw an exception
// max-lines: 16
#include <weft/connection.hpp>

struct slow_mask
{
    using slot = weft::masking::slot;
    static void apply(std::span<std::byte> bytes, weft::masking_key key, std::size_t phase);
};

weft::basic_connection<weft::role::client, slow_mask> c;
