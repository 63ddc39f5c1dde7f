// expect: utf8_policy
// expect: checker.finish()
// max-lines: 20
#include <weft/connection.hpp>

struct endless
{
    using slot = weft::utf8::slot;
    std::size_t write(std::span<const std::byte> bytes) noexcept;
};

weft::basic_connection<weft::role::server, endless> c;
