"""What a benchmark wrote as JSON, for table.py and plot.py: medians, in GB/s, by section.

A section is what one table or one plot shows: an operation, on a kind of text, hot or cold, at one
offset and phase, over all sizes.
"""
# SPDX-License-Identifier: BSL-1.0
import collections
import json
import statistics

# Weft's default where it is measured, the first of these: what ratios are taken of.
DEFAULTS = ("strict", "simd")
KERNELS = ("two passes", "avx512", "avx2", "ssse3", "neon", "word", "scalar", "dfa")
NAIVE = ("bytewise", "naive")
ROOF = "memcpy"

OPERATIONS = {
    "in_place": "masking in place",
    "copy": "copying and masking",
    "check": "checking UTF-8",
    "unmask_and_check": "unmasking and checking UTF-8",
}

Section = collections.namedtuple("Section", "operation text cold offset phase")


class Results:
    def __init__(self, file):
        text = file.read()
        if not text.strip():
            raise SystemExit("no benchmark matched")
        document = json.loads(text)
        context = document["context"]
        self.machine = f"{context['processor']}, {context['instruction sets']}"
        self.compiler = f"{context['compiler']}, {context['flags'].strip()}"
        self.absent = context["not installed"].split()
        self.caches = {
            f"L{c['level']}": c["size"] for c in context.get("caches", []) if c["type"] != "Instruction"
        }
        self.nanoseconds = {}  # section → size → kernel → median
        order, spreads = {}, []
        for run in document["benchmarks"]:
            if run.get("aggregate_name") == "cv":
                spreads.append(run["cpu_time"])
            if run.get("aggregate_name") != "median":
                continue
            section, kernel, size = parse(run["run_name"])
            self.nanoseconds.setdefault(section, {}).setdefault(size, {})[kernel] = run["cpu_time"]
            order.setdefault(kernel, run["family_index"])
            self.repetitions = run["repetitions"]
        if not order:
            raise SystemExit("no benchmark matched")
        self.kernels = sorted(order, key=order.get)
        self.spread = statistics.median(spreads)

    def sections(self):
        """Those over all sizes, and those about further offsets and phases, at a few sizes."""
        whole = [s for s in self.nanoseconds if s.cold or (s.offset in (0, 6) and s.phase == 0)]
        return whole, [s for s in self.nanoseconds if s not in whole]

    def kernels_of(self, section):
        sizes = self.nanoseconds[section].values()
        return [k for k in self.kernels if any(k in by_kernel for by_kernel in sizes)]

    def default_of(self, section):
        return next((k for k in DEFAULTS if k in self.kernels_of(section)), None)

    def rate(self, section, size, kernel):
        """GB/s; None where it wasn't measured."""
        time = self.nanoseconds[section].get(size, {}).get(kernel)
        return size / time if time else None

    def ratio(self, section, size, kernel, other):
        """How many times as fast as the other; None where one wasn't measured."""
        times = self.nanoseconds[section].get(size, {})
        return times[other] / times[kernel] if kernel in times and other in times else None


def parse(name):
    operation, kernel, *settings = name.split("/")
    keys = dict(s.split(":") for s in settings if ":" in s)
    section = Section(operation, keys.get("text"), "cold" in settings, int(keys["offset"]),
                      int(keys.get("phase", 0)))
    return section, kernel, int(keys["size"])


def size_name(size):
    for unit, name in ((1 << 20, " MiB"), (1 << 10, " KiB")):
        if size >= unit:
            return f"{size / unit:g}{name}"
    return str(size)


def title(section):
    words = OPERATIONS.get(section.operation, section.operation)
    if section.text:
        words += f", {section.text.replace('_', '-')} text"
    if section.operation == "copy":
        words += f" from the beginning of a cache line to {section.offset} bytes into one"
    else:
        words += f", beginning {section.offset} bytes into a cache line"
    if section.phase:
        words += f", phase {section.phase}"
    return words + (", out of cache" if section.cold else ", in cache")
