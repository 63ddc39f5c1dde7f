#!/usr/bin/env python3
"""Draws what a benchmark wrote as JSON, one plot for each section: plot.py FILE FOLDER"""
# SPDX-License-Identifier: BSL-1.0
import os
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  the backend must be chosen before

import results  # noqa: E402

pyplot.rcParams.update({
    "font.family": "DejaVu Sans", "font.size": 11, "svg.hashsalt": "weft", "svg.fonttype": "path",
    "axes.spines.top": False, "axes.spines.right": False,
})

# Okabe and Ito's colours, which colour-blind people tell apart. Weft's own are blues.
DEFAULT = "#004C99"
OURS = ["#0072B2", "#3A9AD9", "#6AAED6", "#7F93A8"]
PEERS = ["#D55E00", "#E69F00", "#009E73", "#CC79A7", "#7A5230"]
GREY = "#8A8A8A"

SHORT = 128  # bytes: a plot of their own, since most messages are short


def styles(r, section):
    """Kernel → how its line is drawn."""
    default = r.default_of(section)
    ours, peers = iter(OURS * 2), iter(PEERS * 2)
    chosen = {}
    for kernel in r.kernels_of(section):
        if kernel == results.ROOF:
            chosen[kernel] = {"color": GREY, "linestyle": "--", "linewidth": 1.4, "zorder": 2}
        elif kernel == default:
            chosen[kernel] = {"color": DEFAULT, "linewidth": 2.8, "zorder": 5}
        elif kernel in results.NAIVE:
            chosen[kernel] = {"color": GREY, "linestyle": ":", "linewidth": 1.6, "zorder": 3}
        elif kernel in results.KERNELS or kernel in results.DEFAULTS:
            chosen[kernel] = {"color": next(ours), "linewidth": 1.4, "zorder": 4}
        else:
            chosen[kernel] = {"color": next(peers), "linewidth": 1.8, "zorder": 4}
    return chosen


def apart(heights, distance, low, high):
    """The same heights, in their order, moved until each has its distance from the next."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed, at = list(heights), low
    for i in order:
        placed[i] = at = max(placed[i], at)
        at += distance
    at = high
    for i in reversed(order):
        placed[i] = at = min(placed[i], at)
        at -= distance
    return placed


def name_lines(axes, ends):
    """The names stand at the right ends of their lines, so that nobody must look up a legend."""
    names = list(ends)
    to_height = (axes.transData - axes.transAxes).transform
    at = axes.get_xlim()[1]
    values = [to_height((at, ends[k][0]))[1] for k in names]
    for name, value, height in zip(names, values, apart(values, 0.047, 0, 1)):
        style = ends[name][1]
        label = f"{name} (naive loop)" if name == "bytewise" else name
        axes.annotate(label, xy=(1, value), xytext=(1.035, height), xycoords="axes fraction",
                      textcoords="axes fraction", va="center", fontsize=10.5,
                      color="#555555" if style["color"] == GREY else style["color"],
                      fontweight="bold" if style["linewidth"] > 2 else "normal",
                      arrowprops={"arrowstyle": "-", "color": style["color"], "linewidth": 0.7,
                                  "shrinkA": 1, "shrinkB": 0, "relpos": (0, 0.5)})


def draw(r, section, short):
    figure, axes = pyplot.subplots(figsize=(9, 5.3), dpi=150)
    figure.subplots_adjust(left=0.085, right=0.77, top=0.89, bottom=0.165)
    sizes = [s for s in sorted(r.nanoseconds[section]) if s > 0 and (s <= SHORT or not short)]
    chosen = styles(r, section)
    low, top, ends = float("inf"), 0, {}
    for kernel, style in chosen.items():
        points = [(s, r.rate(section, s, kernel)) for s in sizes]
        points = [(s, rate) for s, rate in points if rate is not None]
        axes.plot(*zip(*points), **style)
        if kernel == results.ROOF:
            axes.fill_between(*zip(*points), color=GREY, alpha=0.13, linewidth=0, zorder=1)
        low, top = min(low, *(rate for _, rate in points)), max(top, *(rate for _, rate in points))
        ends[kernel] = points[-1][1], style
    top *= 1.05
    axes.set_xlim(sizes[0], sizes[-1])
    if section.text:  # from the naive loop to memcpy, two powers of ten lie
        axes.set_yscale("log", base=2)
        axes.set_ylim(low / 1.1, top * 1.1)
        axes.yaxis.set_major_formatter("{x:g}")
    else:
        axes.set_ylim(0, top)
    if short:
        ticks = range(0, SHORT + 1, 16)
    else:
        axes.set_xscale("log", base=2)
        ticks = [1 << k for k in range(0, 25, 2) if sizes[0] <= 1 << k <= sizes[-1]]
    axes.set_xticks(ticks, [results.size_name(t) for t in ticks], fontsize=9.5)
    axes.minorticks_off()
    axes.grid(axis="y", color="#E4E4E4", linewidth=0.8, zorder=0)
    axes.set_axisbelow(True)
    for name, size in r.caches.items():
        if sizes[0] < size < sizes[-1]:
            axes.axvline(size, color="#CCCCCC", linewidth=0.9, zorder=0)
            axes.text(size, axes.get_ylim()[1], f" {name}", va="top", fontsize=9, color="#888888")
    name_lines(axes, ends)
    axes.set_xlabel("bytes")
    axes.set_ylabel("GB/s")
    words, *where = results.title(section).split(", ")
    figure.text(0.02, 0.955, words[0].upper() + words[1:], fontsize=14, fontweight="bold")
    figure.text(0.02, 0.912, ", ".join(where), fontsize=10, color="#555555")
    figure.text(0.02, 0.022, f"{r.machine}\n{r.compiler}", fontsize=8.5, color="#555555", linespacing=1.4)
    return figure


def file_name(section):
    parts = [section.operation, section.text, f"offset{section.offset}",
             f"phase{section.phase}" if section.phase else None, "cold" if section.cold else "hot"]
    return "-".join(p for p in parts if p)


def main():
    source, folder = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        r = results.Results(file)
    os.makedirs(folder, exist_ok=True)
    for section in r.sections()[0]:
        if len(r.nanoseconds[section]) < 3:
            continue # few points are read in the table
        for short in (False, True):
            if short and (section.cold or min(r.nanoseconds[section]) > 16):
                continue
            figure = draw(r, section, short)
            path = os.path.join(folder, file_name(section) + ("-short" if short else ""))
            figure.savefig(path + ".svg", metadata={"Date": None, "Creator": None})
            figure.savefig(path + ".png", metadata={"Software": None})
            pyplot.close(figure)
    print(f"plots: {folder}/*.svg and *.png")


if __name__ == "__main__":
    main()
