#!/usr/bin/env python3
"""Prints what echo.py wrote, a table for each measure: echo_table.py FILE"""
# SPDX-License-Identifier: BSL-1.0
import json
import sys

import echo_scenarios
from table import cell, print_rows

CALLS = ("reads", "writes", "waits (epoll_wait, poll)", "allocations")


def print_table(title, servers, rows, value, digits):
    """`rows`: name → server → what `value` makes a number of."""
    print(f"\n== {title}")
    table = [["", *(echo_scenarios.SERVERS[s] for s in servers)]]
    for name, of in rows.items():
        table.append([name, *(cell(value(of[s]), digits) for s in servers)])
    print_rows(table)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        result = json.load(file)
    context = result["context"]
    servers = context["servers"]
    print(describe(context))
    print(echo_scenarios.NOTES)
    if context["absent"]:
        print(f"not installed, so left out: {context['absent'].replace(';', ', ')}")
    print("1 × 1: one connection, one message in flight; 16 × 8: sixteen, with eight each, which the "
          "client\nsends in one write when the last eight are answered; binary unless it says text")

    print_table("user instructions per message", servers, result["instructions"], lambda v: v, 0)
    for i, title in enumerate(CALLS):
        print_table(f"{title} per message", servers, result["calls"], lambda v, i=i: max(v[i], 0), 2)
    idle = {title: {s: result["idle"][s][i] for s in servers}
            for i, title in enumerate(("idle", "after a message of 16 KiB"))}
    print_table("resident bytes per connection", servers, idle, lambda v: v, 0)
    if "times" not in result:
        return
    times = result["times"]
    for of in times.values():
        base = of[echo_scenarios.BASE][0]
        for pair in of.values():
            pair.append(pair[0] / base)
    print(f"\nThe rest is timed: medians of interleaved runs, to be compared within a line only. The "
          f"load average\nof the last quarter of an hour was {context['load']:.1f}: above 2, "
          "others were at work too.")
    print_table("processor time per message, over that of raw Asio", servers, times,
                lambda v: v[2], 2)
    print_table("microseconds of processor time per message", servers, times,
                lambda v: 1e6 * v[0], 2)
    times.pop(echo_scenarios.HANDSHAKE.name, None)
    print_table("thousand messages per second", servers, times, lambda v: v[1] / 1000, 1)


def describe(context):
    return (f"{context['processor']}, {context['processors']} processors, Linux {context['kernel']}\n"
            f"{context['compiler']}, {context['flags']}, Boost {context['boost']}")


if __name__ == "__main__":
    main()
