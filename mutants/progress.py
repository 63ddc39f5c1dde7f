"""One line that says how far a long run has come; lines in a log where there is no terminal."""
import sys
import time


class Progress:
    def __init__(self, total):
        self.total, self.done, self.began = total, 0, time.monotonic()
        self.terminal = sys.stderr.isatty()
        self.counts = {}

    def step(self, outcome, what):
        self.done += 1
        self.counts[outcome] = self.counts.get(outcome, 0) + 1
        passed = time.monotonic() - self.began
        left = passed / self.done * (self.total - self.done)
        told = ", ".join(f"{n} {name}" for name, n in self.counts.items())
        if not self.terminal:
            print(f"{self.done}/{self.total} {outcome}: {what}", file=sys.stderr, flush=True)
            return
        filled = 24 * self.done // self.total
        line = f"[{'#' * filled}{'.' * (24 - filled)}] {self.done}/{self.total} {told}, {left:.0f} s left  {what}"
        print("\r\033[K" + line[:110], end="", file=sys.stderr, flush=True)

    def end(self):
        if self.terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
