"""What members see while the server that keeps the vectors does not answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index import generation
from index.vector_store import VectorsAwayError, open_vectors
from tests.discord.conftest import World, texts


class Flaky:
    """The real vectors of a generation, which can be out of reach."""

    def __init__(self, folder: Path) -> None:
        self._index = open_vectors(folder)
        self.away = False

    def __len__(self) -> int:
        return len(self._index)

    def similarities(self, queries: Any) -> Any:
        if self.away:
            raise VectorsAwayError("nobody answers")
        return self._index.similarities(queries)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)


@pytest.fixture
def vectors(monkeypatch: pytest.MonkeyPatch) -> list[Flaky]:
    opened: list[Flaky] = []

    def opening(folder: Path) -> Flaky:
        opened.append(Flaky(folder))
        return opened[-1]

    monkeypatch.setattr(generation, "open_vectors", opening)
    return opened


async def test_what_is_sure_is_answered_and_the_rest_is_not_called_uncovered(
    vectors: list[Flaky], world: World
) -> None:
    covered = await world.member.slash(world.channel, "ask", question="best pizza in Berlin?")
    assert "does not cover this" in texts(covered.response)
    before = len(await world.bot.services.stores.gaps.all())
    vectors[-1].away = True
    unsure = await world.member.slash(world.channel, "ask", question="where do I find the best bread in Hamburg?")
    assert "cannot search the whole library just now" in texts(unsure.response)
    assert "does not cover" not in texts(unsure.response)
    assert len(await world.bot.services.stores.gaps.all()) == before
    sure = await world.member.slash(world.channel, "ask", question="what is corrigibility")
    assert "## Corrigibility" in texts(sure.response)
    await world.member.click(sure.response, label="Deeper")
    assert "-# Advanced" in texts(sure.response)
    asked = await world.member.slash(world.channel, "ask", question="how is RLHF different from sourdough baking?")
    assert "does not cover" not in texts(asked.response)
    status = await world.moderator.slash(world.channel, "status")
    assert "their server does not answer" in texts(status.response)

    vectors[-1].away = False
    again = await world.member.slash(world.channel, "ask", question="where do I find the best bread in Hamburg?")
    assert "does not cover this" in texts(again.response)
