// A comma-separated list in a field's value (RFC 9110 §5.6.1), with quoted strings in it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_LIST_HPP
#define WEFT_HANDSHAKE_LIST_HPP

#include <cstddef>
#include <optional>
#include <string_view>

#include <weft/handshake/chars.hpp>

namespace weft::handshake {

/// Walks over the elements of a list. Empty elements are passed over, as RFC 9110 §5.6.1.2 demands
/// of a recipient; a comma within a quoted string does not separate.
class list
{
public:
    constexpr explicit list(std::string_view value) noexcept : rest_(value) {}

    /// The next element without the blanks around it, or nothing at the end. The whole walk looks
    /// at each character a bounded number of times.
    constexpr std::optional<std::string_view> next() noexcept
    {
        while (!rest_.empty()) {
            const std::size_t size = element_size();
            const std::string_view element = trimmed(rest_.substr(0, size));
            rest_.remove_prefix(size < rest_.size() ? size + 1 : size);
            if (!element.empty())
                return element;
        }
        return std::nullopt;
    }

private:
    constexpr std::size_t element_size() const noexcept
    {
        bool quoted = false;
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            if (rest_[i] == ',' && !quoted)
                return i;
            if (rest_[i] == '"')
                quoted = !quoted;
            else if (rest_[i] == '\\' && quoted)
                ++i;
        }
        return rest_.size();
    }

    std::string_view rest_;
};

static_assert(list(" , a;x=\"1,\\\"2\" ,b").next() == "a;x=\"1,\\\"2\"");
static_assert(!list(" ,, ").next());

} // namespace weft::handshake

#endif
