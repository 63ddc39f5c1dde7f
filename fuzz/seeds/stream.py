#!/usr/bin/env python3
"""Writes the seeds of fuzz/stream.cpp: stream.py <folder>. One file for each line below.

A seed is what a peer sends, and behind it 32 bytes: the sizes of reads (two) and writes, where the
layer fails, whether messages are cut into frames, then what happens in turn, and last who reads
(even: a server, odd: a client).
"""
import pathlib
import sys

KEY = bytes.fromhex("37fa213d")
TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
READ, READ_SOME, WRITE, WRITE_SOME, SEND_PING, SEND_PONG, SEND_CLOSE = range(7)
PEER_SAYS, PEER_SAYS_MUCH, CAPACITY, PEER_READS, CANCEL, TERMINATE, POLL = range(7, 14)


def frame(op, payload=b"", fin=True, key=KEY):
    """`key` None: a server's."""
    head = bytes([fin << 7 | op, (key is not None) << 7 | len(payload)])
    if key is None:
        return head + payload
    return head + key + bytes(b ^ key[i % 4] for i, b in enumerate(payload))


def script(*steps, sizes=(0, 0, 0), fail_at=None, cut=None, client=False):
    """A step is its name, or the name and a size from 0 to 15."""
    out = bytes(sizes) + bytes([0 if fail_at is None else 4 * fail_at + 3])
    out += bytes([0]) if cut is None else bytes([1, cut])
    for step in steps:
        name, size = step if isinstance(step, tuple) else (step, 0)
        out += bytes([name + 16 * size])
    return out.ljust(31, bytes([POLL])) + bytes([client])


ALL = (POLL, 15)
HELLO, BYE = frame(TEXT, b"Hello"), frame(CLOSE, b"\x03\xe8")
SEEDS = {
    "a_message_and_its_echo": HELLO + script(READ, (PEER_SAYS_MUCH, 15), ALL, WRITE, ALL),
    "a_client_reads": frame(TEXT, b"Hello", key=None) + frame(PING, b"p", key=None)
    + script(READ, ALL, READ, ALL, WRITE, ALL, client=True),
    "everything_at_once": HELLO + frame(PING, b"p") + BYE
    + script(READ, WRITE, SEND_PING, SEND_PONG, SEND_CLOSE, ALL, (PEER_SAYS_MUCH, 15), ALL),
    "seconds_are_refused": HELLO
    + script((CAPACITY, 0), READ, READ_SOME, (WRITE, 9), WRITE, SEND_CLOSE, SEND_CLOSE, ALL),
    "a_write_is_stuck": HELLO + frame(PING, b"p")
    + script((CAPACITY, 3), (WRITE, 9), READ, (PEER_SAYS_MUCH, 15), ALL, PEER_READS, ALL, PEER_READS),
    "a_write_is_cut": script((CAPACITY, 3), (WRITE, 9), ALL, (TERMINATE, 0), ALL, WRITE, ALL),
    "a_write_is_cancelled_in_time": script((CAPACITY, 0), (WRITE, 9), ALL, (TERMINATE, 0), ALL,
                                           (CAPACITY, 15), WRITE, ALL),
    "a_read_is_cancelled_within_a_message": HELLO
    + script(READ, (PEER_SAYS, 8), ALL, CANCEL, ALL, READ, (PEER_SAYS, 15), ALL),
    "a_ping_is_withdrawn": script((CAPACITY, 0), WRITE, SEND_PING, SEND_PONG, ALL, (CANCEL, 1), ALL),
    "pings_between_fragments": HELLO
    + script((CAPACITY, 4), (WRITE, 15), ALL, SEND_PING, PEER_READS, ALL, PEER_READS, ALL, cut=6),
    "a_message_in_pieces": script((WRITE_SOME, 1), ALL, (WRITE_SOME, 3), ALL, SEND_PING, ALL,
                                  (WRITE_SOME, 2), ALL),
    "a_ping_flood_that_nobody_reads": frame(PING, b"flood") * 40
    + script((CAPACITY, 0), READ, (PEER_SAYS_MUCH, 15), ALL, (PEER_SAYS_MUCH, 15), ALL),
    "the_peer_closes": HELLO + BYE + script(READ, (PEER_SAYS_MUCH, 15), ALL, READ, ALL, WRITE, ALL),
    "both_close": BYE + script(SEND_CLOSE, (PEER_SAYS_MUCH, 15), ALL, READ, ALL),
    "a_close_is_taken_up_again": BYE + script(SEND_CLOSE, ALL, CANCEL, ALL, SEND_CLOSE, ALL),
    "a_fault_while_writing": frame(3) + script((CAPACITY, 3), (WRITE, 9), READ, ALL,
                                               (PEER_SAYS, 15), ALL, PEER_READS, ALL),
    "the_end_within_a_frame": HELLO[:7] + script(READ, ALL, SEND_PING, ALL),
    "one_byte_at_a_time": HELLO + frame(BINARY, b"x" * 100) + BYE
    + script(READ, ALL, WRITE, ALL, READ_SOME, ALL, (READ_SOME, 9), ALL, sizes=(1, 1, 1)),
    **{f"failure_{n}": HELLO + frame(PING) + BYE
       + script(READ, WRITE, SEND_PING, (PEER_SAYS, 15), ALL, READ, ALL, SEND_CLOSE, ALL,
                sizes=(4, 7, 3), fail_at=n) for n in (0, 1, 2, 5, 9)},
}


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, seed in SEEDS.items():
        (folder / f"{name}.bin").write_bytes(seed)


main()
