#!/usr/bin/env python3
"""Measures echo servers and prints JSON: echo.py FOLDER [--quick]

Exact, whatever else the machine does: user instructions (callgrind), system calls and allocations
(a preloaded library), each as the difference of a run of 2N and one of N messages, over N; resident
bytes. Only to be compared with each other: processor time and messages per second, medians of
interleaved runs. --quick leaves the latter out, and most scenarios.
"""
# SPDX-License-Identifier: BSL-1.0
import collections
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys

import echo_scenarios
from echo_scenarios import BASE, HANDSHAKE, SCENARIOS, SERVERS

RUNS = 5
TIMEOUT = 300

# Callgrind counts `rep movsb` as an instruction for each byte: memcpy must do without.
NO_REP = ("glibc.cpu.x86_rep_movsb_threshold=999999999:"
          "glibc.cpu.x86_rep_stosb_threshold=999999999")
CALLGRIND = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]

Run = collections.namedtuple("Run", "said errors seconds")


class Bench:
    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "echo.json"), encoding="utf-8") as file:
            self.context = json.load(file)
        self.servers = [s for s in SERVERS if os.access(self.program(s), os.X_OK)]

    def program(self, name):
        return os.path.join(self.folder, f"echo_{name}")

    def run(self, server, action, prefix=(), **environment):
        """What `action(process, port)` returns, what the server said, and its processor time."""
        process = subprocess.Popen([*prefix, self.program(server)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, **environment})
        try:
            said = action(process, process.stdout.readline().strip())
        finally:
            process.terminate()
            with process.stderr:
                errors = process.stderr.read()
            process.stdout.close()
            _, process.returncode, usage = os.wait4(process.pid, 0)
        return Run(said, errors, usage.ru_utime + usage.ru_stime)

    def load(self, server, scenario, messages, **how):
        arguments = [str(messages)]
        if scenario is HANDSHAKE:
            mode = "handshakes"
        else:
            mode = "messages"
            arguments = [*map(str, scenario[1:5]), *arguments]

        def action(_, port):
            command = [self.program("load"), mode, port, *arguments, *raw(server)]
            return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True,
                                  timeout=TIMEOUT).stdout
        return self.run(server, action, **how)

    def instructions(self, server, scenario):
        def count(messages):
            run = self.load(server, scenario, messages, prefix=CALLGRIND, GLIBC_TUNABLES=NO_REP)
            return int(re.search(r"Collected : (\d+)", run.errors)[1])
        n = scenario.counted
        return (count(2 * n) - count(n)) / n

    def calls(self, server, scenario):
        """Reads, writes, waits, allocations."""
        def count(messages):
            run = self.load(server, scenario, messages,
                            LD_PRELOAD=os.path.join(self.folder, "libecho_count_calls.so"))
            return map(int, re.search(r"calls (.*)", run.errors)[1].split())
        n = scenario.timed // 10
        return [(two - one) / n for one, two in zip(count(n), count(2 * n))]

    def times(self, scenario):
        """Server → processor seconds per message and messages per second, of interleaved runs."""
        runs = {s: [] for s in self.servers}
        for _ in range(RUNS):
            for server in self.servers:
                run = self.load(server, scenario, scenario.timed)
                runs[server].append((run.seconds / scenario.timed, float(run.said or 0)))
        return {s: [statistics.median(of) for of in zip(*r)] for s, r in runs.items()}

    def idle(self, server):
        """Resident bytes per connection, before and after one message over each."""
        count = echo_scenarios.IDLE_CONNECTIONS

        def action(process, port):
            sizes = [resident(process.pid)]
            command = [self.program("load"), "idle", port, str(count),
                       str(echo_scenarios.IDLE_MESSAGE), *raw(server)]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  text=True) as client:
                for _ in range(2):
                    if client.stdout.readline() != "ready\n":
                        raise RuntimeError(f"{server}: the client has failed")
                    sizes.append(resident(process.pid))
                    client.stdin.write("\n")
                    client.stdin.flush()
            return [(size - sizes[0]) / count for size in sizes[1:]]
        return self.run(server, action).said


def raw(server):
    return ["raw"] if server == BASE else []


def resident(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return 1024 * sum(int(kb) for kb in re.findall(r"Private_\w+: +(\d+) kB", file.read()))


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        name = re.search(r"model name\s*: (.*)", file.read())
    return name[1] if name else platform.machine()


def main():
    bench, quick = Bench(sys.argv[1]), "--quick" in sys.argv[2:]
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    chosen = [s for s in [*SCENARIOS, HANDSHAKE] if not quick or s.name in echo_scenarios.QUICK]
    result = {"context": {**bench.context, "processor": processor(),
                          "processors": os.cpu_count(), "kernel": platform.release(),
                          "servers": bench.servers}}

    def measured(title, names, function):
        result[title] = {}
        for name in names:
            print(f"{title}: {name}", file=sys.stderr)
            result[title][name] = function(name)

    by_name = {s.name: s for s in chosen}
    for title in ("instructions", "calls"):
        measured(title, by_name, lambda name, count=getattr(bench, title):
                 {s: count(s, by_name[name]) for s in bench.servers})
    measured("idle", bench.servers, bench.idle)
    if not quick:
        measured("times", by_name, lambda name: bench.times(by_name[name]))
    result["context"]["load"] = os.getloadavg()[2]
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
