// The law of work: receiving costs no more than a constant for each byte and each frame (RFC 6455
// §10.4), counted by policies and not by a clock.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_WORK_LAW_HPP
#define WEFT_TEST_WORK_LAW_HPP

#include <cstddef>
#include <span>
#include <string>

#include <weft/connection.hpp>
#include <weft/test/any_budget.hpp>
#include <weft/test/model.hpp>
#include <weft/test/receiving.hpp>
#include <weft/test/verdict.hpp>

namespace weft::test {

/// What the counting policies of this thread have done.
struct work
{
    std::size_t looks = 0;   ///< into the buffer
    std::size_t moved = 0;   ///< bytes, from one place of the buffer to another
    std::size_t masked = 0;  ///< bytes that a key was applied to
    std::size_t checked = 0; ///< bytes of text
};

inline thread_local work work_done{};

/// The smallest flat buffer; it counts.
struct counting_buffer : buffer::flat<buffer_size_min>
{
    using flat = buffer::flat<buffer_size_min>;

    std::span<std::byte> data() noexcept
    {
        ++work_done.looks;
        return flat::data();
    }

    std::span<std::byte> prepare(std::size_t room)
    {
        const auto before = flat::data();
        const auto out = flat::prepare(room);
        note_move_of(before);
        return out;
    }

    void consume(std::size_t n) noexcept
    {
        ++work_done.looks;
        const auto rest = flat::data().subspan(n);
        flat::consume(n);
        note_move_of(rest);
    }

private:
    void note_move_of(std::span<const std::byte> held) noexcept
    {
        if (!held.empty() && flat::data().data() != held.data())
            work_done.moved += held.size();
    }
};

struct counting_masking
{
    using slot = masking::slot;

    static void apply(std::span<std::byte> some, masking_key key, std::size_t phase) noexcept
    {
        work_done.masked += some.size();
        masking::word::apply(some, key, phase);
    }
};

class counting_utf8
{
public:
    using slot = utf8::slot;

    std::size_t write(std::span<const std::byte> some) noexcept
    {
        work_done.checked += some.size();
        return checker_.write(some);
    }

    bool finish() noexcept { return checker_.finish(); }

private:
    utf8::strict checker_{};
};

/// Law 12: of a wire that comes in any pieces, each byte is moved, unmasked and checked at most
/// once, and the buffer is looked into at most eight times for each byte that came and each frame.
inline verdict receiving_takes_work_in_proportion(std::span<const std::byte> wire,
                                                  byte_choices choices = {},
                                                  const budget::limits& limits = {})
{
    using server = basic_connection<role::server, counting_buffer, counting_masking, counting_utf8,
                                    any_budget>;
    const std::size_t frames = model::read({.limits = limits}, wire).frames.size();
    work_done = {};
    hear_all(server(any_budget{limits}), wire, choices);
    const work done = work_done;
    if (done.moved <= wire.size() && done.masked <= wire.size() && done.checked <= wire.size() &&
        done.looks <= 8 * (wire.size() + frames + 1))
        return {};
    return std::to_string(wire.size()) + " bytes and " + std::to_string(frames) + " frames take " +
           std::to_string(done.looks) + " looks, and of bytes are moved " +
           std::to_string(done.moved) + ", unmasked " + std::to_string(done.masked) + ", checked " +
           std::to_string(done.checked);
}

} // namespace weft::test

#endif
