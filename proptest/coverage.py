#!/usr/bin/env python3
"""What the tests and the seeds reach of include/weft: coverage.py <build folder>.

Reads the profiles of a run of the coverage preset, writes html/ and unreached.txt there, and prints a
line for each header, the worst first. A template counts once: a line or a branch is reached if any instantiation
reaches it, and what nobody instantiates is not looked at, so that it can't hide what is missing.
"""
import collections
import functools
import json
import pathlib
import shutil
import subprocess
import sys

VERSION = "-19" if shutil.which("llvm-cov-19") else ""
ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADERS = ROOT / "include/weft"


def programs(build):
    """Everything that was linked with the profiling run-time."""
    for path in sorted([*build.glob("proptest/*"), *build.glob("fuzz/*")]):
        if path.is_file() and path.stat().st_mode & 0o111 and path.read_bytes()[:4] == b"\x7fELF":
            yield path


def llvm_cov(command, build, objects, *options):
    first, *others = map(str, objects)
    return subprocess.run(
        [f"llvm-cov{VERSION}", command, f"-instr-profile={build / 'all.profdata'}", *options, first,
         *[f"-object={path}" for path in others], "-sources", str(HEADERS)],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def functions(build):
    """{name: record} of all functions and instantiations of include/weft. A program that doesn't use
    a function has a record of it too, of one region; llvm-cov itself takes the first that it finds,
    and so may report as unreached what other programs reach."""
    best = {}
    for program in programs(build):
        exported = json.loads(llvm_cov("export", build, [program], "-skip-expansions"))
        for record in exported["data"][0]["functions"]:
            if record["filenames"][0].startswith(str(HEADERS)):
                known = best.get(record["name"])
                if known is None or worth(record) > worth(known):
                    best[record["name"]] = record
    return best.values()


def worth(record):
    return len(record["regions"]), record["count"]


CODE, SKIPPED = 0, 2


def lines_of(record):
    """{line: count}: the innermost region tells of the lines that are all its own, and the greater
    count of those that it shares."""
    lines = {}
    regions = [region for region in record["regions"] if region[5] == 0 and region[7] in (CODE, SKIPPED)]
    for begin, _, end, _, count, *_, kind in sorted(regions, key=lambda r: (r[0], r[1], -r[2], -r[3])):
        for line in range(begin, end + 1):
            if kind == SKIPPED:
                lines.pop(line, None)
            elif begin < line < end:
                lines[line] = count
            else:
                lines[line] = max(lines.get(line, 0), count)
    return lines


def reached(build):
    """{header: ({line: count}, {outcome of a branch: count})}, over all instantiations. That a switch over
    an enumeration finds none of its cases is no branch: the compiler sees that each has one."""
    headers = collections.defaultdict(lambda: (collections.Counter(), collections.Counter()))
    for record in functions(build):
        header = record["filenames"][0]
        lines, branches = headers[header]
        lines.update(lines_of(record))
        for *place, taken, passed, file, _, _ in record["branches"]:
            if file == 0 and not text_before(header, *place[:2]).endswith("switch ("):
                branches[tuple(place), True] += taken
                branches[tuple(place), False] += passed
    return headers


@functools.cache
def rows_of(header):
    return pathlib.Path(header).read_text().splitlines()


def text_before(header, line, column):
    return rows_of(header)[line - 1][:column - 1]


def unreached(header, lines, branches):
    """What is missing, as a list of sentences."""
    missing = [(line, "never run") for line, count in lines.items() if count == 0]
    missing += [(place[0], f"never {str(outcome).lower()}") for (place, outcome), count in branches.items() if count == 0]
    name = pathlib.Path(header).relative_to(HEADERS)
    return [f"{name}:{line}: {what}: {rows_of(header)[line - 1].strip()}" for line, what in sorted(set(missing))]


def share(counts):
    return sum(count > 0 for count in counts), len(counts)


def percent(reached, of):
    return 100 * reached / of if of else 100.0


def show(name, lines, branches):
    print(f"{percent(*lines):6.1f} % of {lines[1]:5} lines  "
          f"{percent(*branches):6.1f} % of {branches[1]:5} branches  {name}")


def add(shares):
    return tuple(map(sum, zip(*shares))) if shares else (0, 0)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    profiles = sorted(str(path) for path in (build / "profile").glob("*.profraw"))
    (build / "profiles.txt").write_text("\n".join(profiles))
    subprocess.run([f"llvm-profdata{VERSION}", "merge", "-sparse", f"-input-files={build}/profiles.txt",
                    "-o", build / "all.profdata"], check=True)
    llvm_cov("show", build, programs(build), "-format=html", f"-output-dir={build / 'html'}",
             "-show-branches=count", "-show-instantiations=false")
    headers = reached(build)
    (build / "unreached.txt").write_text("".join(
        sentence + "\n" for header in sorted(headers) for sentence in unreached(header, *headers[header])))
    rows = [(str(pathlib.Path(file).relative_to(HEADERS)), share(lines.values()), share(branches.values()))
            for file, (lines, branches) in headers.items()]
    rows.sort(key=lambda row: (min(percent(*row[1]), percent(*row[2])), row[0]))
    own = [row for row in rows if not row[0].startswith("test/")]
    harness = [row for row in rows if row[0].startswith("test/")]
    for row in own:
        show(*row)
    show("test/, what the tests are made of", add([row[1] for row in harness]), add([row[2] for row in harness]))
    show("all but test/", add([row[1] for row in own]), add([row[2] for row in own]))
    print(f"by lines: {build / 'html/index.html'}; what is missing: {build / 'unreached.txt'}")


main()
