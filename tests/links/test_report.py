from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.links import command
from bot.links.command import check_links, places_of_links
from bot.links.report import LinkReport, LinkResult, LinkVerdict, last_link_report, write_link_report
from index.library import read_library
from tests.support.pages import write_library

REPORT = LinkReport(
    checked_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
    results=(
        LinkResult(url="https://a.example", verdict=LinkVerdict.GOOD, status=200),
        LinkResult(url="https://b.example", verdict=LinkVerdict.BROKEN, status=404, note="404, not found"),
    ),
)


def test_the_last_report_is_kept_and_read_back(tmp_path: Path) -> None:
    assert last_link_report(tmp_path) is None
    write_link_report(tmp_path / "state", REPORT)
    read = last_link_report(tmp_path / "state")
    assert read == REPORT
    assert REPORT.line() == "2 links checked on 2026-11-23: 1 good, 0 moved, 0 unclear, 1 broken"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"checked_at": 1}'])
def test_a_damaged_report_is_none(tmp_path: Path, damage: str) -> None:
    (tmp_path / "links.json").write_text(damage)
    assert last_link_report(tmp_path) is None


def test_every_address_is_named_once_with_all_its_places(tmp_path: Path) -> None:
    content = write_library(tmp_path)
    page = content / "en" / "spoon-bias.md"
    page.write_text(
        page.read_text() + "- [Twice](http://www.example.org/kettle-drift/)\n- [No summary](https://c.example)\n"
    )
    places = places_of_links(read_library(content))
    assert len(places) == 4
    line = page.read_text().splitlines().index("- [No summary](https://c.example)") + 1
    assert places["https://c.example"] == (f"en/spoon-bias.md:{line}",)
    first = places["https://example.org/kettle-drift"]
    assert first[0] == "references/kettle-drift.yaml:1"
    assert f"en/spoon-bias.md:{line - 1}" in first


def answer(monkeypatch: pytest.MonkeyPatch, **verdicts: LinkResult) -> None:
    """Let the network answer so: what a server says is judged in test_checker.py."""

    async def check(urls: list[str]) -> list[LinkResult]:
        default = LinkResult(url="", verdict=LinkVerdict.GOOD, status=200)
        return [verdicts.get(url.rpartition("/")[2], default).model_copy(update={"url": url}) for url in urls]

    monkeypatch.setattr(command, "_check", check)


def test_the_command_prints_what_is_not_good_and_keeps_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = write_library(tmp_path / "content")
    gone = LinkResult(url="", verdict=LinkVerdict.BROKEN, status=410, note="410, gone for good")
    answer(monkeypatch, **{"spoon-bias": gone})
    assert check_links(content, tmp_path / "state") == 1
    said = capsys.readouterr().out
    assert said.startswith("references/spoon-bias.yaml:1")
    assert "broken https://example.org/spoon-bias: 410, gone for good" in said
    assert "3 links checked" in said
    kept = last_link_report(tmp_path / "state")
    assert kept is not None
    assert kept.count(LinkVerdict.BROKEN) == 1
    answer(monkeypatch)
    assert check_links(content, tmp_path / "state") == 0


def test_a_machine_that_is_offline_keeps_the_last_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = write_library(tmp_path / "content")
    write_link_report(tmp_path / "state", REPORT)
    lost = LinkResult(url="", verdict=LinkVerdict.UNCLEAR, note="its host name is not known")
    answer(monkeypatch, **dict.fromkeys(["kettle-drift", "spoon-bias", "cup-collapse"], lost))
    assert check_links(content, tmp_path / "state") == 1
    assert "seems to be offline" in capsys.readouterr().err
    assert last_link_report(tmp_path / "state") == REPORT
