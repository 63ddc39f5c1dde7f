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

#include <weft/kernel/mask_bytewise.hpp>
#include <weft/kernel/mask_word.hpp>

namespace {

using weft::masking_key;
using kernel = void(std::span<std::byte>, masking_key, std::size_t phase);

void copy(std::span<std::byte> bytes, masking_key, std::size_t)
{
    static const std::vector<std::byte> source(std::size_t{1} << 20);
    if (!bytes.empty())
        std::memcpy(bytes.data(), source.data(), bytes.size());
}

void beast(std::span<std::byte> bytes, masking_key key, std::size_t phase)
{
    std::rotate(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(phase), key.end());
    std::uint32_t word = 0;
    std::memcpy(&word, key.data(), sizeof word);
    boost::beast::websocket::detail::prepared_key prepared;
    boost::beast::websocket::detail::prepare_key(prepared, word);
    boost::beast::websocket::detail::mask_inplace(
        boost::asio::mutable_buffer(bytes.data(), bytes.size()), prepared);
}

struct named_kernel
{
    std::string_view name;
    kernel* apply;
};

constexpr std::array kernels{
    named_kernel{"memcpy", copy},
    named_kernel{"bytewise", weft::kernel::mask_bytewise},
    named_kernel{"word", weft::kernel::mask_word},
    named_kernel{"beast", beast},
};

void run(benchmark::State& state, kernel* apply, std::size_t size, std::size_t offset,
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
        apply(bytes, key, phase);
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
    for (const named_kernel& k : kernels) {
        const std::string name = std::string(k.name) + "/size:" + std::to_string(size) +
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
