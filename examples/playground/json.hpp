// Just enough JSON to tell the page something.
// SPDX-License-Identifier: BSL-1.0
#ifndef PLAYGROUND_JSON_HPP
#define PLAYGROUND_JSON_HPP

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace playground {

/// Members in the order in which they were added. Strings are UTF-8.
class json_object
{
public:
    void add(std::string_view name, std::string_view value)
    {
        begin(name);
        append_string(value);
    }
    void add(std::string_view name, const char* value) { add(name, std::string_view(value)); }
    void add(std::string_view name, std::same_as<bool> auto value)
    {
        begin(name);
        text_ += value ? "true" : "false";
    }
    template <class Number>
        requires(std::integral<Number> || std::floating_point<Number>) &&
                (!std::same_as<Number, bool>)
    void add(std::string_view name, Number value)
    {
        begin(name);
        text_ += std::to_string(value);
    }

    std::string text() && { return std::move(text_) + "}"; }

private:
    void begin(std::string_view name)
    {
        text_ += text_.size() > 1 ? "," : "";
        append_string(name);
        text_ += ':';
    }

    void append_string(std::string_view value)
    {
        text_ += '"';
        for (const char c : value) {
            if (c == '"' || c == '\\')
                text_ += '\\';
            // Nothing that is told here has control characters that mean anything.
            text_ += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
        text_ += '"';
    }

    std::string text_ = "{";
};

} // namespace playground

#endif
