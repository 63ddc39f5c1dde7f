// Small decisions read from a list of bytes: how much of a read, how much of a write.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_BYTE_CHOICES_HPP
#define WEFT_TEST_BYTE_CHOICES_HPP

#include <algorithm>
#include <cstddef>
#include <span>

namespace weft::test {

/// Answers questions from the bytes that it is given, round and round, so that a law is a function
/// of bytes: a fuzzer's, a generator's, or a test's own. Without bytes it always says "all".
class byte_choices
{
public:
    byte_choices() = default;
    explicit byte_choices(std::span<const std::byte> answers) : answers_(answers) {}

    /// A number from 0 to 255.
    unsigned next() noexcept
    {
        if (answers_.empty())
            return 0;
        ++asked_;
        return std::to_integer<unsigned>(answers_[at_++ % answers_.size()]);
    }

    /// From 1 to `most`, which is above 0; a zero byte means all of it.
    std::size_t amount(std::size_t most) noexcept
    {
        const std::size_t n = next();
        return n == 0 ? most : std::min(n, most);
    }

    bool flip() noexcept { return next() % 2 != 0; }

    /// Whether every byte has been asked for once.
    bool used_up() const noexcept { return asked_ >= answers_.size(); }

private:
    std::span<const std::byte> answers_{};
    std::size_t at_ = 0;
    std::size_t asked_ = 0;
};

} // namespace weft::test

#endif
