// Which instruction sets a kernel may be written for, and which the running processor has.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_KERNEL_ISA_HPP
#define WEFT_KERNEL_ISA_HPP

#if defined(__x86_64__) || defined(_M_X64)
#define WEFT_X86 1
#else
#define WEFT_X86 0
#endif

// Of AArch64: the older one lacks what the kernels are made of.
#if defined(_M_ARM64) || (defined(__ARM_NEON) && defined(__AARCH64EL__))
#define WEFT_NEON 1
#else
#define WEFT_NEON 0
#endif

// A function may use an instruction set that the rest of the program is not compiled for; no flag
// ever reaches a user. MSVC compiles every intrinsic everywhere; Clang in its place does not.
#if defined(__GNUC__) || defined(__clang__)
#define WEFT_TARGET(isa) __attribute__((target(isa)))
#else
#define WEFT_TARGET(isa)
#endif

// A piece of a kernel's loop. A compiler with much to weigh in one program would leave the call.
#if defined(__GNUC__) || defined(__clang__)
#define WEFT_INLINE __attribute__((always_inline)) inline
#else
#define WEFT_INLINE __forceinline
#endif

// The rare way on. Where it were inlined, the frequent one would pay for its registers.
#if defined(__GNUC__) || defined(__clang__)
#define WEFT_NOINLINE __attribute__((noinline))
#else
#define WEFT_NOINLINE __declspec(noinline)
#endif

#if WEFT_X86 && !defined(__GNUC__)
#include <immintrin.h>
#include <intrin.h>
#endif

namespace weft::kernel {

enum class isa : unsigned char { portable, ssse3, avx2, avx512, neon };

#if WEFT_X86 && !defined(__GNUC__)
namespace detail {

// CPUID says what the processor has, XGETBV what the operating system saves.
WEFT_TARGET("xsave")
inline bool msvc_supports(isa which) noexcept
{
    int leaf1[4];
    __cpuidex(leaf1, 1, 0);
    if (which == isa::ssse3)
        return (leaf1[2] & (1 << 9)) != 0;
    if ((leaf1[2] & (1 << 27)) == 0)
        return false;
    const unsigned long long saved = _xgetbv(0);
    int leaf7[4];
    __cpuidex(leaf7, 7, 0);
    if (which == isa::avx2)
        return (saved & 0x06) == 0x06 && (leaf7[1] & (1 << 5)) != 0;
    const int needed = (1 << 16) | (1 << 30);
    return (saved & 0xE6) == 0xE6 && (leaf7[1] & needed) == needed;
}

} // namespace detail
#endif

/// Whether the running processor, and its operating system, can execute kernels for `which`.
inline bool supports(isa which) noexcept
{
#if WEFT_X86 && defined(__GNUC__)
    __builtin_cpu_init(); // for who asks before the constructors of static objects run
#endif
    switch (which) {
    case isa::portable:
        return true;
    case isa::neon:
        return WEFT_NEON != 0;
#if WEFT_X86 && defined(__GNUC__)
    case isa::ssse3:
        return __builtin_cpu_supports("ssse3") != 0;
    case isa::avx2:
        return __builtin_cpu_supports("avx2") != 0;
    case isa::avx512:
        return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;
#elif WEFT_X86
    case isa::ssse3:
    case isa::avx2:
    case isa::avx512:
        return detail::msvc_supports(which);
#else
    case isa::ssse3:
    case isa::avx2:
    case isa::avx512:
        return false;
#endif
    }
    return false;
}

} // namespace weft::kernel

#endif
