// What became of an operation, and the one handler type that tells it: the fewer types of handlers
// a test has, the sooner it is compiled.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_STREAM_OUTCOME_HPP
#define WEFT_PROPTEST_STREAM_OUTCOME_HPP

#include <cstddef>
#include <ostream>

#include <weft/wire/error_code.hpp>

namespace weft::proptest {

struct outcome
{
    int calls = 0;
    error_code ec{};
    std::size_t bytes = 0;

    bool pending() const { return calls == 0; }
    bool is(error_code expected) const { return calls == 1 && ec == expected; }
    bool is(error_code expected, std::size_t n) const { return is(expected) && bytes == n; }
    bool ok() const { return is(error_code()); }
    bool ok(std::size_t n) const { return is(error_code(), n); }

    friend std::ostream& operator<<(std::ostream& out, const outcome& o)
    {
        return out << o.calls << " calls, " << o.ec.message() << ", " << o.bytes << " bytes";
    }
};

/// A completion handler of any operation: `async_read(buffer, into(outcome))`.
class into
{
public:
    explicit into(outcome& o) noexcept : to_(&o) {}

    void operator()(error_code ec, std::size_t n = 0) const
    {
        ++to_->calls;
        to_->ec = ec;
        to_->bytes = n;
    }

private:
    outcome* to_;
};

} // namespace weft::proptest

#endif
