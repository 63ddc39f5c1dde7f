"""Generated mutants of the headers below the stream, and the tests that kill them.

A change that compiles to the same code is no mutant. That is looked at only where no test fails,
because it costs more than a test. Nor is one that changes no result: equivalent.txt lists those that
were looked at. Of the others 95 % must be killed.
"""
import concurrent.futures
import hashlib
import os
import pathlib
import subprocess
import threading

from changes import changes_of
from headers import overlay
from programs import CXX, BuildFailed, Program, listed_tests
from progress import Progress

# A floor's own tests, then those of the floor that stands on it.
TESTS_OF = {"wire": ("wire", "protocol"), "kernel": ("kernel", "policy"),
            "policy": ("policy", "protocol"), "protocol": ("protocol",), "handshake": ("handshake",)}


KILLED_AT_LEAST = 0.95


def in_common(a, b):
    return len(os.path.commonprefix([a, b]))


class Trial:
    def __init__(self, root, build, limit):
        self.root, self.build, self.limit = root, build, limit
        self.limits = {}
        self.lock = threading.Lock()
        self.unchanged = {}

    def tests_of(self, header):
        """From the one that is named after the header to those of many files, which take long."""
        _, floor, name = pathlib.Path(header).with_suffix("").parts
        tests = {test: files for test, files in listed_tests(self.root).items()
                 if test.split("/")[0] in TESTS_OF[floor]}
        return sorted(tests, key=lambda test: (TESTS_OF[floor].index(test.split("/")[0]),
                                               -in_common(test.split("/")[1], name), len(tests[test])))

    def limit_of(self, test):
        """What it may take, by what it takes unchanged; there, it must pass."""
        with self.lock:
            if test not in self.limits:
                out = self.build / ("unchanged." + test.replace("/", "."))
                Program(self.root, test).build([self.build / "include"], out)
                took, failed = Program(self.root, test).run(out, 1, 10 * self.limit)
                if failed:
                    raise SystemExit(f"{test} fails on the unchanged headers: it can't tell what a mutant does")
                self.limits[test] = max(self.limit, 3 * took)
            return self.limits[test]

    def probe(self, header, includes, out):
        floor = pathlib.Path(header).parts[1]
        command = [CXX, "-std=c++20", "-O2", "-w", "-fkeep-inline-functions",
                   *[f"-I{folder}" for folder in includes],
                   "-c", str(self.root / f"mutants/probe/{floor}.cpp"), "-o", str(out)]
        if subprocess.run(command, capture_output=True).returncode != 0:
            return None
        return out.read_bytes()

    def same_code(self, change, changed, folder):
        floor = pathlib.Path(change.header).parts[1]
        with self.lock:
            if floor not in self.unchanged:
                out = self.build / f"unchanged.{floor}.o"
                self.unchanged[floor] = self.probe(change.header, [self.build / "include"], out)
        code = self.probe(change.header, [changed, self.build / "include"], folder / "probe.o")
        return code is not None and code == self.unchanged[floor]

    def outcome(self, change):
        folder = self.build / f"w{threading.get_ident()}"
        changed = overlay({pathlib.Path(change.header): change.apply()}, folder / "include")
        for test in self.tests_of(change.header):
            program, limit = Program(self.root, test), self.limit_of(test)
            try:
                program.build([changed, self.build / "include"], folder / "program")
            except BuildFailed:
                return "dropped", "does not compile"
            if program.run(folder / "program", 1, limit)[1]:
                return "killed", test
        if self.same_code(change, changed, folder):
            return "equivalent", "the same code"
        return "survived", ""


def all_changes(root, match):
    out = []
    for floor in TESTS_OF:
        for path in sorted((root / "include/weft" / floor).glob("*.hpp")):
            header = str(path.relative_to(root / "include"))
            if match in header and "neon" not in path.name: # another processor's
                out += changes_of(header, path.read_text())
    return out


def equivalents(root):
    """The names of the changes that are known to change no result."""
    rows = (root / "mutants/equivalent.txt").read_text().splitlines()
    return {row for row in rows if row and not row.startswith("#")}


def sample(changes, size, seed):
    """Chosen by what they are: nearly all of them are chosen again when others have come or gone, so
    that what survives is looked at once."""
    def by_chance(change):
        return hashlib.sha256(f"{seed} {change.name}".encode()).digest()

    return sorted(changes, key=by_chance)[:size]


def generated(options, root):
    changes = all_changes(root, options.match)
    total, known = len(changes), equivalents(root)
    if options.sample:
        changes = sample(changes, options.sample, options.seed)
    trial = Trial(root, options.build, options.seconds)
    survivors, progress = [], Progress(len(changes))
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        for change, (outcome, why) in zip(changes, pool.map(trial.outcome, changes)):
            if outcome == "survived" and change.names & known:
                outcome = "equivalent"
            progress.step(outcome, f"{change} {why}")
            if outcome == "survived":
                survivors.append(change)
    progress.end()
    counts = progress.counts
    killed, real = counts.get("killed", 0), counts.get("killed", 0) + len(survivors)
    print(f"{len(changes)} of {total} changes: {counts.get('dropped', 0)} do not compile, "
          f"{counts.get('equivalent', 0)} are the same code or change no result")
    print(f"{killed} of {real} mutants killed" + (f", {100 * killed / real:.1f} %" if real else ""))
    for change in survivors:
        print(f"survivor, in {change}")
    return real != 0 and killed >= KILLED_AT_LEAST * real
