// weft's errors and conditions as boost::system::error_code and error_condition.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_WIRE_ERROR_CODE_HPP
#define WEFT_WIRE_ERROR_CODE_HPP

#include <string>
#include <type_traits>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>

#include <weft/wire/error.hpp>

template <>
struct boost::system::is_error_code_enum<weft::error> : std::true_type
{};

template <>
struct boost::system::is_error_condition_enum<weft::condition> : std::true_type
{};

namespace weft {

using error_code = boost::system::error_code;

namespace detail {

class condition_category final : public boost::system::error_category
{
public:
    const char* name() const noexcept override { return "weft.condition"; }

    std::string message(int value) const override
    {
        switch (static_cast<condition>(value)) {
        case condition::none:
            return "no error";
        case condition::handshake_failed:
            return "the opening handshake failed";
        case condition::protocol_violation:
            return "the peer violated the WebSocket protocol";
        case condition::limit_exceeded:
            return "the peer exceeded a limit";
        case condition::timeout:
            return "a time limit has passed";
        case condition::misuse:
            return "the call was refused";
        }
        return "unknown condition";
    }
};

inline constexpr condition_category condition_category_instance{};

class error_category final : public boost::system::error_category
{
public:
    const char* name() const noexcept override { return "weft"; }

    std::string message(int value) const override
    {
        return describe(static_cast<error>(value)).sentence;
    }

    boost::system::error_condition default_error_condition(int value) const noexcept override
    {
        const auto family = describe(static_cast<error>(value)).family;
        if (family == condition::none)
            return {value, *this};
        return {static_cast<int>(family), condition_category_instance};
    }
};

inline constexpr error_category error_category_instance{};

} // namespace detail

/// The category of `weft::error`.
inline const boost::system::error_category& error_category() noexcept
{
    return detail::error_category_instance;
}

/// Found by argument-dependent lookup: `error_code ec = weft::error::closed;`
inline error_code make_error_code(error e) noexcept
{
    return {static_cast<int>(e), detail::error_category_instance};
}

/// Found by argument-dependent lookup: `ec == weft::condition::protocol_violation`.
inline boost::system::error_condition make_error_condition(condition c) noexcept
{
    return {static_cast<int>(c), detail::condition_category_instance};
}

} // namespace weft

#endif
