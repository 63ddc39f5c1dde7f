// A payload as it lies in memory and comes in parts: what masking and text checks are asked about.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_PAYLOAD_CASE_HPP
#define WEFT_TEST_PAYLOAD_CASE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>

#include <weft/test/verdict.hpp>
#include <weft/test/wire_writer.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::test {

struct payload_case
{
    std::span<const std::byte> plain{};
    masking_key key = example_key;
    std::size_t phase = 0;
    std::size_t offset = 0;            ///< in memory, from the beginning of a cache line
    std::array<std::size_t, 2> cuts{}; ///< where it is cut; those out of order or range are not
    /// Bytes before and behind it, a multiple of 64, that must not change; 0: a sanitizer says
    /// stop.
    std::size_t around = 0;
};

inline std::string print(const payload_case& in)
{
    std::string out = std::to_string(in.plain.size()) + " bytes, offset " +
                      std::to_string(in.offset) + ", phase " + std::to_string(in.phase);
    std::size_t at = 0;
    for (const std::size_t cut : in.cuts)
        if (cut > at && cut < in.plain.size())
            out += ", cut at " + std::to_string(at = cut);
    return out;
}

/// Whether both are the same bytes; quick in programs that are not optimised, too.
inline bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b) noexcept
{
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

/// Calls `part(at, size)`, which returns a verdict, for each part until one is wrong.
template <class Part>
verdict for_each_part(const payload_case& in, Part part)
{
    std::size_t at = 0;
    for (const std::size_t cut : {in.cuts[0], in.cuts[1], in.plain.size()}) {
        const std::size_t size = std::clamp(cut, at, in.plain.size()) - at;
        if (verdict wrong = part(at, size))
            return wrong;
        at += size;
    }
    return {};
}

/// Memory for a payload, where its case wants it. Kernels do not do the same at every address, and
/// what they do must not depend on where the allocator happens to be.
class payload_room
{
public:
    explicit payload_room(const payload_case& in)
        : size_(in.around + in.offset + in.plain.size() + in.around),
          memory_(static_cast<std::byte*>(::operator new(size_, line))),
          payload_(memory_.get() + in.around + in.offset, in.plain.size())
    {
        std::memset(memory_.get(), std::to_integer<int>(untouched), size_);
    }

    std::span<std::byte> payload() const noexcept { return payload_; }

    /// The place of a byte before or behind the payload that has changed, as a sentence.
    verdict touched_outside() const
    {
        const auto front = std::span<const std::byte>(memory_.get(), payload_.data());
        const auto back =
            std::span<const std::byte>(payload_.data() + payload_.size(), memory_.get() + size_);
        if (const std::size_t at = first_touched(front); at != front.size())
            return "the byte " + std::to_string(front.size() - at) + " before it changes";
        if (const std::size_t at = first_touched(back); at != back.size())
            return "byte " + std::to_string(payload_.size() + at) + ", behind it, changes";
        return {};
    }

private:
    static constexpr std::byte untouched{0xA7};
    static constexpr std::align_val_t line{64};
    struct deleter
    {
        void operator()(std::byte* p) const noexcept { ::operator delete(p, line); }
    };

    // All are as they were if the first is, and each is like the next.
    static std::size_t first_touched(std::span<const std::byte> all)
    {
        if (all.empty() || (all.front() == untouched &&
                            std::memcmp(all.data(), all.data() + 1, all.size() - 1) == 0))
            return all.size();
        return static_cast<std::size_t>(
            std::ranges::find_if(all, [](std::byte b) { return b != untouched; }) - all.begin());
    }

    std::size_t size_;
    std::unique_ptr<std::byte, deleter> memory_;
    std::span<std::byte> payload_;
};

} // namespace weft::test

#endif
