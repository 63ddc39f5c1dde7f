// expect: buffer_policy
// expect: held.data()
// max-lines: 24
#include <weft/connection.hpp>

struct characters
{
    using slot = weft::buffer::slot;
    std::span<char> data() noexcept;
    std::span<std::byte> prepare(std::size_t room);
    void commit(std::size_t n) noexcept;
    void consume(std::size_t n) noexcept;
};

weft::basic_connection<weft::role::server, characters> c;
