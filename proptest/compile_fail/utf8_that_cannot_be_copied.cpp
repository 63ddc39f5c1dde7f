// expect: utf8_policy
// expect: copyable
// max-lines: 30
#include <weft/connection.hpp>

struct unique
{
    using slot = weft::utf8::slot;
    unique() = default;
    unique(const unique&) = delete;
    std::size_t write(std::span<const std::byte> bytes) noexcept;
    bool finish() noexcept;
};

weft::basic_connection<weft::role::server, unique> c;
