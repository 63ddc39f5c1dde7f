"""Any bytes as the text of a seed, which compiles to the same bytes: text_of(target, data)."""
import itertools
import re

from seeds import HEX, KEY, OPCODES, masked, usual
from tails import FIELDS, IDLE, SIZES

FRAMES = {"header", "protocol", "stream"}  # the targets whose wires are frames
STRINGS = {"handshake", "kernels"}
NAMES = {code: name for name, code in OPCODES.items()}
AGAIN = re.compile(rb"(.{1,16}?)\1{7,}", re.S)
WIDTH = 100


def is_text(c):
    return c.isprintable() or c in "\r\n\t"


def string(text):
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\r", "\\r"), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def terms(data):
    """Strings where it is text, else bytes."""
    if not data:
        return []
    runs = [(text, "".join(run)) for text, run in
            itertools.groupby(data.decode("utf-8", "surrogateescape"), is_text)]
    out = []
    for text, run in runs:
        if text and (len(runs) == 1 or len(run) > 2):
            out += [string(run[at:at + 80]) for at in range(0, len(run), 80)]
        else:
            out += [f"{b:02x}" for b in run.encode("utf-8", "surrogateescape")]
    return out


def folded(data):
    """Terms, where what comes again and again is said once."""
    out, at = [], 0
    for found in AGAIN.finditer(data):
        unit = terms(found[1])
        once = unit[0] if len(unit) == 1 else found[1].hex()
        out += [*terms(data[at:found.start()]), f"{once} * {len(found[0]) // len(found[1])}"]
        at = found.end()
    return out + terms(data[at:])


def line_of(*words):
    """The words as a line, which goes on in indented ones."""
    rows = [[]]
    for word in words:
        if rows[-1] and len(" ".join([*rows[-1], word])) > WIDTH:
            rows.append(["   "])
        rows[-1].append(word)
    return "\n".join(" ".join(row) for row in rows)


def frames(wire, sender):
    """A line for each frame, and one for what is none."""
    while len(wire) > 1:
        first, second = wire[0], wire[1]
        wide = {126: 2, 127: 8}.get(second & 0x7F, 0)
        begin = 2 + wide + 4 * (second >> 7)
        if len(wire) < begin:
            break
        length = int.from_bytes(wire[2:2 + wide], "big") if wide else second & 0x7F
        key, payload = wire[2 + wide:begin], wire[begin:begin + length]
        wire = wire[begin + len(payload):]
        yield frame(first, key, wide, length, masked(key, payload), sender)
    if wire:
        yield line_of(*terms(wire))


def frame(first, key, wide, length, payload, sender):
    opcode = first & 15
    words = [NAMES.get(opcode, f"opcode {opcode}")]
    if opcode == 8 and len(payload) > 1:
        words.append(str(int.from_bytes(payload[:2], "big")))
    words += [] if first & 0x80 else ["more"]
    words += [f"rsv{i}" for i in (1, 2, 3) if first & 0x80 >> i]
    if key != (KEY if sender == "client" else b""):
        words.append("unmasked" if not key else "masked" if key == KEY else f"masked {key.hex()}")
    shortest = 0 if length < 126 else 2 if length < 1 << 16 else 8
    if length != len(payload) or wide != shortest:
        words.append("length" + (f" {length if length < 1 << 16 else hex(length)}" if length != len(payload) else "")
                     + (f" in {8 * wide} bits" if wide != shortest else ""))
    body = payload[2:] if opcode == 8 and len(payload) > 1 else payload
    if body:
        words[-1] += ":"
    return line_of(*words, *folded(body))


def numbers(data):
    return [data[at:at + 16].hex(" ") for at in range(0, len(data), 16)]


def wire_lines(target, wire, sender):
    if target in ("header", "protocol", "stream"):
        return list(frames(wire, sender))
    if target == "handshake":
        return [line_of(*terms(row)) for row in re.findall(rb"[^\n]*\n|[^\n]+", wire)]
    return [line_of(*folded(wire))] if target == "kernels" and wire else numbers(wire)


def decoded(target, tail):
    """[(field, [bytes])], where that of a stream may be short of steps."""
    out, at = [], 0
    for field in FIELDS[target]:
        end = len(tail) - (target == "stream" and field.word != "reader")
        known, values = set(field.phrases.values()), []
        while at < end and (field.word == "step" or len(values) < len(usual(field, "client"))):
            value = tail[at:at + 1] if tail[at:at + 1] in known else tail[at:at + 2]
            values.append(value)
            at += len(value)
        out.append((field, values))
    return out


def field_lines(field, values):
    known = {value: phrase for phrase, value in field.phrases.items()}
    said = [known[value] for value in values]
    if field.word == "step":
        return [f"step {phrase}" for phrase in said]
    return [f"{field.word} {', '.join(said)}"] if said else []


def tail_lines(target, tail, sender):
    """What is not as usual."""
    out = []
    for field, values in decoded(target, tail):
        while field.word == "step" and values and values[-1] == IDLE:
            values.pop()
        if b"".join(values) != usual(field, sender):
            out += field_lines(field, values)
    return out


def bare_lines(target, data):
    """Of an input that is shorter than its tail, or is a scenario and a schedule."""
    if target == "stream" and data and data[-1] % 4 > 1:
        return numbers(data[:-1]) + field_lines(FIELDS[target][-1], [data[-1:]])
    if target == "stream" and len(data) > 6:  # all but the steps
        return [line for field, values in decoded(target, data) for line in field_lines(field, values)]
    return numbers(data)


def text_of(target, data):
    size = SIZES[target]
    if len(data) < size or target == "stream" and data[-1] % 4 > 1:
        lines = ["bare", *bare_lines(target, data)]
    else:
        wire, tail = data[:len(data) - size], data[len(data) - size:]
        reader = {"protocol": 4, "stream": -1}.get(target)
        sender = None if reader is None else ("client", "server")[tail[reader] % 2]
        lines = [f"from {sender}"] if sender else []
        lines += wire_lines(target, wire, sender) + tail_lines(target, tail, sender)
    text = ""
    for line, again in itertools.groupby(lines):
        times = len(list(again))
        text += f"{times} times {line}\n" if times > 2 else f"{line}\n" * times
    return text
