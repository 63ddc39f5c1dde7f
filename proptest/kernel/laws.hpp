// The laws of the kernels as plain functions, for programs without a test library: every kernel of
// this processor is equal to its reference (RFC 6455 §5.3, §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_KERNEL_LAWS_HPP
#define WEFT_PROPTEST_KERNEL_LAWS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include <weft/kernel/mask_kernels.hpp>
#include <weft/kernel/utf8_kernels.hpp>
#include <weft/kernel/utf8_text.hpp>

namespace weft::proptest {

struct kernel_input
{
    std::span<const std::byte> plain;
    masking_key key{};
    std::size_t phase = 0;
    std::size_t offset = 0;            ///< in memory, from the beginning of a cache line
    std::array<std::size_t, 2> cuts{}; ///< where a text is cut; those out of order or range are not
};

/// Bytes from the beginning of a cache line: kernels do not do the same at every address, and what
/// they do must not depend on where the allocator happens to be.
class line_aligned
{
public:
    explicit line_aligned(std::size_t size)
        : bytes_(static_cast<std::byte*>(::operator new(size, line)), deleter())
    {}
    std::byte* data() const noexcept { return bytes_.get(); }

private:
    static constexpr std::align_val_t line{64};
    struct deleter
    {
        void operator()(std::byte* p) const noexcept { ::operator delete(p, line); }
    };
    std::unique_ptr<std::byte, deleter> bytes_;
};

class kernel_laws
{
public:
    explicit kernel_laws(const kernel_input& in)
        : in_(in),
          wire_(in.plain.size()),
          room_(in.offset + in.plain.size()),
          out_(room_.data() + in.offset, in.plain.size()) // it ends where a sanitizer says stop
    {
        kernel::mask_bytewise(wire_.data(), in.plain.data(), wire_.size(), in.key, in.phase);
    }

    /// The name of a kernel that breaks a law, or nothing.
    std::string_view broken()
    {
        for (const kernel::mask_kernel& k : kernel::mask_kernels())
            if (!masks_and_unmasks(k))
                return k.name;
        for (const kernel::utf8_kernel& k : kernel::utf8_kernels())
            if (!unmasks_all(k) || !reads_parts(k))
                return k.name;
        return {};
    }

private:
    bool masks_and_unmasks(const kernel::mask_kernel& k)
    {
        k.apply(out_.data(), wire_.data(), wire_.size(), in_.key, in_.phase);
        if (!std::ranges::equal(out_, in_.plain))
            return false;
        k.apply(out_.data(), out_.data(), out_.size(), in_.key, in_.phase);
        return std::ranges::equal(out_, wire_);
    }

    bool unmasks_all(const kernel::utf8_kernel& k)
    {
        std::ranges::fill(out_, std::byte{0x5A});
        return k.unmask(out_.data(), wire_.data(), wire_.size(), in_.key, in_.phase) ==
                   k.prefix(in_.plain.data(), in_.plain.size()) &&
               std::ranges::equal(out_, in_.plain);
    }

    // Plain and masked, in place.
    bool reads_parts(const kernel::utf8_kernel& k)
    {
        kernel::force_utf8_kernel(k.name);
        std::ranges::copy(wire_, out_.begin());
        kernel::utf8_dfa reference;
        kernel::utf8_text<kernel::utf8_best> checker, unmasker;
        std::size_t at = 0;
        for (const std::size_t cut : {in_.cuts[0], in_.cuts[1], in_.plain.size()}) {
            const auto part = in_.plain.subspan(at, std::clamp(cut, at, in_.plain.size()) - at);
            const auto masked = out_.subspan(at, part.size());
            const std::size_t good = reference.write(part);
            if (checker.write(part) != good ||
                unmasker.write_masked(masked, in_.key, in_.phase + at) != good ||
                !std::ranges::equal(masked, part))
                return false;
            if (good != part.size())
                return true;
            if (checker.complete() != reference.complete() ||
                unmasker.complete() != reference.complete())
                return false;
            at += part.size();
        }
        return true;
    }

    kernel_input in_;
    std::vector<std::byte> wire_;
    line_aligned room_;
    std::span<std::byte> out_;
};

} // namespace weft::proptest

#endif
