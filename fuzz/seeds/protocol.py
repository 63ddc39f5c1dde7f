#!/usr/bin/env python3
"""Writes the seeds of fuzz/protocol.cpp: protocol.py <folder>. One file for each line below.

A seed is what a peer sends, and behind it six bytes of tail: four choices of piece sizes, who reads
(even: a server, odd: a client), and the limits (odd: small).
"""
import pathlib
import sys

KEY = bytes.fromhex("37fa213d")
TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10


def frame(op, payload=b"", fin=True, rsv=0, length=None, form=None):
    """A frame as a function of the key (None: unmasked)."""
    def write(key):
        n = len(payload) if length is None else length
        octets = form if form is not None else 0 if n < 126 else 2 if n < 65536 else 8
        seven = {0: n, 2: 126, 8: 127}[octets]
        out = bytes([fin << 7 | rsv << 4 | op, (key is not None) << 7 | seven])
        out += n.to_bytes(octets, "big") if octets else b""
        if key is None:
            return out + payload
        return out + key + bytes(b ^ key[i % 4] for i, b in enumerate(payload))
    return write


def close(code, reason=b""):
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


def cut(op, *parts):
    return [frame(op if i == 0 else CONTINUATION, p, i == len(parts) - 1)
            for i, p in enumerate(parts)]


EURO, SMILE = "€".encode(), "😀".encode()
WIRES = {
    "hello": [frame(TEXT, b"Hello")],
    "binary_of_every_byte": [frame(BINARY, bytes(range(256)))],
    "empty_messages": [frame(TEXT), frame(BINARY), frame(TEXT)],
    "ping_0": [frame(PING)],
    "ping_125": [frame(PING, b"p" * 125)],
    "ping_126": [frame(PING, b"p" * 126)],
    "pong_unasked": [frame(PONG, b"nobody asked")],
    "payload_of_125_126_127": [frame(BINARY, b"x" * n) for n in (125, 126, 127)],
    "payload_of_13_with_phase": cut(BINARY, b"0123456789abc", b"defgh", b"i"),
    "fragments": cut(TEXT, b"He", b"", b"l", b"lo"),
    "fragments_with_pings": [frame(TEXT, b"a", False), frame(PING, b"1"),
                             frame(CONTINUATION, b"b", False), frame(PONG, b"2"),
                             frame(CONTINUATION, b"c")],
    "fragments_with_a_close": [frame(TEXT, b"a", False), close(1000), frame(CONTINUATION, b"b")],
    "fragment_flood": cut(BINARY, *[b"" for _ in range(60)]),
    "ping_flood": [frame(PING, bytes([i])) for i in range(40)],
    "binary_inside_text": [frame(TEXT, b"a", False), frame(BINARY, b"b")],
    "continuation_of_nothing": [frame(CONTINUATION, b"a")],
    "continuation_of_a_finished_message": [*cut(TEXT, b"a", b"b"), frame(CONTINUATION, b"c")],
    "reserved_opcode_3": [frame(3)],
    "reserved_opcode_11": [frame(11)],
    "rsv1": [frame(TEXT, b"a", rsv=4)],
    "rsv2_on_a_ping": [frame(PING, rsv=2)],
    "rsv3_on_a_continuation": [frame(TEXT, b"a", False), frame(CONTINUATION, b"b", rsv=1)],
    "fragmented_ping": [frame(PING, b"a", False)],
    "fragmented_close": [frame(CLOSE, b"", False)],
    "length_125_in_16_bits": [frame(BINARY, b"x" * 125, form=2)],
    "length_65535_in_64_bits": [frame(BINARY, length=65535, form=8)],
    "length_top_bit": [frame(BINARY, length=1 << 63)],
    "length_2_to_the_63_minus_1": [frame(BINARY, length=(1 << 63) - 1)],
    "length_2_to_the_32": [frame(BINARY, length=1 << 32)],
    "length_2_to_the_32_plus_5": [frame(BINARY, b"Hello", length=(1 << 32) + 5)],
    "length_declared_and_not_sent": [frame(BINARY, b"few", length=1 << 20)],
    "close_without_body": [frame(CLOSE)],
    "close_of_one_byte": [frame(CLOSE, b"\x03")],
    "close_1000_and_more": [close(1000, b"bye"), frame(PING, b"late"), close(1000)],
    "close_longest_reason": [close(1001, b"r" * 123)],
    "close_reason_not_utf8": [close(1000, b"\xff")],
    "close_reason_cut_short": [close(1000, EURO[:2])],
    **{f"close_code_{n}": [close(n)] for n in (999, 1004, 1005, 1006, 1014, 1015, 2999, 3000, 5000)},
    "utf8_cut_by_fragments": cut(TEXT, SMILE[:1], SMILE[1:3], b"", SMILE[3:]),
    "utf8_cut_short_at_the_end": [frame(TEXT, b"ok" + SMILE[:3])],
    "utf8_cut_short_before_an_empty_end": cut(TEXT, EURO[:2], b""),
    "utf8_surrogate": [frame(TEXT, b"\xed\xa0\x80")],
    "utf8_surrogate_at_16": [frame(TEXT, b"0123456789abcdef" + b"\xed\xa0\x80")],
    "utf8_above_10ffff": [frame(TEXT, b"\xf4\x90\x80\x80")],
    "utf8_overlong": [frame(TEXT, b"\xc0\x80")],
    "utf8_wrong_behind_valid_text": [frame(TEXT, b"valid until here\xff and not after")],
    "utf8_fresh_after_binary": [frame(BINARY, b"\xe2"), frame(TEXT, b"a"), frame(TEXT, b"\x82")],
    "limits_frame": [frame(BINARY, b"x" * 130)],
    "limits_message": cut(BINARY, b"x" * 120, b"x" * 120, b"x" * 120),
    "limits_fragments": cut(BINARY, b"1", b"2", b"3", b"4"),
    "limits_anew_with_each_message": cut(BINARY, b"x" * 100, b"x" * 100) * 3,
}


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, frames in WIRES.items():
        limits = 125 if name.startswith("limits_") else 0
        for side, key, other in (("client", KEY, None), ("server", None, KEY)):
            role = side == "server"
            wire = b"".join(f(key) for f in frames)
            tail = bytes([3, 1, 5, 2, role, limits])
            (folder / f"{name}_from_{side}.bin").write_bytes(wire + tail)
            if name == "hello":
                second = frames[0](other)
                (folder / f"wrongly_masked_second_from_{side}.bin").write_bytes(wire + second + tail)
                (folder / f"whole_reads_from_{side}.bin").write_bytes(wire + bytes([0, 0, 0, 0, role, 0]))


main()
