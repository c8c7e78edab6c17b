"""Many questions at once: one JSON object a line in, one a line out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.answer import Answer, Question
from bot.config import Settings
from bot.level_words import level_in_words
from bot.local_answers import open_explainer
from bot.progress_bar import progress_bar
from index.levels import Level

_MAX_CONCEPTS = 10


class Request(BaseModel):
    """One line of input: a question, or the turns of a conversation whose last one is the question."""

    model_config = ConfigDict(extra="ignore")

    id: str | int | None = None
    question: str | None = None
    turns: list[str] | None = None
    level: str | None = None
    lang: str = "en"


def answer_lines(settings: Settings, lines: Iterable[bytes], out: TextIO, *, level: str | None) -> None:
    """Answer every line; a line that cannot be read is answered with its error, and the rest goes on."""
    with progress_bar() as on_progress:
        explainer = open_explainer(settings, on_progress)
    default = settings.answers.default_level
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        request = _read(line, number)
        if isinstance(request, str):
            out.write(json.dumps({"id": _id_of(line), "answered": False, "error": request}) + "\n")
        else:
            if request.level is None and level is not None:
                request = request.model_copy(update={"level": level})
            answer = explainer.explain(_question(request, default))
            out.write(json.dumps({"id": request.id, **as_json(answer)}, ensure_ascii=False) + "\n")
        out.flush()


def as_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain data."""
    return {
        "answered": answer.answered,
        "confidence": round(answer.confidence, 6),
        "concepts": [{"slug": item.slug, "score": round(item.score, 6)} for item in answer.ranked[:_MAX_CONCEPTS]],
        "level": answer.level.value,
        "passages": [
            {
                "id": quote.passage.id,
                "slug": quote.passage.slug,
                "level": quote.passage.level.value if quote.passage.level else None,
                "text": quote.passage.text,
                "file": quote.passage.file,
                "lines": [quote.passage.first_line, quote.passage.last_line],
            }
            for side in answer.sides
            for quote in side.quotes
        ],
        "sources": [{"title": source.title, "url": source.url} for source in answer.all_sources],
    }


def _read(line: bytes, number: int) -> Request | str:
    try:
        request = Request.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return f"line {number}: {where + ': ' if where else ''}{first['msg']}"
    if request.question is None and not request.turns:
        return f"line {number}: give `question` or `turns`"
    if request.level is not None and request.level.casefold() not in set(Level):
        return f"line {number}: `level` is one of {', '.join(Level)}"
    return request


def _question(request: Request, default: Level) -> Question:
    turns = request.turns or []
    text = request.question if request.question is not None else turns[-1]
    before = turns if request.question is not None else turns[:-1]
    level = Level(request.level.casefold()) if request.level else level_in_words(text) or default
    return Question(text, level, tuple(before), request.lang.casefold()[:2] or "en")


def _id_of(line: bytes) -> Any:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return data.get("id") if isinstance(data, dict) else None
