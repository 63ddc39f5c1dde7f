#!/usr/bin/env python3
"""Each job that uses ClusterFuzzLite gives its actions what they need, and say nothing about when it is
missing. Each rule also catches the violation that is planted for it."""
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / ".github/workflows"
# Empty where there is no such secret: then artifacts keep what that repository would.
STORAGE = """          storage-repo: ${{ secrets.FUZZ_STORAGE_REPO }}
          storage-repo-branch: main
          storage-repo-branch-coverage: gh-pages
"""


def block(name, indent, text):
    """What stands behind `name:` in its line, and further in, in the lines below."""
    found = re.search(rf"^{indent}{name}:(.*\n(?:{indent} .*\n|\n)*)", text, re.MULTILINE)
    return found and found.group(1)


def faults(text):
    for job in re.split(r"^(?=  \w+:)", block("jobs", "", text), flags=re.MULTILINE)[1:]:
        steps = re.split(r"^(?=      - )", block("steps", "    ", job), flags=re.MULTILINE)[1:]
        fuzzing = [i for i, step in enumerate(steps) if "google/clusterfuzzlite/" in step]
        if not fuzzing:
            continue
        before = "".join(steps[:fuzzing[0]])
        if not re.search(r"uses: actions/checkout@v\d+\n +with:\n +persist-credentials: false\n$", before):
            yield "the sources, where the version of the base image stands, are not checked out first"
        # Those of a job replace those of the workflow.
        granted = block("permissions", "    ", job) or block("permissions", "", text) or ""
        needed = ["contents: read", "actions: read"]
        if "/upload-sarif@" in job:
            needed.append("security-events: write")
        if granted == " read-all\n":
            granted = "contents: read, actions: read"
        for permission in needed:
            if permission not in granted:
                yield f"no permission `{permission}`"
        if re.search("mode: (batch|prune)", job):
            if "matrix:" in job:
                yield "two jobs of a run keep a corpus under one name"
            if "    concurrency:\n      group: corpus\n" not in job:
                yield "another run may keep the corpus meanwhile"
        # A pull request's build asks which targets it changes.
        asking = [steps[i] for i in fuzzing if "mode:" in steps[i] or "pull_request:" in text]
        if not all(STORAGE in step for step in asking):
            yield "it does not know the repository that keeps the corpus"


MATRIX = "    strategy:\n      matrix:\n        sanitizer: [address, undefined]\n    steps:\n"
PLANTED = [  # in a file, what stands for what, and how it is told
    ("build", r"(?s)      - uses: actions/checkout.*?(?=      - )", "", "are not checked out first"),
    ("cron", " +persist-credentials: false\n", "", "are not checked out first"),
    ("pr", " +actions: read\n", "", "no permission `actions: read`"),
    ("build", "permissions: read-all\n", "", "no permission `contents: read`"),
    ("batch", " +security-events: write\n", "", "no permission `security-events: write`"),
    ("batch", "    steps:\n", MATRIX, "under one name"),
    ("cron", " +group: corpus\n", "", "another run may keep the corpus"),
    ("pr", r" +storage-repo:.*\n", "", "does not know the repository"),
]

texts = {path.name: path.read_text() for path in sorted(FOLDER.glob("*.yml"))}
wrong = [f"{name}: {fault}" for name, text in texts.items() for fault in faults(text)]
for file, pattern, instead, sentence in PLANTED:
    planted = re.sub(pattern, instead, texts[f"cflite_{file}.yml"], count=1)
    if not any(sentence in fault for fault in faults(planted)):
        wrong.append(f"cflite_{file}.yml: not found: {sentence}")
print("\n".join(wrong) or f"{len(texts)} workflows")
sys.exit(bool(wrong))
