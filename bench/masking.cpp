// The masking kernels beside memcpy and Beast's: sizes, offsets from a cache line, phases of the
// key.
// `--all` adds every size from 0 to 130, more offsets and all phases to the selection.
// SPDX-License-Identifier: BSL-1.0

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/asio/buffer.hpp>
#include <boost/beast/websocket/detail/mask.hpp> // not its interface; the peer to compare with

#include <weft/kernel/mask_kernels.hpp>

namespace {

using weft::masking_key;
using weft::kernel::mask_function;

void copy(std::byte* to, const std::byte*, std::size_t n, masking_key, std::size_t) noexcept
{
    static const std::vector<std::byte> source(std::size_t{1} << 20);
    std::memcpy(to, source.data(), n);
}

void beast(std::byte* to, const std::byte*, std::size_t n, masking_key key,
           std::size_t phase) noexcept
{
    std::rotate(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(phase), key.end());
    std::uint32_t word = 0;
    std::memcpy(&word, key.data(), sizeof word);
    boost::beast::websocket::detail::prepared_key prepared;
    boost::beast::websocket::detail::prepare_key(prepared, word);
    boost::beast::websocket::detail::mask_inplace(boost::asio::mutable_buffer(to, n), prepared);
}

struct named_kernel
{
    std::string name;
    mask_function apply;
};

// What this processor can run of weft's, in place, between the roof and the peer.
std::vector<named_kernel> kernels()
{
    std::vector<named_kernel> all{{"memcpy", copy}};
    for (const auto& k : weft::kernel::mask_kernels())
        all.push_back({std::string(k.name), k.apply});
    all.push_back({"simd", weft::kernel::mask_best});
    all.push_back({"beast", beast});
    return all;
}

void run(benchmark::State& state, mask_function apply, std::size_t size, std::size_t offset,
         std::size_t phase)
{
    constexpr masking_key key{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};
    struct alignas(64) line
    {
        std::array<std::byte, 64> bytes;
    };
    std::vector<line> memory((offset + size) / sizeof(line) + 1);
    const std::span<std::byte> bytes(memory.front().bytes.data() + offset, size);
    for ([[maybe_unused]] auto _ : state) {
        apply(bytes.data(), bytes.data(), bytes.size(), key, phase);
        benchmark::DoNotOptimize(bytes.data());
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(size) *
                            static_cast<std::int64_t>(state.iterations()));
}

std::vector<std::size_t> sizes(bool all)
{
    std::vector<std::size_t> chosen;
    if (all)
        for (std::size_t n = 0; n <= 130; ++n)
            chosen.push_back(n);
    else
        chosen = {0, 1, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 100, 125, 126};
    for (std::size_t n = 256; n <= std::size_t{1} << 20; n *= all ? 2 : 4)
        chosen.push_back(n);
    return chosen;
}

// Kernels stand beside each other at each size, so that noise of the machine meets all of them.
void add(std::size_t size, std::size_t offset, std::size_t phase)
{
    for (const named_kernel& k : kernels()) {
        const std::string name = k.name + "/size:" + std::to_string(size) +
                                 "/offset:" + std::to_string(offset) +
                                 "/phase:" + std::to_string(phase);
        benchmark::RegisterBenchmark(name.c_str(), run, k.apply, size, offset, phase)
            ->MinTime(0.02);
    }
}

} // namespace

int main(int argc, char** argv)
{
    const auto wants_all = [](std::string_view argument) { return argument == "--all"; };
    char** const kept = std::remove_if(argv + 1, argv + argc, wants_all);
    const bool all = kept != argv + argc;
    argc = static_cast<int>(kept - argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;

    for (const std::size_t size : sizes(all)) {
        add(size, 0, 0);
        add(size, 6, 0); // where the payload of a short masked frame begins
        if (all)
            for (const std::size_t offset : {1U, 8U, 14U, 31U, 63U})
                for (const std::size_t phase : {0U, 1U, 2U, 3U})
                    add(size, offset, phase);
    }
    add(125, 6, 1);
    benchmark::RunSpecifiedBenchmarks();
}
