// The reporter, the progress and what names the machine.
// SPDX-License-Identifier: BSL-1.0
#include "session.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string_view>
#include <utility>

#include <unistd.h>

#include <weft/kernel/isa.hpp>

namespace bench {

namespace {

// Google Benchmark would write one document for each group.
template <class Reporter>
class one_document : public Reporter
{
public:
    bool ReportContext(const benchmark::BenchmarkReporter::Context& context) override
    {
        if (!std::exchange(begun_, true)) {
            std::ostream& errors = this->GetErrorStream(); // a list's context would go there
            this->SetErrorStream(&this->GetOutputStream());
            Reporter::ReportContext(context);
            this->SetErrorStream(&errors);
        }
        return true;
    }
    void Finalize() override {}
    void finish()
    {
        if (begun_)
            Reporter::Finalize();
    }

private:
    bool begun_ = false;
};

// Without colours, which Google Benchmark would write into files, too.
class plain_list : public benchmark::ConsoleReporter
{
public:
    plain_list() : ConsoleReporter(OO_Tabular) {}
};

// Linux tells it in /proc/cpuinfo; a virtual machine often hides the model's name, not its family.
std::string processor()
{
    std::ifstream in("/proc/cpuinfo");
    std::string name, family, model, line;
    const auto take = [&](std::string& into, std::string_view key) {
        const std::size_t colon = line.find(": ");
        if (into.empty() && colon != std::string::npos && line.starts_with(key) &&
            line.find_first_of("\t:", key.size()) == key.size())
            into = line.substr(colon + 2);
    };
    while (std::getline(in, line)) {
        take(name, "model name");
        take(family, "cpu family");
        take(model, "model");
    }
    if (name.empty())
        return "unknown processor";
    return family.empty() ? name : name + " (family " + family + ", model " + model + ")";
}

std::string instruction_sets()
{
    using weft::kernel::isa;
    std::string all;
    for (const auto& [set, name] :
         {std::pair{isa::neon, "NEON"}, std::pair{isa::ssse3, "SSSE3"},
          std::pair{isa::avx2, "AVX2"}, std::pair{isa::avx512, "AVX-512"}})
        if (weft::kernel::supports(set))
            all += (all.empty() ? "" : ", ") + std::string(name);
    return all;
}

// One line that renews itself, or on a file ten of them.
void show_progress(std::size_t done, std::size_t all, const std::string& name)
{
    static const bool terminal = isatty(STDERR_FILENO) != 0;
    if (terminal)
        std::fprintf(stderr, "\r\033[K%3zu %%  %s", 100 * done / all, name.c_str());
    else if (10 * done / all != 10 * (done + 1) / all)
        std::fprintf(stderr, "%3zu %%\n", 100 * (done + 1) / all);
    if (terminal && done + 1 == all)
        std::fprintf(stderr, "\r\033[K");
}

} // namespace

session::session(int argc, char** argv)
{
    const auto wants_all = [](std::string_view argument) { return argument == "--all"; };
    char** const kept = std::remove_if(argv + 1, argv + argc, wants_all);
    all_ = kept != argv + argc;
    list_ = std::find(argv + 1, kept, std::string_view("--benchmark_format=console")) != kept;

    // Given first, so that the command line may say otherwise.
    std::array<std::string, 4> defaults{
        "--benchmark_enable_random_interleaving=true", "--benchmark_repetitions=7",
        "--benchmark_report_aggregates_only=true", "--benchmark_min_time=0.004"};
    std::vector<char*> arguments{argv[0]};
    for (std::string& option : defaults)
        arguments.push_back(option.data());
    arguments.insert(arguments.end(), argv + 1, kept);
    int count = static_cast<int>(arguments.size());
    arguments.push_back(nullptr);
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data()))
        std::exit(2);

    benchmark::AddCustomContext("processor", processor());
    benchmark::AddCustomContext("instruction sets", instruction_sets());
    benchmark::AddCustomContext("compiler", WEFT_BENCH_COMPILER);
    benchmark::AddCustomContext("flags", WEFT_BENCH_FLAGS);
    benchmark::AddCustomContext("not installed", WEFT_BENCH_NOT_INSTALLED);
}

int session::run()
{
    if (list_)
        run_groups<plain_list>();
    else
        run_groups<benchmark::JSONReporter>();
    return std::cout.flush() ? 0 : 1;
}

template <class Reporter>
void session::run_groups()
{
    one_document<Reporter> reporter;
    std::ostream nowhere(nullptr); // a filter that matches nothing of one group is no error
    reporter.SetErrorStream(&nowhere);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
        show_progress(i, groups_.size(), groups_[i].name);
        arrange_ = groups_[i].arrange;
        groups_[i].make();
        benchmark::RunSpecifiedBenchmarks(&reporter);
        benchmark::ClearRegisteredBenchmarks();
    }
    reporter.finish();
}

std::vector<std::size_t> sizes(bool all)
{
    std::vector<std::size_t> chosen{1, 2, 4, 7, 8, 15, 16, 31, 32, 33, 64, 100, 125, 128};
    if (all) {
        chosen.resize(131);
        for (std::size_t n = 0; n <= 130; ++n)
            chosen[n] = n;
    }
    for (std::size_t n = 256; n <= size_max; n *= 2)
        chosen.push_back(n);
    return chosen;
}

void wrong(const std::string& kernel, const std::string& where)
{
    std::fprintf(stderr, "%s gives a wrong answer: %s\n", kernel.c_str(), where.c_str());
    std::exit(1);
}

} // namespace bench
