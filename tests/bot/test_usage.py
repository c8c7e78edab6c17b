from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from bot.health import duration_text, folder_text, gateway_text, latency_text
from bot.status_board import StatusBoard
from bot.storage.database import Database
from bot.storage.feedback import Verdict
from bot.storage.served import Usage
from bot.storage.stores import Stores
from bot.storage.tables import Served
from bot.usage_picture import in_words, usage_picture
from bot.usage_text import usage_text
from index.levels import Level

LAST = date(2026, 11, 22)
NAMES = st.one_of(st.text(min_size=1, max_size=200), st.text("[*_`", min_size=60, max_size=90))
COUNTS = st.integers(0, 10**7)
USAGES = st.builds(
    Usage,
    days=st.dictionaries(
        st.integers(0, 364).map(lambda days: LAST - timedelta(days=days)), COUNTS.map(lambda n: (n, n // 3))
    ),
    ways=st.dictionaries(st.sampled_from(["ask", "mention", "direct", "button", "topics"]), COUNTS),
    levels=st.fixed_dictionaries(dict.fromkeys(Level, COUNTS)),
    tenths=st.lists(COUNTS, min_size=10, max_size=10).map(tuple),
    pages=st.dictionaries(NAMES, COUNTS, max_size=15),
)
FEEDBACK = st.dictionaries(NAMES, st.dictionaries(st.sampled_from(list(Verdict)), COUNTS, min_size=1), max_size=15)


@given(usage=USAGES, feedback=FEEDBACK, days=st.integers(1, 365))
def test_any_usage_fits_a_message_and_mentions_nobody(
    usage: Usage, feedback: dict[str, dict[Verdict, int]], days: int
) -> None:
    first = LAST - timedelta(days=days - 1)
    titles = {"@everyone": "@everyone", "x": "<@1>"}
    blocks = usage_text(usage, feedback, titles, first=first, last=LAST)
    assert all(block.strip() for block in blocks)
    assert sum(map(len, blocks)) <= 4_000
    assert "@everyone" not in "".join(blocks)
    assert len(in_words(usage, first=first, last=LAST)) <= 1_024


def test_the_text_says_the_figures() -> None:
    usage = Usage(
        days={LAST: (30, 6), LAST - timedelta(days=1): (10, 0)},
        ways={"ask": 35, "mention": 5},
        levels={Level.BASIC: 20, Level.INTERMEDIATE: 15, Level.ADVANCED: 5},
        tenths=(0, 6, 0, 0, 0, 0, 0, 0, 4, 30),
        pages={"rlhf": 34},
    )
    feedback = {
        "calm": {Verdict.RIGHT: 50},
        "rlhf": {Verdict.RIGHT: 2, Verdict.TOO_HARD: 1},
    }
    said = "\n".join(usage_text(usage, feedback, {"rlhf": "RLHF"}, first=LAST - timedelta(days=2), last=LAST))
    assert "**40 answers**, 15% of them" in said
    assert "by `/ask` 35, mention 5" in said
    assert "11-20  0\n11-21 10 ███████\n11-22 30 ████████████████████" in said
    assert "Basic        20 ████████████████████" in said
    assert "80-100 % 34 ████████████████████" in said
    assert "- RLHF: 34" in said
    assert said.index("- RLHF: right 2, too hard 1") < said.index("- calm: right 50"), "complaints come first"


def test_a_year_is_shown_in_longer_steps() -> None:
    usage = Usage(days={LAST: (3, 0)}, ways={}, levels=dict.fromkeys(Level, 1), tenths=(0,) * 10, pages={})
    said = "\n".join(usage_text(usage, {}, {}, first=LAST - timedelta(days=364), last=LAST))
    assert "Answers in 27 days, from" in said


def test_the_picture_is_a_png_of_a_sensible_size() -> None:
    from PIL import Image

    usage = Usage(days={LAST: (30, 6)}, ways={}, levels=dict.fromkeys(Level, 4), tenths=(1,) * 10, pages={})
    picture = Image.open(io.BytesIO(usage_picture(usage, first=LAST - timedelta(days=29), last=LAST)))
    assert picture.format == "PNG"
    assert picture.size == (880, 660)


async def test_the_database_adds_up_what_was_served(database: Database) -> None:
    stores = Stores.over(database.sessions)
    for slug, level, sure in (("rlhf", Level.BASIC, 1.0), ("rlhf", Level.ADVANCED, 0.05), (None, Level.BASIC, 0.39)):
        await stores.served.note("ask", slug, level, sure, 12.0)
    today = datetime.now(UTC).date()
    long_ago = datetime.now(UTC) - timedelta(days=400)
    async with database.sessions.begin() as session:
        session.add(Served(at=long_ago, how="ask", slug="old", level="basic", confidence=1.0, milliseconds=99.0))
    start = datetime.now(UTC) - timedelta(days=1)
    usage = await stores.served.usage(start)
    assert usage.days == {today: (3, 1)}
    assert (usage.answers, usage.not_covered) == (3, 1)
    assert usage.levels == {Level.BASIC: 2, Level.INTERMEDIATE: 0, Level.ADVANCED: 1}
    assert usage.tenths == (1, 0, 0, 1, 0, 0, 0, 0, 0, 1)
    assert usage.pages == {"rlhf": 2}
    assert await stores.served.latest_milliseconds(2) == [12.0, 12.0]
    await stores.feedback.note(Verdict.TOO_HARD, "rlhf", Level.BASIC, "?", "g")
    await stores.feedback.note(Verdict.TOO_HARD, "rlhf", Level.BASIC, "?", "g")
    assert await stores.feedback.counts(start) == {"rlhf": {Verdict.TOO_HARD: 2}}

    await stores.served.prune()
    assert (await stores.served.usage(datetime(2000, 1, 1, tzinfo=UTC))).answers == 3, "a year is over for the fourth"
    async with database.sessions.begin() as session:
        await session.execute(update(Served).values(at=long_ago))
    await stores.served.prune()
    assert (await stores.served.usage(datetime(2000, 1, 1, tzinfo=UTC))).answers == 0


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "less than a minute"), (60, "1 minute"), (3_660, "1 hour 1 minute"), (90_000, "1 day 1 hour"), (-5, "less")],
)
def test_durations_in_words(seconds: float, said: str) -> None:
    assert duration_text(seconds).startswith(said)


def test_health_in_words(tmp_path: Path) -> None:
    assert latency_text([]) == "nobody has asked yet"
    assert latency_text([10.0] * 99 + [1000.0]).startswith("p50 10 ms, p99 20 ms")
    assert gateway_text(float("nan")) == gateway_text(float("inf")) == "not known yet"
    assert "GB free" in folder_text(tmp_path)
    assert "cannot be read" in folder_text(tmp_path / "missing")


async def test_a_part_that_fails_spoils_only_its_own_line() -> None:
    board = StatusBoard()

    async def fails() -> str:
        raise RuntimeError

    async def works() -> str:
        return "684 links are well"

    board.add("Broken", fails)
    board.add("Links", works)
    assert await board.lines() == [("Broken", "cannot be told; see the log"), ("Links", "684 links are well")]
