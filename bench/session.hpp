// A run of Google Benchmark over many small groups. Each group stands at one place: its kernels run
// side by side in random order, several times each, so that what else the machine does meets all of
// them alike; the medians count.
// JSON goes to stdout, of which table.py and plot.py are made, or with --benchmark_format=console
// Google Benchmark's own list; progress goes to stderr.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BENCH_SESSION_HPP
#define WEFT_BENCH_SESSION_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "place.hpp"

namespace bench {

class session
{
public:
    /// Understands `--all` and Google Benchmark's options.
    session(int argc, char** argv);

    bool all() const noexcept { return all_; }

    /// When this group's turn has come, `make` measures its kernels; before the first of them that
    /// the command line wants, `arrange` readies the memory.
    void group(std::string name, std::function<void()> arrange, std::function<void()> make)
    {
        groups_.push_back({std::move(name), std::move(arrange), std::move(make)});
    }

    /// To be called by a group's `make`: `call(to, from)` again and again, at the place that both
    /// memories are arranged for.
    template <class Call>
    void measure(const std::string& name, const place& p, memory& to, memory& from, Call call)
    {
        const auto run = [this, p, &to, &from, call](benchmark::State& state) {
            if (const auto arrange = std::exchange(arrange_, nullptr))
                arrange();
            for ([[maybe_unused]] auto _ : state) {
                benchmark::DoNotOptimize(call(to.next(), from.next()));
                benchmark::ClobberMemory();
            }
            state.SetBytesProcessed(static_cast<std::int64_t>(p.size) * state.iterations());
        };
        benchmark::RegisterBenchmark(name.c_str(), run);
    }

    /// Measures all groups; what `main` returns.
    int run();

private:
    struct one_group
    {
        std::string name;
        std::function<void()> arrange;
        std::function<void()> make;
    };

    template <class Reporter>
    void run_groups();

    bool all_ = false;
    bool list_ = false; // instead of JSON
    std::vector<one_group> groups_;
    std::function<void()> arrange_; // the running group's, if that is still to be done
};

/// Few sizes, or every one from 0 to 130; then powers of two to 16 MiB.
std::vector<std::size_t> sizes(bool all);

/// Ends the program, saying which kernel gave a wrong answer where: its speed would mean nothing.
[[noreturn]] void wrong(const std::string& kernel, const std::string& where);

} // namespace bench

#endif
