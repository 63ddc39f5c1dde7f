"""Who is measured, and doing what: for echo.py, echo_table.py and echo_plot.py."""
# SPDX-License-Identifier: BSL-1.0
import collections

# Program → what it is called. The first is what ratios are taken of.
SERVERS = {
    "asio": "raw Asio",
    "weft": "weft",
    "weft_corked": "weft corked",
    "weft_best": "weft best",
    "beast_tuned": "Beast tuned",
    "beast": "Beast",
    "websocketpp": "websocketpp",
    "libwebsockets": "libwebsockets",
}
BASE = "asio"

NOTES = """\
raw Asio: sends back the bytes as they come, without frames; what the kernel and Asio cost alone
weft: default policies; corked: writing::corked<65536>, buffer::flat<65536>
weft best: corked, timing::none, read_some into memory of its own, an io_context without locks
Beast: its suggested time limits, any_io_executor; tuned: typed executor, no time limits, no
automatic fragments, 64 KiB write buffer
websocketpp: no log, no locks; libwebsockets: answers leave from its writable callback
a handshake is a connection accepted, upgraded and lost; for raw Asio, the request sent back
instructions are counted under Valgrind, which has no AVX-512: what chooses at run time chooses AVX2"""

# counted: messages of a run under callgrind; timed: of a run that is timed. What is counted natively
# takes a tenth of the latter.
Scenario = collections.namedtuple("Scenario", "name connections in_flight size kind counted timed")

SCENARIOS = [
    Scenario("125 B, 1 × 1", 1, 1, 125, "binary", 1024, 40_000),
    Scenario("125 B, 16 × 8", 16, 8, 125, "binary", 2048, 200_000),
    Scenario("1 KiB, 16 × 8", 16, 8, 1024, "binary", 2048, 200_000),
    Scenario("16 KiB, 1 × 1", 1, 1, 16384, "binary", 256, 20_000),
    Scenario("64 KiB, 16 × 8", 16, 8, 65536, "binary", 256, 20_000),
    Scenario("text 1 KiB, 16 × 8", 16, 8, 1024, "text", 2048, 100_000),
    Scenario("text 64 KiB, 16 × 8", 16, 8, 65536, "text", 256, 5_000),
]
HANDSHAKE = Scenario("one handshake", 0, 0, 0, "handshake", 64, 4_000)
QUICK = ("125 B, 1 × 1", "125 B, 16 × 8", "text 64 KiB, 16 × 8", "one handshake")

IDLE_CONNECTIONS = 1000
IDLE_MESSAGE = 16384
