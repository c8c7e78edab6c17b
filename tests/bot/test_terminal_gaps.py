"""`python -m bot gaps` as an operator runs it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.storage.database import open_database, sqlite_url
from bot.storage.gaps import GapKind, GapLog
from index.levels import Level
from tests.bot.test_cli import bot, small  # noqa: F401

SOCKS = ("how do I knit a wool sock?", "how do I knit a wool sock?", "knitting a sock of wool")


async def log(state: Path) -> None:
    database = await open_database(sqlite_url(state))
    gaps = GapLog(database.sessions)
    for question in SOCKS:
        await gaps.note(GapKind.NOT_COVERED, question, Level.BASIC, "en")
    await gaps.note(GapKind.NOT_COVERED, "what is kettle drift?", Level.BASIC, "en")
    await gaps.note(GapKind.NOT_COVERED, "Wie backe ich Brot?", Level.ADVANCED, "de")
    await gaps.note(GapKind.DEPTH_MISSING, "", Level.ADVANCED, "en", "spoon-bias")
    await database.close()


def test_gaps_are_listed_and_their_stubs_written_once(small: list[str], tmp_path: Path) -> None:  # noqa: F811
    content, state = Path(small[1]), Path(small[3])
    assert "no usable index; `python -m bot index` makes one" in bot("gaps", "--state", str(tmp_path)).stderr
    assert bot("index", *small).returncode == 0
    assert "Nothing was asked in vain" in bot("gaps", *small).stdout

    asyncio.run(log(state))
    out = tmp_path / "stubs"
    listed = bot("gaps", "--export", str(out), *small)
    assert listed.returncode == 0, listed.stderr
    assert "1. 3 x how do I knit a wool sock?\n   also: knitting a sock of wool\n" in listed.stdout
    assert "answered by now: Kettle Drift (Basic)" in listed.stdout
    assert "1 x Advanced wanted on Spoon Bias; it has its Advanced part now" in listed.stdout
    files = {file.relative_to(out).as_posix() for file in out.rglob("*") if file.is_file()}
    assert files == {
        "en/knit-wool-sock.md",
        "questions/knit-wool-sock.yaml",
        "de/backe-ich-brot.md",
        "questions/backe-ich-brot.de.yaml",
    }, "what is answered by now is no page to write"
    page = out / "en" / "knit-wool-sock.md"
    page.write_text(page.read_text() + "half written")
    assert f"kept as it was: {page}" in bot("gaps", "--export", str(out), *small).stdout
    assert page.read_text().endswith("half written")

    for file in files:
        target = content / file
        target.parent.mkdir(exist_ok=True)
        target.write_text((out / file).read_text())
    checked = bot("check", *small)
    assert "knit-wool-sock.md" in checked.stdout
    assert "is empty" in checked.stdout
