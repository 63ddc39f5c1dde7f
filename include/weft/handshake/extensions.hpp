// The grammar of Sec-WebSocket-Extensions (RFC 6455 §9.1). Nothing is negotiated here.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_EXTENSIONS_HPP
#define WEFT_HANDSHAKE_EXTENSIONS_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <weft/handshake/chars.hpp>

namespace weft::handshake {

/// Walks over a list of extensions: each is a name and parameters, `name; p=1; q="2"; r`.
class extensions
{
public:
    enum class item : std::uint8_t {
        end,
        extension, ///< `name()` is a new extension's
        parameter, ///< `name()` and maybe `value()` belong to the extension before
        malformed  ///< the peer must be failed (§9.1); nothing follows
    };

    constexpr explicit extensions(std::string_view text) noexcept : rest_(text) {}

    /// The next item; empty list elements are passed over. The whole walk is O(size).
    constexpr item next() noexcept
    {
        if (malformed_)
            return item::malformed;
        skip_blanks();
        if (inside_ && take(';'))
            return take_parameter();
        if (inside_ && !rest_.empty() && rest_.front() != ',')
            return fail();
        while (take(','))
            skip_blanks();
        if (rest_.empty())
            return item::end;
        inside_ = true;
        return take_token(name_) ? item::extension : fail();
    }

    constexpr std::string_view name() const noexcept { return name_; }

    /// Whether the parameter has a value; `client_max_window_bits` may come without.
    constexpr bool has_value() const noexcept { return has_value_; }

    /// The parameter's value without quotes and backslashes: a token (§9.1).
    std::string value() const
    {
        std::string value;
        for (std::size_t i = 0; i < value_.size(); ++i)
            value += value_[value_[i] == '\\' ? ++i : i];
        return value;
    }

private:
    constexpr item take_parameter() noexcept
    {
        skip_blanks();
        if (!take_token(name_))
            return fail();
        skip_blanks();
        has_value_ = take('=');
        value_ = {};
        if (!has_value_)
            return item::parameter;
        skip_blanks();
        const bool taken = take('"') ? take_quoted() : take_token(value_);
        return taken ? item::parameter : fail();
    }

    // The rest of a quoted string whose unescaped content is a token.
    constexpr bool take_quoted() noexcept
    {
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            if (rest_[i] == '"') {
                value_ = rest_.substr(0, i);
                rest_.remove_prefix(i + 1);
                return !value_.empty();
            }
            if (rest_[i] == '\\' && ++i == rest_.size())
                return false;
            if (!is(chars::token, rest_[i]))
                return false;
        }
        return false;
    }

    constexpr bool take_token(std::string_view& token) noexcept
    {
        std::size_t size = 0;
        while (size < rest_.size() && is(chars::token, rest_[size]))
            ++size;
        token = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return size != 0;
    }

    constexpr bool take(char c) noexcept
    {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    constexpr void skip_blanks() noexcept
    {
        while (!rest_.empty() && is_blank(rest_.front()))
            rest_.remove_prefix(1);
    }

    constexpr item fail() noexcept
    {
        malformed_ = true;
        return item::malformed;
    }

    std::string_view rest_;
    std::string_view name_{};
    std::string_view value_{};
    bool has_value_ = false;
    bool inside_ = false;
    bool malformed_ = false;
};

/// How many extensions `text` lists, or -1 if it is malformed. O(size).
constexpr std::ptrdiff_t count_extensions(std::string_view text) noexcept
{
    extensions walk(text);
    std::ptrdiff_t n = 0;
    for (auto item = walk.next(); item != extensions::item::end; item = walk.next()) {
        if (item == extensions::item::malformed)
            return -1;
        n += item == extensions::item::extension ? 1 : 0;
    }
    return n;
}

static_assert(count_extensions("a; x=1; y=\"2\"; z, b") == 2 && count_extensions(" ,") == 0);
static_assert(count_extensions("a; x=") == -1 && count_extensions("a b") == -1);
static_assert(count_extensions("a; x=\"1,2\"") == -1 && count_extensions("a; x=\"1") == -1);

} // namespace weft::handshake

#endif
