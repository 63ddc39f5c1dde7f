// The UTF-8 kernels, alone and while unmasking, beside simdjson's check, if it was found.
// `--all` adds every size from 0 to 130 to the selection.
// SPDX-License-Identifier: BSL-1.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#if WEFT_BENCH_SIMDJSON
#include <simdjson.h>
#endif

#include <weft/kernel/mask_kernels.hpp>
#include <weft/kernel/utf8_kernels.hpp>
#include <weft/kernel/utf8_text.hpp>

namespace {

using namespace weft::kernel;
using subject = std::function<bool(std::span<std::byte>)>;

// Its bytes are what they were: a key of zeros.
constexpr weft::masking_key no_key{};

bool check(std::span<const std::byte> bytes)
{
    utf8_text<utf8_best> text;
    return text.write(bytes) == bytes.size() && text.complete();
}

bool unmask_and_check(std::span<std::byte> bytes)
{
    utf8_text<utf8_best> text;
    return text.write_masked(bytes, no_key, 0) == bytes.size() && text.complete();
}

bool unmask_then_check(std::span<std::byte> bytes)
{
    mask_best(bytes.data(), bytes.data(), bytes.size(), no_key, 0);
    return check(bytes);
}

std::vector<std::pair<std::string, subject>> subjects()
{
    std::vector<std::pair<std::string, subject>> all;
#if WEFT_BENCH_SIMDJSON
    all.emplace_back("simdjson", [](std::span<std::byte> bytes) {
        return simdjson::validate_utf8(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    });
#endif
    for (const utf8_kernel& k : utf8_kernels())
        all.emplace_back(k.name, [prefix = k.prefix](std::span<std::byte> bytes) {
            return bytes.size() - prefix(bytes.data(), bytes.size()) < 70;
        });
    all.emplace_back("weft", check);
    all.emplace_back("unmask_and_check", unmask_and_check);
    all.emplace_back("unmask_then_check", unmask_then_check);
    return all;
}

std::string text_of(std::string_view part, std::size_t size)
{
    std::string text;
    while (text.size() + part.size() <= size)
        text += part;
    return text.append(size - text.size(), 'x');
}

void run(benchmark::State& state, const subject& apply, std::string_view part, std::size_t size)
{
    constexpr std::size_t offset = 6; // where the payload of a short masked frame begins
    std::vector<std::byte> memory(64 + offset + size);
    void* line = memory.data();
    std::size_t room = memory.size();
    std::byte* const first = static_cast<std::byte*>(std::align(64, 0, line, room)) + offset;
    const std::span bytes(first, size);
    const std::string text = text_of(part, size);
    std::ranges::copy(std::as_bytes(std::span(text)), bytes.begin());
    for ([[maybe_unused]] auto _ : state) {
        if (!apply(bytes))
            state.SkipWithError("refused");
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(size) *
                            static_cast<std::int64_t>(state.iterations()));
}

constexpr std::pair<const char*, std::string_view> texts[] = {
    {"ascii", "a"},
    {"two", "\xC3\xA9"},
    {"three", "\xE2\x82\xAC"},
    {"four", "\xF0\x9F\x98\x80"},
    {"mixed", "\xC3\x87"
              "a va? Gr\xC3\xB6\xC3\x9F"
              "e, \xE3\x81\x93\xE3\x82\x93, \xF0\x9F\x99\x82 plain words too. "},
};

} // namespace

int main(int argc, char** argv)
{
    const auto wants_all = [](std::string_view argument) { return argument == "--all"; };
    char** const kept = std::remove_if(argv + 1, argv + argc, wants_all);
    std::vector<std::size_t> sizes{16, 64, 125, 1024, 4096, 16384, 65536};
    if (kept != argv + argc)
        for (std::size_t n = 0; n <= 130; ++n)
            sizes.push_back(n);
    argc = static_cast<int>(kept - argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    for (const std::size_t size : sizes)
        for (const auto& [kind, part] : texts)
            for (const auto& [name, apply] : subjects()) {
                const std::string title = name + "/" + kind + "/size:" + std::to_string(size);
                benchmark::RegisterBenchmark(title.c_str(), run, apply, part, size)->MinTime(0.02);
            }
    benchmark::RunSpecifiedBenchmarks();
}
