from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.conftest import copy_index
from tests.wire.faults import Trouble
from tests.wire.people import Person, answer_to
from tests.wire.process import BotProcess
from tests.wire.server import Loopback

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_shipped_library_with_the_real_model(
    library_state: Path, library_content: Path, tmp_path: Path
) -> None:
    """From start to stop as an operator runs it: nothing stands in for anything."""
    state = copy_index(library_state, tmp_path / "state")
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump({"knowledge": {"path": str(library_content)}, "state": {"path": str(state)}}))
    discord = Loopback()
    await discord.start()
    bot = BotProcess(discord, config, tmp_path / "bot.log", light=False)
    try:
        await bot.start()
        person = Person(discord)
        asked = await person.slash("ask", question="why would a robot mind being switched off?", level="basic")
        assert "You asked: why would a robot mind being switched off?" in await answer_to(asked, 30)
        discord.faults.add(Trouble.CUT, "/callback$")
        deeper = await person.press(asked.message, "Deeper")
        assert "Intermediate" in await answer_to(deeper)
        nonsense = await person.slash("ask", question="how do I bake sourdough bread?")
        assert "does not cover" in await answer_to(nonsense)
        code, _ = await bot.stop()
        assert code == 0, bot.said()[-3000:]
        assert discord.record.problems() == []
    finally:
        await bot.kill()
        await discord.stop()
