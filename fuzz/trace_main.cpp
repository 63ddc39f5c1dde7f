// Takes libFuzzer's place where check-build.sh asks whether a target does the same with the same
// input: prints for each file what its run counted, as one number.
#include <algorithm>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <thread>

extern "C" {
int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

// The counters of -fsanitize=fuzzer-no-link, between the names that the linker gives to a section.
[[gnu::visibility("hidden")]] extern std::uint8_t __start___sancov_cntrs;
[[gnu::visibility("hidden")]] extern std::uint8_t __stop___sancov_cntrs;
}

namespace {

const std::span counters(&__start___sancov_cntrs, &__stop___sancov_cntrs);

// In a thread of its own: what Beast's random generators have left over is kept in each thread.
void run(const char* path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    std::ranges::fill(counters, std::uint8_t(0));
    std::jthread([&bytes] {
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    });
}

std::uint64_t hash_of_counters() // FNV-1a
{
    std::uint64_t hash = 14'695'981'039'346'656'037u;
    for (const std::uint8_t count : counters)
        hash = (hash ^ count) * 1'099'511'628'211u;
    return hash;
}

} // namespace

int main(int argc, char** argv)
{
    const auto paths = std::span(argv, std::size_t(argc)).subspan(1);
    // What is done once, such as choosing a kernel, is done before anything is counted.
    std::ranges::for_each(paths, run);
    for (const char* path : paths) {
        run(path);
        std::printf("%016" PRIx64 " %s\n", hash_of_counters(), path);
    }
}
