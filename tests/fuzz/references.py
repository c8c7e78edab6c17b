"""References, asked questions and golden questions: YAML by strangers."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import ClassVar

from index.asked_questions import read_questions
from index.golden import GOLDEN_FILE, read_golden
from index.problems import Problems
from index.references import MAX_REFERENCES_BYTES, by_canonical_url, read_references
from index.urls import is_web_url
from tests.conftest import REPOSITORY
from tests.fuzz.mutation import huge, mutate
from tests.fuzz.pages import problems_have_places
from tests.fuzz.target import Target, promise

_PIECES = (
    *(
        b"https://a.b/c:\n",
        b"  title: x\n",
        b"  summary: >-\n    y\n",
        b"a: &a [*a, *a]\n",
        b"&a ",
        b"*a ",
        b"<<: *a\n",
        b"[",
        b"{",
    ),
    *(
        b"- ",
        b"? ",
        b"  ",
        b"\t",
        b"'",
        b'"',
        b"!!binary ",
        b"!!python/object/apply:os.system [x]\n",
        b"%YAML 1.1\n",
        b"---\n",
        b"...\n",
    ),
    *(
        b"%TAG !a! x\n",
        b"\\ud800",
        b'"\\x00"',
        b"  year: 99999999999999999999\n",
        b"  authors: {a: b}\n",
        b"null",
        b"~: ~\n",
        b"outside:\n",
    ),
    *(
        b"http://[::1\n",
        b"https://a:99999999/:\n",
        b"https://\xe2\x84\x80.b/:\n",
        b'- "why?"\n',
        b"|+\n",
        b"? - \n",
        b"#\n",
        b",",
        b": ",
    ),
)
_BOMB = b"".join(b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9) if n else b"x") for n in range(9))


@cache
def real_files() -> tuple[bytes, ...]:
    folders = (REPOSITORY / "knowledge" / name for name in ("references", "questions"))
    files = [file for folder in folders for file in sorted(folder.rglob("*.yaml"))[:15]]
    return (_BOMB, *(file.read_bytes()[:700] for file in files))


class References(Target):
    """Each input is read as all three kinds of file."""

    name: ClassVar[str] = "references"

    def make(self, random: Random) -> bytes:
        kind = random.random()
        if kind < 0.0003:
            return huge(random, _PIECES, random.choice((MAX_REFERENCES_BYTES, 300_000, 10_000_000)))
        if kind < 0.1:
            return huge(random, _PIECES, random.randint(1, 600))
        return mutate(random, random.choice(real_files()), real_files(), _PIECES)

    def check(self, data: bytes) -> str:
        problems = Problems()
        found = read_references(data, file="r.yaml", problems=problems)
        problems_have_places(problems, data, "r.yaml")
        for reference in by_canonical_url(found, problems).values():
            promise(is_web_url(reference.url) and reference.title, f"an entry without address or title: {reference}")
            promise(1 <= reference.first_line <= reference.last_line, f"lines: {reference}")
        asked = Problems()
        questions = read_questions(data, file="q.yaml", lang="en", problems=asked)
        problems_have_places(asked, data, "q.yaml")
        (self.folder / GOLDEN_FILE).write_bytes(data)
        golden = Problems()
        read_golden(self.folder, golden)
        problems_have_places(golden, data, GOLDEN_FILE)
        return "read" if found or questions else "refused" if problems else "empty"
