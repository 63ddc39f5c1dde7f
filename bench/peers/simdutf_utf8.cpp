// simdutf's UTF-8 check: of whole texts only, so a stream would have to keep cut code points.
// It can't unmask: the two passes are weft's masking and this.
// SPDX-License-Identifier: BSL-1.0
#include <span>

#include <simdutf.h>

#include "../kernels.hpp"

namespace {

bool check(std::span<std::byte> bytes) noexcept
{
    return simdutf::validate_utf8(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

bool unmask_and_check(std::span<std::byte> bytes) noexcept
{
    weft::masking::simd::apply(bytes, bench::text_key, 0);
    return check(bytes);
}

const bench::add simdutf_{bench::checker{"simdutf", check, unmask_and_check}};

} // namespace
