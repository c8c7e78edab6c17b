"""Fathom: from a question to a whole answer, with its concept, confidence, passages and sources."""

from __future__ import annotations

from pathlib import Path

import course


def load(material: course.Material) -> course.Answer:
    from bot.answer import Question
    from bot.config import load_settings
    from bot.local_answers import open_explainer
    from index.levels import Level

    knowledge, state = (material.folder / "fathom.txt").read_text(encoding="utf-8").split("\n")
    settings = load_settings(None, knowledge=Path(knowledge), state=Path(state))
    explainer = open_explainer(settings, lambda _: None)
    return lambda text: explainer.explain(Question(text, Level.INTERMEDIATE))


if __name__ == "__main__":
    course.run(load)
