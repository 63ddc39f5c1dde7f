"""The planted bugs: patches that bring back what others have shipped, and what kills each."""
import dataclasses
import re

from headers import apply_patch, overlay
from programs import BuildFailed, Program, median

FOREVER = float("inf")


@dataclasses.dataclass
class Bug:
    number: int
    name: str
    text: str

    def says(self, key):
        found = re.search(rf"^{key}: (.*)$", self.text, re.M)
        return found.group(1) if found else ""


@dataclasses.dataclass
class Kill:
    by: str = ""
    times: tuple = (FOREVER,)

    @property
    def median(self):
        return median(self.times)

    def __str__(self):
        if self.median == FOREVER:
            return "survived"
        return f"{self.by}, {self.median:.2f} s"


def read_bugs(folder):
    paths = sorted(folder.glob("*.patch"))
    return [Bug(int(path.name[:2]), path.stem[3:].replace("_", " "), path.read_text())
            for path in paths]


class Trial:
    """Tries one bug after the other; every program is tried on the unchanged headers before."""

    def __init__(self, root, build, seeds, limit):
        self.root, self.build, self.seeds, self.limit = root, build, seeds, limit
        self.limits = {}

    def passes_unchanged(self, name):
        program, out = Program(self.root, name), self.build / ("unchanged." + name.replace("/", "."))
        program.build([self.build / "include"], out)
        took, failed = program.run(out, 1, 5 if program.fuzzes else 10 * self.limit)
        # Only what takes much longer than it should hangs.
        self.limits[name] = self.limit if program.fuzzes else max(self.limit, 3 * took)
        return not failed

    def kill(self, bug, names):
        folder = self.build / f"{bug.number:02d}"
        changed = overlay(apply_patch(bug.text, self.root), folder / "include")
        for name in names:
            program = Program(self.root, name)
            try:
                program.build([changed, self.build / "include"], folder / "program")
            except BuildFailed as failure:
                raise BuildFailed(f"{bug.number} {bug.name} with {name}: {failure}") from None
            times = program.attempts(folder / "program", self.seeds, self.limits[name])
            if median(times) != FOREVER:
                return Kill(name, tuple(times))
        return Kill()

    def tests_kill(self, bug):
        return self.kill(bug, bug.says("Tests").split())

    def fuzzers_kill(self, bug):
        return self.kill(bug, ["fuzz/" + name for name in bug.says("Fuzz").split()])


def seconds(n):
    return "-" if n == FOREVER else f"{n:.2f}"


def table(rows, fuzzed):
    """Markdown: what was planted, what killed it and how soon."""
    head = ["", "bug", "shipped by", "killed by", "s"]
    head += ["found from nothing by", "median s", "worst s"] if fuzzed else []
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for bug, test, fuzz in rows:
        cells = [str(bug.number), bug.says("Bug"), bug.says("Shipped") or "-", test.by or "**survives**",
                 seconds(test.median)]
        if fuzzed:
            cells += [fuzz.by or "-", seconds(fuzz.median), seconds(max(fuzz.times))]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
