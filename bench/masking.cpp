// Masking in place, and copying and masking in one pass: weft's kernels, policies of your own and
// the peers, beside memcpy of the same size.
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <weft/kernel/mask_kernels.hpp>

#include "kernels.hpp"
#include "place.hpp"
#include "session.hpp"

namespace {

using bench::masker;
using weft::masking_key;

constexpr masking_key key{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};

void copy(std::byte* to, const std::byte* from, std::size_t n, masking_key, std::size_t) noexcept
{
    std::memcpy(to, from, n);
}

// The roof; weft's default and the kernels it chooses from, of which the last, bytewise, is the
// naive loop; your own and the peers.
std::vector<masker> maskers()
{
    std::vector<masker> all{{"memcpy", copy, copy}, bench::masker_of<weft::masking::simd>("simd")};
    for (const auto& k : weft::kernel::mask_kernels())
        all.push_back({std::string(k.name), k.apply, k.apply});
    const auto& others = bench::added<masker>();
    all.insert(all.end(), others.begin(), others.end());
    return all;
}

void verify(const masker& m, std::size_t size, std::size_t offset, std::size_t phase)
{
    alignas(64) std::array<std::byte, 512> from, to; // with the 8 bytes to spare
    std::array<std::byte, 512> expected;
    for (std::size_t i = 0; i < from.size(); ++i)
        from[i] = static_cast<std::byte>(i * 151 + 17);
    const std::span out = std::span(to).subspan(offset, size);
    const std::span in = std::span(from).subspan(offset, size);
    const std::span should = std::span(expected).first(size);
    weft::kernel::mask_bytewise(should.data(), in.data(), size, key, phase);
    const std::string where = std::to_string(size) + " bytes, offset " + std::to_string(offset) +
                              ", phase " + std::to_string(phase);
    m.copy(out.data(), in.data(), size, key, phase);
    if (!std::ranges::equal(should, out))
        bench::wrong(m.name, "copying " + where);
    m.in_place(in.data(), in.data(), size, key, phase);
    if (!std::ranges::equal(should, in))
        bench::wrong(m.name, "in place " + where);
}

class benchmark_of_masking
{
public:
    benchmark_of_masking(int argc, char** argv) : session_(argc, argv)
    {
        for (const masker& m : maskers_)
            if (m.name != "memcpy")
                for (std::size_t size = 0; size <= 300; ++size)
                    for (std::size_t i = 0; i < 256; ++i)
                        verify(m, size, i / 4, i % 4);
    }

    int run()
    {
        const std::vector<std::size_t> sizes = bench::sizes(session_.all());
        for (const std::size_t size : sizes) {
            group("in_place", {size, 0, false}, 0);
            group("in_place", {size, 6, false}, 0); // a short masked frame's payload begins there
            group("copy", {size, 6, false}, 0);
            if (size >= 64) {
                group("in_place", {size, 6, true}, 0);
                group("copy", {size, 6, true}, 0);
            }
        }
        for (const std::size_t size : {125U, 1024U, 65536U}) {
            for (const std::size_t phase : {1U, 2U, 3U})
                group("in_place", {size, 6, false}, phase);
            for (const std::size_t offset : offsets())
                if (offset != 0 && offset != 6)
                    group("in_place", {size, offset, false}, 0);
            for (const std::size_t offset : {8U, 14U})
                group("copy", {size, offset, false}, 0);
        }
        return session_.run();
    }

private:
    std::vector<std::size_t> offsets() const
    {
        std::vector<std::size_t> some{1, 8, 14, 31, 63};
        if (session_.all()) {
            some.resize(64);
            for (std::size_t i = 0; i < 64; ++i)
                some[i] = i;
        }
        return some;
    }

    // A client copies from a buffer of its own, which begins where a line does, behind a header.
    void group(const char* operation, const bench::place& p, std::size_t phase)
    {
        const std::string at = "/" + p.name() + "/phase:" + std::to_string(phase);
        bench::place source = p;
        if (std::string_view(operation) == "copy")
            source.offset = 0;
        session_.group(
            operation + at, [this, p, source] { to_.arrange(p), from_.arrange(source); },
            [this, operation = std::string(operation), p, phase, at] {
                for (const masker& m : maskers_)
                    add(m, operation, p, phase, at);
            });
    }

    void add(const masker& m, const std::string& operation, const bench::place& p,
             std::size_t phase, const std::string& at)
    {
        const bool copies = operation == "copy" || m.name == "memcpy";
        const masker::function f = copies ? m.copy : m.in_place;
        session_.measure(operation + "/" + m.name + at, p, to_, from_,
                         [f, copies, n = p.size, phase](std::byte* to, const std::byte* from) {
                             f(to, copies ? from : to, n, key, phase);
                             return to;
                         });
    }

    bench::session session_;
    std::vector<masker> maskers_ = maskers();
    bench::memory to_{0};
    bench::memory from_{2048};
};

} // namespace

int main(int argc, char** argv) { return benchmark_of_masking(argc, argv).run(); }
