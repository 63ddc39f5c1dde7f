#!/usr/bin/env python3
r"""The seeds of the fuzz targets, which are text, as bytes.

    seeds.py compile <folder of texts> <folder of bytes>
    seeds.py text <target> <file>               the other way: any bytes as such a text

The folder of texts is named after its target. A seed is what a peer sends, line after line, and behind
it what tails.py has words for:

    from client                               # or server, or both: then it is a seed for each
    text more: "Hello, "                      # a frame that isn't the last of its message
    close 1000: "bye" "!" * 3 f09f9880        # strings, bytes, and how often
    3 times ping rsv1 masked 01020304: 00 ff  # masked as the sender must, or as is said
    continuation length 5 in 16 bits: "four"  # a header that says what isn't so
    "GET / HTTP/1.1\r\n"                      # what is no frame
    limit 125                                 # a field of the tail
    bare                                      # nothing is behind the wire but the fields that are said

A string is UTF-8 and knows \r \n \t \" \\ \x00. A line that is indented goes on with the one before.
"""
import pathlib
import re
import sys

sys.dont_write_bytecode = True  # a build writes nothing into the sources
from tails import FIELDS, IDLE, KEY, SIZES

USUAL_KEY = {"client": KEY, "server": b"", None: b""}
OPCODES = {"continuation": 0, "text": 1, "binary": 2, "close": 8, "ping": 9, "pong": 10}

TOKEN = re.compile(r'#.*|"(?:[^"\\]|\\.)*"|[:,*]|[^\s":,*#]+|\S')
HEX = re.compile(r"([0-9a-fA-F]{2})+")
ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|.)")
ESCAPES = {"r": b"\r", "n": b"\n", "t": b"\t", '"': b'"', "\\": b"\\"}


class Mistake(Exception):
    """A sentence, and the line that it is about."""

    def __init__(self, sentence, line):
        super().__init__(sentence)
        self.line = line


class Line:
    """The tokens of a line and of the indented ones behind it, read from the left."""

    def __init__(self):
        self.tokens, self.at = [], 0

    def add(self, row, at):
        self.tokens += [(token, at) for token in TOKEN.findall(row) if token[0] != "#"]

    def wrong(self, sentence):
        return Mistake(sentence, self.at)

    def ahead(self, after=0):
        return self.tokens[after][0] if len(self.tokens) > after else ""

    def next(self):
        if not self.tokens:
            raise self.wrong("the line ends too early")
        token, self.at = self.tokens.pop(0)
        return token

    def take(self, pattern):
        """The next token if it is like this, or nothing."""
        return self.next() if re.fullmatch(pattern, self.ahead()) else ""

    def end(self):
        if self.tokens:
            raise self.wrong(f"`{self.next()}` is too much")

    def number(self, most):
        token = self.next()
        if not re.fullmatch(r"[0-9]+|0x[0-9a-fA-F]+", token) or int(token, 0 if "x" in token else 10) > most:
            raise self.wrong(f"`{token}` is not a number from 0 to {most}")
        return int(token, 0 if "x" in token else 10)

    def string(self):
        token = self.next()
        if len(token) == 1:
            raise self.wrong("a string has no end")
        out = b""
        for i, part in enumerate(ESCAPE.split(token[1:-1])):
            if i % 2 == 0:
                out += part.encode()
            elif len(part) == 3:
                out += bytes.fromhex(part[1:])
            elif part in ESCAPES:
                out += ESCAPES[part]
            else:
                raise self.wrong(rf'`\{part}` is none of the escapes, \r \n \t \" \\ \x00')
        return out

    def bytes(self):
        """What the rest of the line says."""
        out = b""
        while self.tokens:
            if self.ahead()[0] == '"':
                some = self.string()
            elif HEX.fullmatch(self.ahead()):
                some = bytes.fromhex(self.next())
            else:
                raise self.wrong(f"`{self.next()}` is neither a string nor bytes of two hexadecimal digits each")
            out += some * (self.number(1 << 16) if self.take(r"\*") else 1)
        return out

    def phrases(self):
        """What stands between the commas in the rest of the line."""
        out = [[]]
        while self.tokens:
            token = self.next()
            if token == ",":
                out.append([])
            else:
                out[-1].append(token)
        return [" ".join(words) for words in out]

    def frame(self):
        """The rest of the line as a function that gives the bytes, of who sends them."""
        name = self.next()
        first = 0x80 | (self.number(15) if name == "opcode" else OPCODES[name])
        has_code = name == "close" and self.ahead()[:1].isdigit()
        payload = self.number(0xFFFF).to_bytes(2, "big") if has_code else b""
        key = length = bits = None
        while flag := self.take("[^:]+"):
            if flag == "more":
                first &= 0x7F
            elif flag in ("rsv1", "rsv2", "rsv3"):
                first |= 0x80 >> int(flag[3])
            elif flag == "masked":
                key = bytes.fromhex(self.take("[0-9a-fA-F]{8}")) or KEY
            elif flag == "unmasked":
                key = b""
            elif flag == "length":
                length = None if self.ahead() == "in" else self.number((1 << 64) - 1)
                bits = self.bits() if self.take("in") else None
            else:
                raise self.wrong(f"`{flag}` is nothing that a frame can be: more, rsv1, rsv2, rsv3, masked, "
                                 "unmasked, or of a length")
        payload += self.bytes() if self.take(":") else b""
        length = len(payload) if length is None else length
        bits = bits or (7 if length < 126 else 16 if length < 1 << 16 else 64)
        if length >= (126 if bits == 7 else 1 << bits):
            raise self.wrong(f"a length of {length} is not written in {bits} bits")
        return lambda sender: frame(first, bits, length, USUAL_KEY[sender] if key is None else key, payload)

    def bits(self):
        bits = self.number(64)
        if bits not in (7, 16, 64) or not self.take("bits"):
            raise self.wrong("a length is written in 7 bits, in 16 bits or in 64 bits")
        return bits


def lines_of(text):
    lines = []
    for at, row in enumerate(text.split("\n"), 1):
        if not lines or not row[:1].isspace():
            lines.append(Line())
        lines[-1].add(row, at)
    return [line for line in lines if line.tokens]


def frame(first, bits, length, key, payload):
    wide = length.to_bytes(bits // 8, "big") if bits > 7 else b""
    short = {7: length, 16: 126, 64: 127}[bits]
    return bytes([first, bool(key) << 7 | short]) + wide + key + masked(key, payload)


def masked(key, payload):
    return bytes(b ^ key[i % 4] for i, b in enumerate(payload)) if key else payload


class Seed:
    """What a text says of a target's input."""

    def __init__(self, target, text):
        self.target, self.fields = target, {field.word: field for field in FIELDS[target]}
        self.senders, self.bare, self.wire, self.said, self.last_step = [None], False, [], {}, 0
        for line in lines_of(text):
            self.read(line)
        if "reader" in self.fields and not self.bare and self.senders == [None]:
            raise Mistake("who sends this is not said: from client, from server or from both", 1)

    def read(self, line):
        times = 1
        if line.ahead(1) == "times":
            times = line.number(1 << 16)
            line.take("times")
        first = line.ahead() or line.next()
        if first == "from":
            line.next()
            self.senders = self.sides(line)
            line.end()
        elif first == "bare":
            line.next()
            self.bare = True
            line.end()
        elif first in self.fields:
            if times > 1 and first != "step":
                raise line.wrong(f"{first} is said {times} times")
            self.said[first] = self.said.get(first, b"") + self.values(line) * times
        elif first in OPCODES or first == "opcode":
            self.wire += [line.frame()] * times
        elif first[0] == '"' or HEX.fullmatch(first):
            some = line.bytes() * times
            self.wire.append(lambda sender: some)
        else:
            line.next()
            raise line.wrong(f"`{first}` begins no line: neither a frame ({', '.join(OPCODES)}, opcode), nor bytes, "
                             f"nor one of {', '.join(['from', 'bare', *self.fields])}")

    def sides(self, line):
        who = line.next()
        if who not in ("client", "server", "both"):
            raise line.wrong(f"`{who}` sends nothing: a seed is from client, from server or from both")
        return ["client", "server"] if who == "both" else [who]

    def values(self, line):
        field = self.fields[line.next()]
        phrases, count = line.phrases(), None if field.word == "step" else len(usual(field, "client"))
        if count and field.word in self.said:
            raise line.wrong(f"{field.word} is said twice")
        if count and len(phrases) != count and not (self.bare and len(phrases) < count):
            raise line.wrong(f"{field.word} has {len(phrases)} values instead of {count}, with commas between them")
        for phrase in phrases:
            if phrase not in field.phrases:
                known = ", ".join(list(field.phrases)[:12])
                raise line.wrong(f"{field.word} is never `{phrase}`, but may be {known} or others")
        if field.word == "step":
            self.last_step = line.at
        return b"".join(field.phrases[phrase] for phrase in phrases)

    def compiled(self, sender):
        wire = b"".join(write(sender) for write in self.wire)
        if self.bare or not self.fields:
            return wire + b"".join(self.said.get(word, b"") for word in self.fields)
        *front, last = [self.said.get(word, usual(field, sender)) for word, field in self.fields.items()]
        tail = b"".join(front).ljust(SIZES[self.target] - len(last), IDLE) + last
        if len(tail) > SIZES[self.target]:
            raise Mistake(f"there is no room for the last {len(tail) - SIZES[self.target]} of the steps", self.last_step)
        return wire + tail


def usual(field, sender):
    return field.usual if isinstance(field.usual, bytes) else field.usual[sender]


def inputs(target, name, text):
    """{name: bytes} of one text."""
    seed = Seed(target, text)
    return {name if len(seed.senders) == 1 else f"{name}_from_{sender}": seed.compiled(sender)
            for sender in seed.senders}


def compile_folder(texts, out):
    """Writes what the texts say, and removes what no text says any more. Returns the mistakes."""
    compiled, mistakes = {}, []
    for path in sorted(texts.glob("*.txt")):
        try:
            for name, data in inputs(texts.name, path.stem, path.read_text(encoding="utf-8")).items():
                if name in compiled:
                    raise Mistake(f"another text gives the seed {name} too", 1)
                compiled[name] = data
        except Mistake as mistake:
            mistakes.append(f"{shown(path)}:{mistake.line}: {mistake}")
        except UnicodeDecodeError as wrong:
            line = wrong.object.count(b"\n", 0, wrong.start) + 1
            mistakes.append(f"{shown(path)}:{line}: this is not UTF-8")
    if not compiled and not mistakes:
        mistakes.append(f"{shown(texts)}: there is no seed in this folder")
    out.mkdir(parents=True, exist_ok=True)
    for path in out.glob("*.bin"):
        if path.stem not in compiled:
            path.unlink()
    for name, data in compiled.items():
        (out / f"{name}.bin").write_bytes(data)
    return mistakes


def shown(path):
    root = pathlib.Path(__file__).resolve().parent.parent
    path = path.resolve()
    return path.relative_to(root) if path.is_relative_to(root) else path


def main():
    command, first, second = sys.argv[1:] if len(sys.argv) == 4 else ("", "", "")
    if command == "compile" and pathlib.Path(first).name in FIELDS:
        mistakes = compile_folder(pathlib.Path(first), pathlib.Path(second))
        sys.exit("\n".join(mistakes) or 0)
    elif command == "text" and first in FIELDS:
        from readable import text_of  # which reads what is written here
        print(text_of(first, pathlib.Path(second).read_bytes()), end="")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
