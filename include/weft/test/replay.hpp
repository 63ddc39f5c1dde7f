// Runs a fuzz target on files, for compilers that have no libFuzzer.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_REPLAY_HPP
#define WEFT_TEST_REPLAY_HPP

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace weft::test {

inline bool replay(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    const std::vector<char> read{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
        std::fprintf(stderr, "cannot read %s\n", file.string().c_str());
        return false;
    }
    // Named before it runs, so that an abort inside the target still shows its input.
    std::printf("%s\n", file.string().c_str());
    std::fflush(stdout);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(read.data()), read.size());
    return true;
}

/// The main of such a program: runs the target once on each file that is named, or that is found in
/// a folder that is named. A replay of nothing is an error, since it would look like a test that
/// passes.
inline int replay_main(int argc, char** argv)
{
    namespace fs = std::filesystem;
    std::size_t count = 0;
    bool readable = true;
    const auto run = [&](const fs::path& file) {
        if (replay(file))
            ++count;
        else
            readable = false;
    };
    for (int i = 1; i < argc; ++i) {
        if (!fs::is_directory(argv[i]))
            run(argv[i]);
        else
            for (const auto& entry : fs::recursive_directory_iterator(argv[i]))
                if (entry.is_regular_file())
                    run(entry.path());
    }
    std::printf("replayed %zu inputs\n", count);
    return readable && count > 0 ? 0 : 1;
}

} // namespace weft::test

#endif
