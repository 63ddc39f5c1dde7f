"""Builds one test against changed headers, and runs it: what kills a mutant.

A test is named as in proptest/CMakeLists.txt (`kernel/mask`), a fuzz target as `fuzz/protocol`.
"""
import os
import re
import statistics
import subprocess
import tempfile
import time

CXX = os.environ.get("CXX", "g++")
CLANG = os.environ.get("CLANG", "clang++-19")
FLAGS = ["-std=c++20", "-O1", "-w", "-D_GLIBCXX_ASSERTIONS"]
SANITIZERS = ["-g", "-fno-omit-frame-pointer", "-fsanitize=fuzzer,address,undefined",
              "-fno-sanitize-recover=all"]
ALONE = {"kernel/cross"}  # tests with a main of their own


class BuildFailed(Exception):
    pass


def listed_tests(root):
    """{name: source files} of all that proptest/CMakeLists.txt builds."""
    text = (root / "proptest/CMakeLists.txt").read_text()
    libraries = {name: files.split() for name, files in re.findall(
        r"add_library\((\w+) STATIC EXCLUDE_FROM_ALL([^)]*)\)", text)}
    tests = {name: [] for name in ALONE}
    for name, rest in re.findall(r"^weft_test\(([^\s)]+)([^)]*)\)", text, re.M):
        files = re.search(r"SOURCES((?:\s+\S+\.cpp)+)", rest)
        tests[name] = files.group(1).split() if files else []
        for library, of in libraries.items():
            tests[name] += of if library in rest.split() else []
    return {name: [name + ".cpp", *more] for name, more in tests.items()}


class Program:
    def __init__(self, root, name):
        self.root, self.name = root, name
        self.fuzzes = name.startswith("fuzz/")
        if not self.fuzzes:
            self.sources = [root / "proptest" / file for file in listed_tests(root)[name]]

    def build(self, includes, out):
        where = [f"-I{folder}" for folder in [*includes, self.root / "proptest"]]
        if self.fuzzes:
            command = [CLANG, *FLAGS, *SANITIZERS, *where, str(self.root / f"{self.name}.cpp")]
        else:
            libraries = [] if self.name in ALONE else ["-lgtest_main", "-lgtest", "-lrapidcheck"]
            command = [CXX, *FLAGS, *where, *map(str, self.sources), *libraries, "-pthread"]
        done = subprocess.run([*command, "-o", str(out)], capture_output=True, text=True)
        if done.returncode != 0:
            raise BuildFailed(done.stderr[-2000:])

    def command(self, program, seed, limit, corpus):
        if not self.fuzzes:
            return [str(program)]
        target = self.name.removeprefix("fuzz/")
        options = (self.root / f"fuzz/{target}.options").read_text()
        dictionary = self.root / f"fuzz/{target}.dict"
        return [str(program), *(f"-{key}={value}" for key, value in re.findall(r"^(\w+) = (\w+)", options, re.M)),
                f"-seed={seed}", f"-max_total_time={limit}", f"-artifact_prefix={corpus}/found-",
                *([f"-dict={dictionary}"] if dictionary.exists() else []), corpus]

    def run(self, program, seed, limit):
        """(seconds, whether it failed). A failure is not made smaller. A test that goes on beyond the
        limit has failed; a fuzzer has not, since that is how it ends when it finds nothing. That a
        stream does something else than before is no law, and kills nothing."""
        environment = {**os.environ, "GTEST_BREAK_ON_FAILURE": "1", "RC_PARAMS": f"seed={seed} noshrink=1",
                       "GTEST_FILTER": "-*.does_the_same_in_every_build",
                       "ASAN_OPTIONS": "detect_stack_use_after_return=1"}
        with tempfile.TemporaryDirectory() as corpus:
            began = time.monotonic()
            try:
                done = subprocess.run(self.command(program, seed, limit, corpus), env=environment,
                                      cwd=self.root / "proptest", stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL,
                                      timeout=limit + (30 if self.fuzzes else 0))
                failed = done.returncode != 0
            except subprocess.TimeoutExpired:
                failed = True
            return time.monotonic() - began, failed

    def attempts(self, program, seeds, limit):
        """Seconds to the kill for each seed, infinite where it survives."""
        took = [self.run(program, seed, limit) for seed in range(1, seeds + 1)]
        return [seconds if failed else float("inf") for seconds, failed in took]


def median(times):
    return statistics.median_low(times)
