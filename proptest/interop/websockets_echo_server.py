"""Echo server on Python's websockets. It prints `listening <port>`, and `FAIL …` when a client closes badly."""
import argparse
import asyncio

import websockets


async def fragments():
    for part in ("fragmented", " ✓", " message"):
        yield part


async def answer(ws, message):
    if message == "close-me":
        await ws.close(4001, "bye")
    elif message == "ping-me":
        await (await ws.ping(b"are you there?"))
        await ws.send("ponged")
    elif message == "frag-me":
        await ws.send(fragments())
    else:
        await ws.send(message)


async def echo(ws):
    expected = None
    try:
        async for message in ws:
            expected = 4001 if message == "close-me" else None
            await answer(ws, message)
    except websockets.ConnectionClosedError:
        pass  # judged below, by what came and not by how the library words it
    received = ws.close_rcvd.code if ws.close_rcvd else 1006
    if received == 1006:
        print("FAIL connection: it ended without a close frame", flush=True)
    elif expected and received != expected:
        print(f"FAIL close-me: sent 4001, the client answered {received}", flush=True)


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, default=0)
    port = arguments.parse_args().port
    # No keep-alive of its own: the only pings on the wire are those of the conversation.
    async with websockets.serve(echo, "127.0.0.1", port, compression=None, max_size=32 << 20, ping_interval=None) as server:
        print("listening", server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


asyncio.run(main())
