// The header fields of a message that was received (RFC 9110 §5).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_HANDSHAKE_FIELDS_HPP
#define WEFT_HANDSHAKE_FIELDS_HPP

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <weft/handshake/chars.hpp>
#include <weft/handshake/field.hpp>
#include <weft/handshake/field_offsets.hpp>
#include <weft/handshake/list.hpp>

namespace weft::handshake {

/// Fields in the order of the wire, and the text that they stand in. Views into it are valid until
/// it is moved, changed or destroyed; what was moved from may only be assigned or destroyed.
class fields
{
public:
    class iterator;

    /// The number of fields.
    std::size_t size() const noexcept { return offsets_.size(); }

    /// Precondition: `index < size()`. O(1).
    field operator[](std::size_t index) const noexcept
    {
        const field_offsets& at = offsets_[index];
        const std::string_view text = text_;
        return {text.substr(at.name, at.name_end - at.name),
                text.substr(at.value, at.value_end - at.value)};
    }

    iterator begin() const noexcept;
    iterator end() const noexcept;

    /// The value of the first field of this name, whatever its case. O(size()).
    std::optional<std::string_view> find(std::string_view name) const noexcept
    {
        for (std::size_t i = 0; i < size(); ++i)
            if (named(i, name))
                return (*this)[i].value;
        return std::nullopt;
    }

    /// How many fields have this name, whatever its case. O(size()).
    std::size_t count(std::string_view name) const noexcept
    {
        std::size_t n = 0;
        for (std::size_t i = 0; i < size(); ++i)
            n += named(i, name) ? 1U : 0U;
        return n;
    }

    /// The value of the only field of this name; nothing if there is none, or more. O(size()).
    std::optional<std::string_view> find_only(std::string_view name) const noexcept
    {
        return count(name) == 1 ? find(name) : std::nullopt;
    }

    /// Calls `visit(element)` for the list elements of all fields of this name, in order, as if the
    /// values were joined by commas (RFC 9110 §5.3), until it returns false. O(bytes).
    template <class Visit>
    void each_element(std::string_view name, Visit visit) const
    {
        for (std::size_t i = 0; i < size(); ++i) {
            if (!named(i, name))
                continue;
            list elements((*this)[i].value);
            while (const auto element = elements.next())
                if (!visit(*element))
                    return;
        }
    }

    /// Whether `token`, whatever its case, is an element of this list field. O(bytes).
    bool has_token(std::string_view name, std::string_view token) const noexcept
    {
        bool found = false;
        each_element(name, [&](std::string_view element) {
            found = equal_ignoring_case(element, token);
            return !found;
        });
        return found;
    }

protected:
    std::string text_;
    field_offsets_list offsets_;

private:
    bool named(std::size_t index, std::string_view name) const noexcept
    {
        return equal_ignoring_case((*this)[index].name, name);
    }
};

/// Visits the fields in order.
class fields::iterator
{
public:
    using value_type = field;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using reference = field;
    using pointer = void;

    iterator() = default;
    iterator(const fields& of, std::size_t index) noexcept : of_(&of), index_(index) {}

    field operator*() const noexcept { return (*of_)[index_]; }

    iterator& operator++() noexcept
    {
        ++index_;
        return *this;
    }

    iterator operator++(int) noexcept { return iterator(*of_, index_++); }

    friend bool operator==(const iterator&, const iterator&) = default;

private:
    const fields* of_ = nullptr;
    std::size_t index_ = 0;
};

inline fields::iterator fields::begin() const noexcept { return {*this, 0}; }

inline fields::iterator fields::end() const noexcept { return {*this, size()}; }

} // namespace weft::handshake

#endif
