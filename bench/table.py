#!/usr/bin/env python3
"""Prints what a benchmark wrote as JSON, as tables: table.py FILE"""
# SPDX-License-Identifier: BSL-1.0
import sys

import results


def cell(value, digits=1):
    return "-" if value is None else f"{value:.{digits}f}"


def print_rows(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(value.rjust(width) for value, width in zip(row, widths)).rstrip())


def print_section(r, section):
    kernels, default = r.kernels_of(section), r.default_of(section)
    others = [k for k in kernels if k != default and k not in results.KERNELS] if default else []
    print(f"\n== {results.title(section)}")
    rows = [["bytes", *kernels, *(["|", f"{default} /"] if others else []), *others]]
    for size in sorted(r.nanoseconds[section]):
        if size == 0:  # no bytes, only the call
            rates = [f"{r.nanoseconds[section][0][k]:.1f} ns" for k in kernels]
        else:
            rates = [cell(r.rate(section, size, k)) for k in kernels]
        ratios = [cell(r.ratio(section, size, default, k), 2) for k in others]
        rows.append([results.size_name(size), *rates, *(["|", ""] if others else []), *ratios])
    print_rows(rows)


def print_sweep(r, sections):
    """Other offsets and phases: weft's default over memcpy, for each size."""
    sections = sorted((s for s in sections if r.default_of(s)), key=lambda s: (s.operation, s.offset, s.phase))
    if not sections:
        return
    sizes = sorted({size for s in sections for size in r.nanoseconds[s]})
    print("\n== other offsets and phases, in cache: GB/s of weft's default, and its ratio to memcpy")
    rows = [["", "offset", "phase", *(name for size in sizes for name in (results.size_name(size), "/"))]]
    for s in sections:
        row = [", ".join(filter(None, (s.operation.replace("_", " "), s.text))), str(s.offset), str(s.phase)]
        for size in sizes:
            kernel = r.default_of(s)
            row += [cell(r.rate(s, size, kernel)), cell(r.ratio(s, size, kernel, results.ROOF), 2)]
        rows.append(row)
    print_rows(rows)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        r = results.Results(file)
    print(f"{r.machine}\n{r.compiler}")
    print(f"GB/s by processor time, medians of {r.repetitions} interleaved runs (which differ by "
          f"{100 * r.spread:.0f} %); last columns: ratios, above 1 where weft is faster")
    if r.absent:
        print(f"not installed, so left out: {', '.join(r.absent)}")
    whole, swept = r.sections()
    for section in whole:
        print_section(r, section)
    print_sweep(r, swept)


if __name__ == "__main__":
    main()
