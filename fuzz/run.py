#!/usr/bin/env python3
"""Runs fuzz targets as a person wants to watch them: run.py <build folder> <seconds> <target>…

One line shows how it goes; libFuzzer's own log is <build folder>/<target>.log. An input that breaks
a law is made small and put among the seeds as a text, so that every test run repeats it. Of a corpus
that breaks none as many inputs stay as are needed to reach what it reaches.
"""
import hashlib
import pathlib
import re
import selectors
import shutil
import subprocess
import sys
import time

from readable import text_of

HERE = pathlib.Path(__file__).resolve().parent
STATUS = re.compile(r"^#(\d+)\s+\w+\s+(?:cov: (\d+) )?.*?corp: (\d+)/\S+.*exec/s: (\d+)")
SAID = re.compile(r"(law broken: .*|.*ERROR: .*|.*runtime error: .*|SUMMARY: .*)")
SECONDS_TO_MINIMISE = 30
SECONDS_TO_PRUNE = 60


def options_of(target):
    options = re.findall(r"^([a-z_]+) *= *(\S+)", (HERE / f"{target}.options").read_text(), re.M)
    flags = [f"-{key}={value}" for key, value in options]
    dictionary = HERE / f"{target}.dict"
    return flags + ([f"-dict={dictionary}"] if dictionary.exists() else [])


class Line:
    """The line that is drawn over itself on a terminal, and told now and then in a log."""

    def __init__(self, target, seconds):
        self.target, self.seconds, self.began = target, seconds, time.monotonic()
        self.edges = self.first_edges = self.inputs = self.speed = self.runs = 0
        self.terminal = sys.stdout.isatty()
        self.told = self.began

    def read(self, row):
        found = STATUS.match(row)
        if found:
            self.runs, edges, self.inputs, speed = (int(n or 0) for n in found.groups())
            self.edges = edges or self.edges
            self.first_edges = self.first_edges or (self.edges if "INITED" in row else 0)
            self.speed = speed or self.speed

    def text(self):
        passed = time.monotonic() - self.began
        grown = f" (+{self.edges - self.first_edges})" if self.first_edges else ""
        return (f"{self.target:<13} {min(passed, self.seconds):4.0f} of {self.seconds} s   "
                f"{self.speed:,} runs/s   {self.edges:,} edges{grown}   {self.inputs:,} inputs")

    def show(self):
        if time.monotonic() - self.told < (0.2 if self.terminal else 30):
            return
        self.told = time.monotonic()
        print(f"\r\033[K{self.text()}" if self.terminal else self.text() + "\n", end="", flush=True)

    def end(self, verdict):
        if self.terminal:
            print("\r\033[K", end="")
        print(f"{self.text()}   {verdict}", flush=True)


def watch(command, log, line):
    """Runs it, with its output in `log`; returns its status."""
    with log.open("w") as out, subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                                                 stderr=subprocess.STDOUT, errors="replace") as running:
        ready = selectors.DefaultSelector()
        ready.register(running.stdout, selectors.EVENT_READ)
        try:
            while True:
                if ready.select(timeout=1):
                    row = running.stdout.readline()
                    if not row:
                        break
                    out.write(row)
                    line.read(row)
                line.show()
        except KeyboardInterrupt:
            running.terminate()
            sys.exit("\nstopped")
        return running.wait()


def minimised(program, target, found, scratch):
    """The smallest input that still fails, as far as it is found in the time given."""
    small = scratch / "smallest"
    small.unlink(missing_ok=True)
    subprocess.run([str(program), "-minimize_crash=1", f"-max_total_time={SECONDS_TO_MINIMISE}",
                    f"-exact_artifact_path={small}", *options_of(target), str(found)],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return small if small.exists() and small.stat().st_size <= found.stat().st_size else found


def prune(program, target, corpus):
    """Leaves the fewest inputs that libFuzzer finds to reach what the corpus reaches; says how many."""
    chosen, before = corpus.with_name(f"{target}.chosen"), sum(1 for _ in corpus.iterdir())
    shutil.rmtree(chosen, ignore_errors=True)
    chosen.mkdir()
    try:
        subprocess.run([str(program), "-set_cover_merge=1", *options_of(target), str(chosen), str(corpus)],
                       check=True, timeout=SECONDS_TO_PRUNE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except subprocess.SubprocessError:
        shutil.rmtree(chosen)
        return f"{before:,} inputs in the corpus"
    shutil.rmtree(corpus)
    chosen.rename(corpus)
    return f"{sum(1 for _ in corpus.iterdir()):,} of {before:,} inputs kept"


def name_of(data):
    return "found_" + hashlib.sha256(data).hexdigest()[:8]


def regression_test(target, data):
    numbers = ", ".join(f"0x{b:02x}" for b in data)
    return f"""// weft_test({name_of(data)} SOURCES ../fuzz/{target}.cpp), in proptest/CMakeLists.txt, builds it.
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t);

TEST({target}, {name_of(data)})
{{
    const std::vector<std::uint8_t> input{{{numbers}}};
    LLVMFuzzerTestOneInput(input.data(), input.size());
}}"""


def report(program, target, found, log, scratch):
    data = minimised(program, target, found, scratch).read_bytes()
    print(f"\n{target} fails on an input of {found.stat().st_size} bytes, minimised to {len(data)}:\n")
    print(text_of(target, data), end="")
    rows = log.read_text(errors="replace").splitlines()
    first = next((i for i, row in enumerate(rows) if SAID.match(row)), len(rows))
    last = next((i for i, row in enumerate(rows) if "libFuzzer: deadly signal" in row), len(rows))
    print("\n" + "\n".join(rows[first:min(first + 12, last)]))
    seed = HERE / "seeds" / target / f"{name_of(data)}.txt"
    seed.write_text(text_of(target, data), encoding="utf-8")
    print(f"\nIt is now the seed {seed.relative_to(HERE.parent)}; give it a name that says what it shows."
          f"\nAs a test:\n\n{regression_test(target, data)}\n")


def fuzz(build, target, seconds):
    program = build / "fuzz" / f"fuzz_{target}"
    corpus, scratch, log = build / "corpus" / target, build / "found" / target, build / f"{target}.log"
    shutil.rmtree(scratch, ignore_errors=True)
    for folder in (corpus, scratch):
        folder.mkdir(parents=True, exist_ok=True)
    line = Line(target, seconds)
    # libFuzzer writes what it finds into the first folder, and never into the seeds.
    status = watch([str(program), f"-max_total_time={seconds}", f"-artifact_prefix={scratch}/",
                    *options_of(target), str(corpus), str(build / "fuzz" / "seeds" / target)], log, line)
    found = sorted(scratch.glob("*-*"))
    line.end("found something" if found else f"ended with {status}" if status != 0 else
             f"nothing found, {prune(program, target, corpus)}")
    if found:
        report(program, target, found[0], log, scratch)
    elif status != 0:
        print(f"see {log}")
    return status == 0 and not found


def main():
    build, seconds, targets = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]), sys.argv[3:]
    results = [fuzz(build, target, seconds) for target in targets]
    sys.exit(0 if all(results) else 1)


main()
