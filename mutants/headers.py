"""The library's headers as a mutant sees them, and how a patch changes them."""
import pathlib
import re
import shutil

TEXT = re.compile(r'"(?:\\.|[^"\\\n])*"' r"|'(?:\\.|[^'\\\n])+'" r'|//[^\n]*', re.S)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def end_of_call(text, at):
    """The place behind the parenthesis that closes the one at `at`, passing over strings."""
    depth = 0
    while True:
        skipped = TEXT.match(text, at)
        if skipped:
            at = skipped.end()
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            return at


def without_static_asserts(text):
    """The same lines. An example beside the code would stop the compiler, and a mutant that doesn't
    compile has shown nothing about the tests."""
    out, at = "", 0
    for found in re.finditer(r"\bstatic_assert\(", text):
        if found.start() < at or text.rfind("//", text.rfind("\n", 0, found.start()) + 1,
                                            found.start()) >= 0:
            continue
        end = end_of_call(text, found.end() - 1)
        out += text[at:found.start()] + blank(text[found.start():end])
        at = end
    return out + text[at:]


def copy_headers(source, target):
    """A copy of include/ whose examples are gone; it is where unchanged headers come from."""
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted(source.rglob("*.hpp")):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(without_static_asserts(path.read_text()))


def hunks(patch):
    """(file, old text, new text) for each hunk of a unified diff."""
    for part in re.split(r"^--- a/", patch, flags=re.M)[1:]:
        name, _, rest = part.partition("\n")
        for hunk in re.split(r"^@@.*\n", rest, flags=re.M)[1:]:
            lines = [line for line in hunk.splitlines(True) if line[0] in " +-"]
            yield (name,
                   "".join(line[1:] for line in lines if line[0] != "+"),
                   "".join(line[1:] for line in lines if line[0] != "-"))


def apply_patch(patch, root):
    """The new text of each file that the patch changes. A hunk goes where its old lines stand,
    whatever has moved since; it must be one place."""
    changed = {}
    for name, old, new in hunks(patch):
        text = changed.get(name) or (root / name).read_text()
        if text.count(old) != 1:
            raise ValueError(f"the old lines stand {text.count(old)} times in {name}")
        changed[name] = text.replace(old, new)
    return {pathlib.Path(name).relative_to("include"): text for name, text in changed.items()}


def overlay(changed, folder):
    """Writes the changed headers where they are found before those of the copy."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in changed.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(without_static_asserts(text))
    return folder
