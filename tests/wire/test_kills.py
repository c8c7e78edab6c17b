from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.wire.kills import kill_again_and_again

pytestmark = pytest.mark.asyncio(loop_scope="session")
KILLS = int(os.environ.get("FATHOM_WIRE_KILLS", "2"))


async def test_killed_in_the_middle_of_writes_it_loses_nothing_it_confirmed(tmp_path: Path) -> None:
    """Two hundred of these: `python -m tests.wire.kills`."""
    tally = await kill_again_and_again(tmp_path, KILLS)
    assert tally.lost == []
    assert tally.kills == KILLS
    assert tally.confirmed > 0
    assert tally.command_writes == 1
