#!/usr/bin/env python3
"""Shows that the tests find bugs: plants them, and sees what kills them.

run.py planted            the bugs of mutants/planted/, each by the tests that it names
run.py generated          simple changes of the headers of floors 0 to 2, by the tests of their floor
run.py check              whether all that is planted or listed has its place in the headers; builds nothing
"""
import argparse
import concurrent.futures
import pathlib
import subprocess
import sys

from generated import all_changes, equivalents, generated
from headers import apply_patch, copy_headers
from planted import FOREVER, Kill, Trial, read_bugs, table
from progress import Progress

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PLANTED = 40


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=["planted", "generated", "check"], nargs="?", default="planted")
    parser.add_argument("-j", type=int, default=1, metavar="N", help="mutants at a time (1)")
    parser.add_argument("--seconds", type=int, default=60, help="time limit of each run (60)")
    parser.add_argument("--seeds", type=int, default=3, help="runs, each of its own seed (3)")
    parser.add_argument("--only", default="", help="planted: numbers, as in 3,17,40")
    parser.add_argument("--fuzz", action="store_true",
                        help="planted: also by the fuzzers, from an empty corpus")
    parser.add_argument("--sample", type=int, default=0, help="generated: so many, chosen at random")
    parser.add_argument("--seed", type=int, default=1, help="generated: of the choice (1)")
    parser.add_argument("--match", default="", help="generated: only files whose path contains this")
    parser.add_argument("--markdown", metavar="FILE", help="write the table there")
    parser.add_argument("--build", type=lambda name: pathlib.Path(name).resolve(),
                        default=ROOT / "build/mutants", metavar="FOLDER")
    return parser.parse_args()


def check():
    bugs = read_bugs(HERE / "planted")
    for bug in bugs:
        try:
            apply_patch(bug.text, ROOT)
        except ValueError as wrong:
            sys.exit(f"planted bug {bug.number}, {bug.name}: {wrong}")
        if not bug.says("Bug") or not bug.says("Tests"):
            sys.exit(f"planted bug {bug.number}, {bug.name}: a header line is missing")
    if [bug.number for bug in bugs] != list(range(1, PLANTED + 1)):
        sys.exit(f"the planted bugs are not those from 1 to {PLANTED}")
    print(f"{len(bugs)} planted bugs have their place")
    made = set().union(*(change.names for change in all_changes(ROOT, "")))
    for name in equivalents(ROOT) - made:
        sys.exit(f"mutants/equivalent.txt has a change that nobody makes: {name}")


def expect_unchanged_passes(trial, names):
    progress = Progress(len(names))
    for name in names:
        if not trial.passes_unchanged(name):
            sys.exit(f"{name} fails on the unchanged headers: it can't tell what a mutant does")
        progress.step("pass unchanged", name)
    progress.end()


def planted(options):
    wanted = {int(n) for n in options.only.split(",") if n}
    bugs = [bug for bug in read_bugs(HERE / "planted") if not wanted or bug.number in wanted]
    if wanted - {bug.number for bug in bugs}:
        sys.exit(f"no bug has the number {min(wanted - {bug.number for bug in bugs})}")
    trial = Trial(ROOT, options.build, options.seeds, options.seconds)
    names = {name for bug in bugs for name in bug.says("Tests").split()}
    if options.fuzz:
        names |= {"fuzz/" + name for bug in bugs for name in bug.says("Fuzz").split()}
    expect_unchanged_passes(trial, sorted(names))

    def both(bug):
        test = trial.tests_kill(bug)
        return bug, test, trial.fuzzers_kill(bug) if options.fuzz else Kill()

    rows, progress = [], Progress(len(bugs))
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        for row in pool.map(both, bugs):
            rows.append(row)
            bug, test, fuzz = row
            found = f"; from nothing: {fuzz}" if options.fuzz else ""
            progress.step("killed" if test.by else "survived", f"{bug.number} {bug.name}: {test}{found}")
    progress.end()
    text = table(rows, options.fuzz)
    print(text)
    killed = [test.median for _, test, _ in rows if test.by]
    print(f"\n{len(killed)} of {len(rows)} planted bugs killed"
          + (f", median {sorted(killed)[len(killed) // 2]:.2f} s, worst {max(killed):.2f} s" if killed else ""))
    if options.fuzz:
        found = [fuzz.median for _, _, fuzz in rows if fuzz.median != FOREVER]
        missed = [bug for bug, _, fuzz in rows if bug.says("Fuzz") and fuzz.median == FOREVER]
        print(f"{len(found)} of {len(found) + len(missed)} found by a fuzzer from nothing"
              + (f", worst median {max(found):.2f} s" if found else ""))
        for bug in missed:
            print(f"not found: {bug.number} {bug.name}, by fuzz/{bug.says('Fuzz')}")
    if options.markdown:
        pathlib.Path(options.markdown).write_text(text + "\n")
    return len(killed) == len(rows) and not (options.fuzz and missed)


def main():
    options = arguments()
    if options.what == "check":
        check()
        return
    options.build.mkdir(parents=True, exist_ok=True)
    copy_headers(ROOT / "include", options.build / "include")
    if options.what == "planted":
        done = planted(options)
    else:
        done = generated(options, ROOT)
    sys.exit(0 if done else 1)


main()
