// A text that is checked as it comes, by any kernel (RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_UTF8_TEXT_HPP
#define WEFT_KERNEL_UTF8_TEXT_HPP

#include <bit>
#include <cstddef>
#include <span>
#include <type_traits>

#include <weft/kernel/isa.hpp>
#include <weft/kernel/mask_kernels.hpp>
#include <weft/kernel/utf8_dfa.hpp>
#include <weft/kernel/utf8_scalar.hpp>
#include <weft/kernel/utf8_short.hpp>
#include <weft/wire/masking_key.hpp>

namespace weft::kernel {

/// Equal to `utf8_dfa` for any cut of the text. `Kernel::takes`, if there is such a thing, knows
/// some short valid texts at the place of the call. `Kernel::prefix` and `unmask` take what they
/// can of whole code points; the cut ones at either end, the short rest and everything that is
/// wrong are left to the scalar form and to the reference, which finds the first byte that can't be
/// mended. The state is the reference's: one byte.
template <class Kernel>
class utf8_text
{
public:
    /// As `utf8_dfa::write`. O(n).
    WEFT_INLINE constexpr std::size_t write(std::span<const std::byte> bytes) noexcept
    {
        if constexpr (requires { Kernel::takes(bytes.data(), bytes.size()); })
            if (!std::is_constant_evaluated() && dfa_.complete() &&
                Kernel::takes(bytes.data(), bytes.size()))
                return bytes.size();
        std::size_t i = 0;
        if (!std::is_constant_evaluated() && dfa_.complete())
            i = Kernel::prefix(bytes.data(), bytes.size());
        if (i == bytes.size()) [[likely]]
            return i;
        const auto [dfa, taken] = write_parts(dfa_, bytes, i);
        dfa_ = dfa;
        return taken;
    }

    /// Unmasks all of `bytes`, as `mask_bytewise` does, and is `write` of what they are then: in
    /// one pass over them, but for a code point that was cut before them. O(n).
    WEFT_INLINE std::size_t write_masked(std::span<std::byte> bytes, masking_key key,
                                         std::size_t phase) noexcept
    {
        const std::size_t n = bytes.size();
        if (n >= 16 || !dfa_.complete())
            return write_masked_long(bytes, key, phase);
        if (std::endian::native != std::endian::little || n < 3)
            detail::mask_under_16(bytes.data(), bytes.data(), n, key, phase);
        else if (detail::utf8_unmask_3_to_15(bytes.data(), n, key, phase))
            return n;
        return write(bytes);
    }

    constexpr bool complete() const noexcept { return dfa_.complete(); }

private:
    WEFT_NOINLINE std::size_t write_masked_long(std::span<std::byte> bytes, masking_key key,
                                                std::size_t phase) noexcept
    {
        std::size_t i = 0;
        for (; i < bytes.size() && !dfa_.complete(); ++i) {
            bytes[i] ^= key[(phase + i) % 4];
            if (dfa_.write(bytes.subspan(i, 1)) == 0) {
                const auto rest = bytes.subspan(i + 1);
                mask_best(rest.data(), rest.data(), rest.size(), key, phase + i + 1);
                return i;
            }
        }
        const auto rest = bytes.subspan(i);
        i += Kernel::unmask(rest.data(), rest.data(), rest.size(), key, phase + i);
        return i + write(bytes.subspan(i));
    }

    struct written
    {
        utf8_dfa dfa;
        std::size_t taken;
    };

    // By value, so that a caller whose text is short keeps its state in a register.
    WEFT_NOINLINE static constexpr written
    write_parts(utf8_dfa dfa, std::span<const std::byte> bytes, std::size_t i) noexcept
    {
        for (;; ++i) {
            if (dfa.complete())
                i += whole_code_points(bytes.data() + i, bytes.size() - i);
            if (i == bytes.size() || dfa.write(bytes.subspan(i, 1)) == 0)
                return {dfa, i};
        }
    }

    static constexpr std::size_t whole_code_points(const std::byte* p, std::size_t n) noexcept
    {
        std::size_t fast = 0;
        if (!std::is_constant_evaluated())
            fast = Kernel::prefix(p, n);
        return fast == n ? n : fast + utf8_code_points(p + fast, n - fast);
    }

    utf8_dfa dfa_;
};

} // namespace weft::kernel

#endif
