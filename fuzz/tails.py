"""What stands behind the wire in a fuzz target's input, in words: who reads it, by what rules, in what
pieces, and what a user does meanwhile. What the bytes do is in the target's source.

A seed has a line for each field that is not as usual: its word and its values, as in
`pieces 3, 1, 5, 2` or `step peer_says 241`.
"""
import collections

Field = collections.namedtuple("Field", "word phrases usual")


def phrases(meanings):
    """{phrase: bytes} of pairs of bytes and what they mean. Where several mean the same, the others than
    the first are told apart by their bytes: `read`, `read 0x10`."""
    named = {}
    for value, phrase in meanings:
        named[f"{phrase} 0x{value.hex()}" if phrase in named else phrase] = value
    return named


def of_a_byte(meaning):
    return phrases((bytes([n]), str(meaning(n))) for n in range(256))


def rules(n):
    reserved = "".join(f" rsv{i}" for i in (1, 2, 3) if n & 0x80 >> i)
    return f"{('any', 'masked', 'unmasked')[n % 3]} {('anywhere', 'between', 'inside')[n // 3 % 3]}{reserved}"


def step(n):
    what, size = n % 16, n // 16
    back = f" {size} back" if size else ""
    return (["read", f"read_some {size}", f"write {size + 5}",
             f"write_part {size}" if size % 2 else f"write_end {size}", f"ping {size}", f"pong {size}", "close",
             f"peer_says {1 + size}", f"peer_says {1 + 16 * size}",
             f"capacity {size if size < 15 else 'unlimited'}", "peer_reads", f"cancel{back}", f"terminate{back}"]
            + 3 * [f"handlers {size}"])[what]


def stream_reader(n):
    if n % 4 < 2:
        return READERS[n % 2]
    return f"simulated {('', 'queueing ', 'corking ')[n // 4 % 3]}{READERS[n % 2]}"


NUMBER = of_a_byte(int)
AMOUNT = of_a_byte(lambda n: n or "all")
READERS = ["server", "client", "tolerant server", "unchecked client"]
FRAGMENTS = phrases([(bytes([n]), "whole") for n in range(0, 256, 2)]
                    + [(bytes([n, size]), f"of {size % 16}") for n in range(1, 256, 2) for size in range(256)])
TALKERS = ["weft and weft", "weft and a server of Beast's", "weft and a client of Beast's", "weft and weft"]
READS = {"client": b"\0", "server": b"\1"}  # who reads what one of them sends
KEY = bytes.fromhex("37fa213d")

# With the bytes that are usual.
FIELDS = {
    "header": [Field("rules", of_a_byte(rules), b"\3")],
    "kernels": [Field("key", of_a_byte(lambda n: f"{n:02x}"), KEY),
                Field("phase", of_a_byte(lambda n: f"{n % 4} offset {n // 4}"), b"\0"),
                Field("cuts", NUMBER, b"\xff\xff")],  # in 256ths of the whole input
    "handshake": [],
    "protocol": [Field("pieces", NUMBER, b"\3\1\5\2"),
                 Field("reader", of_a_byte(lambda n: READERS[n % 4]), READS),
                 Field("limit", of_a_byte(lambda n: n if n % 2 else ("none", "of work")[n % 4 // 2]), b"\0")],
    "conversation": [Field("between", of_a_byte(lambda n: TALKERS[n % 4]), b"\0")],
    "stream": [Field("reads", AMOUNT, b"\0\0"),
               Field("writes", AMOUNT, b"\0"),
               Field("fails", of_a_byte(lambda n: f"at {n // 4}" if n % 4 == 3 else "never"), b"\0"),
               Field("fragments", FRAGMENTS, b"\0"),
               Field("step", of_a_byte(step), b""),  # any number
               Field("reader", of_a_byte(stream_reader), READS)],
}
SIZES = {"header": 1, "kernels": 7, "handshake": 0, "protocol": 6, "conversation": 1, "stream": 32}
IDLE = b"\x0d"  # the steps that a seed leaves out: no handler runs
