"""Questions: an answer in the library's words or an honest no, in a message that Discord takes and that pings none."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import ClassVar

from bot.answer import Question
from bot.explainer import Explainer
from bot.level_words import level_in_words
from bot.records import without_people
from bot.terms import marked_terms
from bot.views.answer_view import answer_view
from index.build import build_generation
from index.embedding import ModelFiles
from index.generation_store import GenerationStore
from index.levels import Level
from index.search import Searcher
from tests.conftest import REPOSITORY
from tests.discord.judge import limit_problems
from tests.discord.test_hostile import SEEDS
from tests.fuzz.mutation import huge, mutate
from tests.fuzz.target import Target, promise
from tests.support.light_encoder import LightEncoder
from tests.support.pages import write_library

_LANGUAGES = ("en", "de", "es", "zz")
_TURN = "\x1e"
_PIECES = (
    *(
        b"what is ",
        b"kettle drift",
        b" versus ",
        b"compare ",
        b" and ",
        b"?",
        b"why",
        b"simply",
        b"in depth",
        b"[[",
        b"]]",
        b"KETT",
    ),
    *(
        b"@everyone",
        b"<@1>",
        b"``",
        b"```",
        b"||",
        b"**",
        b"\x1e",
        b"\\",
        b"\xed\xa0\x80",
        b"\xcc\x81",
        b" ",
        b"1",
        b"U.S.A.",
        b"it",
        b"(p)",
    ),
)


@cache
def real_questions() -> tuple[bytes, ...]:
    lines = (REPOSITORY / "tests" / "eval" / "in_scope.jsonl").read_text(encoding="utf-8").splitlines()[:150]
    asked = [str(json.loads(line).get("question", "")) for line in lines]
    own = [*asked, *SEEDS, "what is kettle drift?", "kettle drift versus spoon bias", f"what is spoon bias?{_TURN}why?"]
    return tuple(b"\x00" + text.encode("utf-8", "surrogatepass")[:5000] for text in own)


def light_state(folder: Path, words: dict[str, str] | None = None) -> Path:
    """Build a small index that needs no model; return its state folder."""
    content = write_library(folder / "content", words)
    load = lambda *_, **__: LightEncoder()  # noqa: E731
    build_generation(content, folder / "state", ModelFiles("light", Path(), "light"), load=load)  # type: ignore[arg-type]
    return folder / "state"


class Questions(Target):
    """The explainer behind an encoder without a model, and the message that shows what it says."""

    name: ClassVar[str] = "questions"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        generation = GenerationStore(light_state(folder)).open_best()
        assert generation is not None
        self._explainer = Explainer(Searcher(generation, LightEncoder()), threshold=0.3)

    def make(self, random: Random) -> bytes:
        first = bytes([random.randrange(256)])
        if random.random() < 0.001:
            return first + huge(random, _PIECES, random.choice((4_000, 20_000, 1_000_000)))
        return first + mutate(random, random.choice(real_questions()), real_questions(), _PIECES)[1:4500]

    def check(self, data: bytes) -> str:
        way, rest = data[0] if data else 0, data[1:]
        try:
            whole = rest.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            whole = rest.decode("utf-8", "replace")
        *turns, text = whole.split(_TURN)
        lang = _LANGUAGES[way // 3 % len(_LANGUAGES)]
        asked = Question(text, level_in_words(text) or list(Level)[way % 3], tuple(turns[-5:]), lang=lang)
        answer = self._explainer.explain(asked)
        view = answer_view(answer, 1)
        components = view.to_components()
        problems = limit_problems("/channels/1/messages", {"components": components, "flags": 1 << 15})
        promise(not problems, f"Discord would refuse this: {problems}")
        json.dumps(components, ensure_ascii=False).encode()
        without_people(text).encode()
        self._explainer.terms.by_name(marked_terms(text), lang)
        if way % 16 == 0:  # as slow as all the rest
            self._explainer.terms.in_text(text, lang)
        return str(answer.outcome)
