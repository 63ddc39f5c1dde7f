#!/usr/bin/env python3
"""Prints the tables of ratios in doc/choosing-policies.md anew: doc_tables.py MASKING_JSON UTF8_JSON"""
# SPDX-License-Identifier: BSL-1.0
import sys

import results

NAMES = {"beast": "Beast", "two_byte": "2-byte", "three_byte": "3-byte", "ascii": "ASCII",
         "real": "ten languages"}


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def head(*cells):
    print()
    row(*cells)
    print("|" + "---|" * len(cells))


def of_memcpy(r, operation):
    sizes = (7, 16, 31, 64, 125, 256, 512, 1024, 4096, 32768, 65536, 1 << 20)
    section = results.Section(operation, None, False, 6, 0)
    head("bytes", *map(results.size_name, sizes))
    for k in ("simd", "word", "bytewise", "beast", "websocketpp"):
        name = NAMES.get(k, k if k == "websocketpp" else f"`{k}`")
        row(name, *(f"{r.ratio(section, size, k, results.ROOF):.2f}" for size in sizes))


def over_peers(r, operation, texts):
    sizes, peers = (32, 125, 1024, 65536), ("beast", "simdjson")
    head("text", *(f"{results.size_name(s)}: {NAMES.get(p, p)}" for s in sizes for p in peers))
    for text in texts:
        section = results.Section(operation, text, False, 6, 0)
        default = r.default_of(section)
        row(NAMES.get(text, text),
            *(f"{r.ratio(section, s, default, p):.1f}" for s in sizes for p in peers))


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        r = results.Results(file)
    of_memcpy(r, "in_place")
    of_memcpy(r, "copy")
    with open(sys.argv[2], encoding="utf-8") as file:
        r = results.Results(file)
    texts = ("ascii", "two_byte", "three_byte", "emoji", "mixed", "real")
    over_peers(r, "check", texts)
    over_peers(r, "unmask_and_check", texts)


if __name__ == "__main__":
    main()
