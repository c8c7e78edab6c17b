from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import heartbeat
from bot.shard_range import ShardRangeError, read_shards


@given(first=st.integers(0, 2000), more=st.integers(0, 50), rest=st.integers(1, 50))
def test_a_range_reads_as_it_is_written(first: int, more: int, rest: int) -> None:
    shards = read_shards(f" {first}-{first + more}/{first + more + rest}\n")
    assert shards.ids == list(range(first, first + more + 1))
    assert read_shards(str(shards)) == shards
    assert read_shards(f"{first}/{first + 1}").ids == [first]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "write the first four of sixteen as 0-3/16"),
        ("0-3", "no range"),
        ("-1-3/16", "no range"),
        ("0-3/1e3", "no range"),
        ("\N{ARABIC-INDIC DIGIT ONE}/4", "no range"),
        ("0-0/0", "at least one"),
        ("3-1/4", "write 1-3/4"),
        ("0-4/4", "numbered from 0 to 3"),
    ],
)
def test_what_is_no_range_is_said_with_how_to_write_one(text: str, message: str) -> None:
    with pytest.raises(ShardRangeError, match=message):
        read_shards(text)


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    try:
        shards = read_shards(text)
    except ShardRangeError:
        return
    assert 0 <= shards.first <= shards.last < shards.count


def test_processes_that_share_a_folder_are_alive_each_on_its_own(tmp_path: Path) -> None:
    first, second = read_shards("0-0/2"), read_shards("1-1/2")
    heartbeat.beat(tmp_path, first)
    assert [heartbeat.is_alive(tmp_path, item) for item in (first, second, None)] == [True, False, False]
    heartbeat.stop(tmp_path, second)
    heartbeat.stop(tmp_path, first)
    assert not heartbeat.is_alive(tmp_path, first)
