#!/usr/bin/env python3
"""Draws what echo.py wrote as JSON, one plot for each measure: echo_plot.py FILE FOLDER"""
# SPDX-License-Identifier: BSL-1.0
import json
import os
import sys

import echo_scenarios
from echo_table import describe
from plot import DEFAULT, GREY, OURS, PEERS, pyplot

COLOURS = {"asio": GREY, "weft": DEFAULT, "weft_corked": OURS[0], "weft_best": OURS[1],
           "beast_tuned": PEERS[0], "beast": PEERS[0], "websocketpp": PEERS[2],
           "libwebsockets": PEERS[1]}
COLUMNS = 4


def draw_panel(axes, scenario, values, digits):
    """Bars from zero, each with its number: servers differ by more than lengths could tell."""
    servers = list(values)
    for at, server in enumerate(servers):
        ours = server.startswith("weft")
        axes.barh(at, values[server], color=COLOURS[server], height=0.74)
        axes.text(values[server], at, f" {values[server]:,.{digits}f}", va="center", fontsize=9,
                  fontweight="bold" if ours else "normal", color="#333333")
    axes.set_yticks(range(len(servers)), [echo_scenarios.SERVERS[s] for s in servers], fontsize=9.5)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(servers) - 0.5, -0.5)
    axes.set_xlim(0, 1.38 * max(values.values()))
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_title(scenario, fontsize=11, loc="left")


def draw(context, title, notes, rows, digits):
    """`rows`: scenario → server → value."""
    lines = -(-len(rows) // COLUMNS)
    figure, grid = pyplot.subplots(lines, COLUMNS, figsize=(13, 1.3 + 2.75 * lines), dpi=150,
                                   squeeze=False, sharey=True)
    height = figure.get_figheight()
    figure.subplots_adjust(left=0.085, right=0.99, top=1 - 1.05 / height, bottom=0.62 / height,
                           wspace=0.08, hspace=0.2)
    panels = list(grid.flat)
    for axes, (scenario, values) in zip(panels, rows.items()):
        draw_panel(axes, scenario, values, digits)
    for axes in panels[len(rows):]:
        axes.set_visible(False)
    figure.text(0.01, 1 - 0.36 / height, title, fontsize=14, fontweight="bold")
    figure.text(0.01, 1 - 0.62 / height, notes, fontsize=10, color="#555555")
    figure.text(0.01, 0.12 / height, describe(context), fontsize=8.5, color="#555555",
                linespacing=1.4)
    return figure


def main():
    source, folder = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        result = json.load(file)
    context = result["context"]
    what = ("connections × messages in flight; binary unless it says text; each panel has a scale "
            "of its own")
    plots = {"echo-instructions": ("User instructions that an echo server spends on a message",
                                   "less is better; " + what, result["instructions"], 0)}
    if "times" in result:
        base = echo_scenarios.BASE
        ratios = {name: {s: pair[0] / of[base][0] for s, pair in of.items()}
                  for name, of in result["times"].items()}
        plots["echo-time"] = ("Processor time of an echo server for a message, over raw Asio's",
                              f"less is better; medians of interleaved runs; {what}", ratios, 2)
    os.makedirs(folder, exist_ok=True)
    for name, plot in plots.items():
        figure = draw(context, *plot)
        path = os.path.join(folder, name)
        figure.savefig(path + ".svg", metadata={"Date": None, "Creator": None})
        figure.savefig(path + ".png", metadata={"Software": None})
        pyplot.close(figure)
    print(f"plots: {folder}/echo-*.svg and *.png")


if __name__ == "__main__":
    main()
