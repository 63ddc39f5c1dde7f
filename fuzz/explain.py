"""A fuzzer's input as a person reads it: frames, text or bytes, and a test that repeats it."""
import hashlib

OPCODES = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}
# Bytes behind the wire that say how it is read: see the first lines of each target.
TAIL = {"protocol": 6, "stream": 32, "header": 1, "handshake": 0}


def hexadecimal(some, most=32):
    return some[:most].hex(" ") + (f" … ({len(some)} bytes)" if len(some) > most else "")


def frames(wire):
    """One line for each frame; what is not one, as bytes."""
    at = 0
    while len(wire) - at >= 2:
        begin, first, second = at, wire[at], wire[at + 1]
        octets = {126: 2, 127: 8}.get(second & 0x7F, 0)
        key_size = 4 if second & 0x80 else 0
        if len(wire) - at < 2 + octets + key_size:
            break
        at += 2
        size = int.from_bytes(wire[at:at + octets], "big") if octets else second & 0x7F
        at += octets
        key, at = wire[at:at + key_size], at + key_size
        payload = wire[at:at + size]
        if key:
            payload = bytes(b ^ key[i % 4] for i, b in enumerate(payload))
        at += len(payload)
        said = [OPCODES.get(first & 15, f"opcode {first & 15}")]
        said += ["fin"] if first & 0x80 else []
        said += [f"rsv{3 - i}" for i in (2, 1, 0) if first & 0x10 << i]
        said += ["masked"] if key else []
        said += [f"length {size} in {octets} bytes" if octets else f"length {size}"]
        said += [f"only {len(payload)} there"] if len(payload) < size else []
        yield f"{begin:5}  {', '.join(said)}: {hexadecimal(payload)}"
    if at < len(wire):
        yield f"{at:5}  {hexadecimal(wire[at:])}"


def explain(target, data):
    if target not in TAIL:
        yield from (f"{at:5}  {data[at:at + 16].hex(' ')}" for at in range(0, len(data), 16))
        return
    size = TAIL[target] if len(data) >= TAIL[target] else 0
    wire, tail = data[:len(data) - size], data[len(data) - size:]
    if target == "handshake":
        yield from (f"       {line!r}"[:120] for line in wire.splitlines(True))
    else:
        yield from frames(wire)
    if tail:
        yield f" tail  {tail.hex(' ')}"


def name_of(data):
    return "found_" + hashlib.sha256(data).hexdigest()[:8]


def regression_test(target, data):
    numbers = ", ".join(f"0x{b:02x}" for b in data)
    return f"""extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t); // fuzz/{target}.cpp

TEST({target}, {name_of(data)})
{{
    constexpr std::uint8_t input[] = {{{numbers}}};
    LLVMFuzzerTestOneInput(input, sizeof input);
}}"""
