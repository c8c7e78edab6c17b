"""What is logged, and above all what is not."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs.formats import JsonLines, PrivateText
from bot.logs.private_words import hidden, hide, hide_only, written_in
from bot.logs.redaction import Redaction, secrets_of_environment

PASSWORD = "s3cr:t/p@ss"  # noqa: S105  # opens nothing
TOKEN = "MTIzNDU2.abcdef.ghijklmnopqrstuvwxyz"  # noqa: S105  # nor does this


@pytest.fixture(autouse=True)
def nothing_hidden() -> Iterator[None]:
    yield
    hide_only(())


def line_of(message: str, *arguments: Any, error: BaseException | None = None, **fields: Any) -> dict[str, Any]:
    record = logging.makeLogRecord(
        {"name": "bot.test", "levelno": 40, "levelname": "ERROR", "msg": message, "args": arguments} | fields
    )
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    line = JsonLines(Redaction([TOKEN])).format(record)
    assert "\n" not in line
    return dict(json.loads(line))


def test_a_line_says_when_how_bad_where_and_what() -> None:
    line = line_of("%d shards", 3, shard=2, about=RuntimeError("x"))
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "error", "logger": "bot.test", "message": "3 shards", "shard": 2, "about": "x"}


def test_an_error_comes_with_its_kind_and_its_traceback() -> None:
    try:
        int("x")
    except ValueError as error:
        line = line_of("failed", error=error)
    assert line["exception"]["type"] == "ValueError"
    assert "test_logs.py" in line["exception"]["traceback"]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"Bot {TOKEN} was refused", TOKEN),
        ("Bot AAAABBBB.CCCC.DDDDEEEE was refused", "DDDDEEEE"),
        ("postgresql+asyncpg://fathom:hunter2@db:5432/fathom", "hunter2"),
        (f"postgresql://fathom:{PASSWORD}@db/fathom", "ss@db"),
        ("https://discord.com/api/v10/webhooks/12/aW50ZXJhY3Rpb246/messages/@original", "aW50ZXJhY3Rpb246"),
        ("url='http://127.0.0.1/interactions/12/tok-en_1/callback'", "tok-en_1"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out(text: str, secret: str) -> None:
    said = Redaction([TOKEN])(text)
    assert secret not in said
    assert "[secret]" in said


def test_the_secrets_of_the_environment_are_known_in_every_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("FATHOM_DATABASE_URL", "postgresql://fathom:h%40nter2@db/fathom")
    redact = Redaction(secrets_of_environment())
    for said in ("h%40nter2", "h@nter2", TOKEN):
        assert redact(f"refused: {said}!") == "refused: [secret]!"


def test_what_somebody_wrote_is_taken_out_however_it_is_spelled() -> None:
    question = 'Is  "Ötzi" a\nmesa-optimizer of Aunt Margarete?'
    hide(question)
    redact = Redaction()
    mended = "is otzi a mesa-optimiser of aunt margarete"
    for said in (question, " ".join(question.split()), repr(question), ascii(question), mended):
        for private in ("Margarete", "margarete", "Aunt", "aunt"):
            assert private not in redact(f"could not read {said} at all")
    assert redact("the database cannot be read") == "the database cannot be read"
    hide_only(())
    assert redact(question) == question


@given(st.text(min_size=4, max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_no_text_gets_through(private: str, before: str, after: str) -> None:
    hide_only((private,))
    # What stands in the place of words may itself hold a short one, such as "what".
    said = Redaction()(f"{before} {private} {after}").replace("[what somebody wrote]", "")
    assert private not in said or private in f"{before} {after}" or private in before + after


async def test_each_task_hides_what_it_handles_and_its_children_do_too() -> None:
    seen: dict[str, tuple[str, ...]] = {}

    async def child(name: str) -> None:
        seen[name] = hidden()

    async def handle(name: str, words: str) -> None:
        hide_only((words,))
        await asyncio.gather(asyncio.create_task(child(name)), asyncio.sleep(0))

    await asyncio.gather(handle("one", "first question"), handle("two", "second question"))
    assert seen == {"one": ("first question",), "two": ("second question",)}
    assert hidden() == ()


def test_what_people_write_is_found_wherever_discord_puts_it() -> None:
    event = {
        "id": "1",
        "data": {"name": "ask", "options": [{"name": "question", "value": "an option"}], "resolved": {"messages": {
            "2": {"content": "a message", "components": [{"components": [{"content": "a text"}]}]}}}},
        "message": {"content": "", "referenced_message": {"content": "a reply"}},
    }  # fmt: skip
    assert set(written_in(event)) == {"an option", "a message", "a text", "", "a reply"}
    deep: Any = {"content": "bottom"}
    for _ in range(50_000):
        deep = [deep]
    assert written_in(deep) == ("bottom",)


def test_text_is_redacted_too() -> None:
    formatter = PrivateText(logging.Formatter("%(levelname)s %(message)s"), Redaction([TOKEN]))
    record = logging.makeLogRecord({"levelname": "INFO", "msg": "a token: %s", "args": (TOKEN,)})
    assert formatter.format(record) == "INFO a token: [secret]"


def test_as_json_everything_on_standard_error_is_json() -> None:
    script = """
import logging, warnings
from bot.config import LogFormat
from bot.logs.setup import say_at_the_end, set_up_logs
assert not say_at_the_end("too early")
set_up_logs(LogFormat.JSON)
logging.getLogger("bot").info("one")
warnings.warn("two")
assert say_at_the_end("error: three")
raise RuntimeError("four")
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert [line["level"] for line in lines] == ["info", "warning", "critical", "critical"]
    assert lines[2]["message"] == "error: three"
    assert lines[3]["exception"]["message"] == "four"
