#!/usr/bin/env python3
"""The seeds of the fuzz targets: each text compiles, any bytes become a text that compiles to the same
bytes, and what is wrong with a text is told in a sentence that says where."""
import pathlib
import random
import re
import sys
import tempfile

FUZZ = pathlib.Path(__file__).resolve().parent.parent / "fuzz"
sys.path.insert(0, str(FUZZ))
from readable import text_of
from seeds import Mistake, compile_folder, inputs
from tails import FIELDS

# RFC 6455 §5.7, and one of each other kind of line: what the way there and back doesn't see.
KNOWN = [
    ("protocol", 'bare\ntext: "Hello"\n', "81 05 48 65 6c 6c 6f"),
    ("protocol", 'bare\nfrom client\ntext: "Hello"\n', "81 85 37 fa 21 3d 7f 9f 4d 51 58"),
    ("protocol", 'bare\ntext more: "Hel"\ncontinuation: "lo"\n', "01 03 48 65 6c 80 02 6c 6f"),
    ("protocol", "bare\nbinary length 256\nbinary length 0x10000\n", "82 7e 01 00 82 7f 00 00 00 00 00 01 00 00"),
    ("protocol", "bare\nopcode 3 rsv1 masked 01020304: 00\n    ff * 2\n", "c3 83 01 02 03 04 01 fd fc"),
    ("protocol", 'from server\nclose 1001: "€"  # "#"\nlimit 125\n', "88 05 03 e9 e2 82 ac 03 01 05 02 01 7d"),
    ("header", 'ping length in 64 bits: "#"\nrules masked inside rsv1\n',
     "89 7f 00 00 00 00 00 00 00 01 23 46"),
    ("kernels", '2 times "\\x00\\t"\nphase 1 offset 2\n', "00 09 00 09 37 fa 21 3d 09 ff ff"),
    ("stream", "from client\nfails at 5\nfragments of 6\nstep write 14\n24 times step handlers 15\n",
     "00 00 00 17 01 06 92" + " fd" * 24 + " 00"),
]

MISTAKES = [  # of texts for the target protocol
    ('from client\n\ntext "Hello"\n', '3: `"Hello"` is nothing that a frame can be: more, rsv1, rsv2, rsv3, masked, '
     "unmasked, or of a length"),
    ('from client\ntext: "Hello\n', "2: a string has no end"),
    ('from both\ntext: "a\\q"\n', r'2: `\q` is none of the escapes, \r \n \t \" \\ \x00'),
    ('from both\ntext: 48\n    6\n', "3: `6` is neither a string nor bytes of two hexadecimal digits each"),
    ('from both\nbinary: "x" *\n', "2: the line ends too early"),
    ('from both\nbinary: "x" * many\n', "2: `many` is not a number from 0 to 65536"),
    ("from both\nopcode 16\n", "2: `16` is not a number from 0 to 15"),
    ("from both\nbinary length 126 in 7 bits\n", "2: a length of 126 is not written in 7 bits"),
    ("from both\nbinary length in 8 bits\n", "2: a length is written in 7 bits, in 16 bits or in 64 bits"),
    ("from nobody\n", "1: `nobody` sends nothing: a seed is from client, from server or from both"),
    ("ping\n", "1: who sends this is not said: from client, from server or from both"),
    ("from both\nbare ping\n", "2: `ping` is too much"),
    ("from both\nrules any\n", "2: `rules` begins no line: neither a frame (continuation, text, binary, close, ping, "
     "pong, opcode), nor bytes, nor one of from, bare, pieces, reader, limit"),
    ("from both\npieces 1, 2\n", "2: pieces has 2 values instead of 4, with commas between them"),
    ("from both\nlimit 1\nlimit 3\n", "3: limit is said twice"),
    ("from both\n3 times limit 1\n", "2: limit is said 3 times"),
    ("from both\nreader nobody\n", "2: reader is never `nobody`, but may be server, client, tolerant server, "
     "unchecked client, server 0x04, client 0x05, tolerant server 0x06, unchecked client 0x07, server 0x08, "
     "client 0x09, tolerant server 0x0a, unchecked client 0x0b or others"),
]


def changed(data, chance):
    """The input, with a few bytes changed, inserted or removed, or cut off."""
    data = bytearray(data)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(data) + 1)
        data[at:at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
    return bytes(data[:chance.randrange(len(data) + 1)] if chance.randrange(4) == 0 else data)


def check_law(target, data):
    text = text_of(target, data)
    assert inputs(target, "x", text) == {"x": data}, f"of {target}, {data.hex()} becomes another input:\n{text}"
    return text


def check_refusal(target, text, chance):
    """Of a text that lacks some words it is told what is wrong, unless nothing is."""
    words = re.split(r"(\W)", text)
    for _ in range(chance.randrange(1, 4)):
        words[chance.randrange(len(words))] = chance.choice(["", *words])
    try:
        inputs(target, "x", "".join(words))
    except Mistake:
        pass


def compiled(target, texts, scratch):
    """The inputs of a folder, which must have no mistakes."""
    mistakes = compile_folder(texts, scratch / target)
    if mistakes:
        sys.exit("\n".join(mistakes))
    return [path.read_bytes() for path in sorted((scratch / target).iterdir())]


def check_told(texts, scratch, sentence):
    told = compile_folder(texts, scratch / "out")
    assert told == [sentence], f"{told} instead of {sentence}"


def check_mistakes(scratch):
    texts = scratch / "wrong" / "protocol"
    texts.mkdir(parents=True)
    for text, sentence in MISTAKES:
        (texts / "one.txt").write_text(text)
        check_told(texts, scratch, f"{texts}/one.txt:{sentence}")
    (texts / "one.txt").write_bytes(b"# \xff\n")
    check_told(texts, scratch, f"{texts}/one.txt:1: this is not UTF-8")
    (texts / "one.txt").write_text("from both\nping\n")
    (texts / "one_from_client.txt").write_text("from client\nping\n")
    check_told(texts, scratch, f"{texts}/one_from_client.txt:1: another text gives the seed one_from_client too")
    script = scratch / "wrong" / "stream"
    script.mkdir()
    check_told(script, scratch, f"{script}: there is no seed in this folder")
    (script / "one.txt").write_text("from client\nstep read\n30 times step handlers 1\n")
    check_told(script, scratch, f"{script}/one.txt:3: there is no room for the last 5 of the steps")


def main():
    chance, count, checked = random.Random(6455), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder).resolve()
        for target in FIELDS:
            seeds = compiled(target, FUZZ / "seeds" / target, scratch)
            count += len(seeds)
            some = [b"", *[chance.randbytes(chance.randrange(10)) for _ in range(200)], *seeds, *[changed(seed, chance) for seed in seeds for _ in range(8)],
                    *[chance.randbytes(chance.randrange(80)) for _ in range(300)]]
            checked += len(some)
            for data in some:
                check_refusal(target, check_law(target, data), chance)
        for target, text, bytes_there in KNOWN:
            assert inputs(target, "x", text)["x"].hex(" ") == bytes_there, text
        check_mistakes(scratch)
    print(f"{count} seeds, {checked} inputs written as text, {len(MISTAKES) + 4} mistakes told")


main()
