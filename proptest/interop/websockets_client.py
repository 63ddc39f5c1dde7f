"""The conversation (conversation.txt) held by Python's websockets. Usage: websockets_client.py ws://127.0.0.1:PORT/"""
import asyncio
import sys

import websockets

SIZES = (0, 1, 125, 126, 65535, 65536)


def text(size):
    unit = "aß漢😀"  # 1, 2, 3 and 4 bytes
    whole, rest = divmod(size, len(unit.encode()))
    return unit * whole + "x" * rest


def binary(size):
    period = bytes(range(251))  # prime, so that a lost or doubled block can't go unseen
    return (period * (size // 251 + 1))[:size]


def shown(value):
    return f"{len(value)} long {value[:40]!r}" if isinstance(value, (str, bytes)) else repr(value)


def same(got, expected):
    if type(got) is not type(expected) or got != expected:
        raise AssertionError(f"got {shown(got)}, expected {shown(expected)}")


def echoed(message):
    async def case(ws):
        await ws.send(message)
        same(await ws.recv(), message)
    return case


def fragmented(parts):
    async def case(ws):
        async def with_pings():
            # A pong may not wait for the end of the message that its ping interrupts (RFC 6455 §5.5.2).
            for number, part in enumerate(parts):
                if number:
                    await (await ws.ping(b"between %d" % number))
                yield part

        await ws.send(with_pings())
        same(await ws.recv(), parts[0][:0].join(parts))
    return case


async def ping(ws):
    # The future of a ping is fulfilled by a pong with the same payload only.
    for payload in (b"", b"with payload", b"x" * 125):
        await (await ws.ping(payload))


def asks(question, expected):
    async def case(ws):
        await ws.send(question)
        same(await ws.recv(), expected)
    return case


async def close_by_client(ws):
    await ws.close(1000, "done")
    same(ws.close_rcvd and ws.close_rcvd.code, 1000)


async def close_by_server(ws):
    await ws.send("close-me")
    try:
        got = await ws.recv()
    except websockets.ConnectionClosed as closed:
        same((closed.rcvd and closed.rcvd.code, closed.rcvd and closed.rcvd.reason), (4001, "bye"))
    else:
        raise AssertionError(f"got a message, {got[:40]!r}, expected a close")


CASES = {
    "text-utf8": echoed("a ß 漢 😀 \U0010ffff"),
    **{f"text-{size}": echoed(text(size)) for size in (*SIZES, 16777210)},
    "binary-every-byte": echoed(bytes(range(256))),
    **{f"binary-{size}": echoed(binary(size)) for size in (*SIZES, 16777216)},
    "fragmented-text": fragmented(["one ß, ", "two 漢, ", "", "four 😀"]),
    "fragmented-binary": fragmented([binary(3), binary(70000), b"", binary(125)]),
    "ping": ping,
    "ping-me": asks("ping-me", "ponged"),
    "frag-me": asks("frag-me", "fragmented ✓ message"),
    "close-by-client": close_by_client,
    "close-by-server": close_by_server,
}


async def main(url):
    failed, ws = 0, None
    for name, case in CASES.items():
        try:
            # One connection serves until a case closes or breaks it, so that what a case leaves behind is seen by the next.
            if ws is None or not ws.open:
                ws = await websockets.connect(url, compression=None, max_size=32 << 20, ping_interval=None)
            await asyncio.wait_for(case(ws), 10)
            print("ok", name, flush=True)
        except Exception as why:
            failed += 1
            print(f"FAIL {name}: {type(why).__name__} {why}", flush=True)
            ws = None
    return failed


sys.exit(1 if asyncio.run(main(sys.argv[1])) else 0)
