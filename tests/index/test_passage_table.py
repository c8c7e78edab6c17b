from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.levels import Level
from index.passage_table import PassageFormat, PassageTable
from index.passages import Passage, PassageKind

TEXT = st.text(max_size=30)
PASSAGES = st.lists(
    st.builds(
        Passage,
        id=TEXT,
        slug=st.sampled_from(["kettle", "spoon", "naïve\n\u2028"]),
        lang=st.sampled_from(["en", "de"]),
        level=st.none() | st.sampled_from(Level),
        kind=st.sampled_from(PassageKind),
        title=TEXT,
        text=TEXT,
        sentences=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=3).map(tuple),
        file=TEXT,
        first_line=st.integers(1, 10**6),
        last_line=st.integers(1, 10**6),
        url=st.none() | TEXT,
        work=st.none() | TEXT,
    ),
    max_size=6,
)


@given(PASSAGES)
def test_passages_are_the_same_after_writing(passages: list[Passage]) -> None:
    data = PassageFormat().dump_json(passages)
    assert PassageFormat().validate_json(data) == passages
    table = PassageTable(data)
    assert [table[row] for row in range(len(table))] == list(table) == table[:] == passages
    assert [table.slugs[concept] for concept in table.concepts] == [item.slug for item in passages]
    assert table.asked.tolist() == [not item.quotable for item in passages]
    assert table.sentences == sum(len(item.sentences) for item in passages)


@given(PASSAGES, st.data())
def test_what_was_cut_off_or_changed_is_an_error_of_value(passages: list[Passage], data: st.DataObject) -> None:
    written = PassageFormat().dump_json(passages)
    cut = written[: data.draw(st.integers(0, len(written) - 1))]
    with pytest.raises(ValueError):  # noqa: PT011  # whichever line is wrong
        PassageFormat().validate_json(cut)
    place = data.draw(st.integers(0, len(written) - 1))
    with contextlib.suppress(ValueError):
        PassageFormat().validate_json(written[:place] + data.draw(st.binary(max_size=3)) + written[place + 1 :])


def test_a_file_is_read_where_somebody_looks(tmp_path: Path) -> None:
    passage = Passage("id", "kettle", "en", None, PassageKind.SUMMARY, "Kettle", "It boils.", ((0, 9),), "k.md", 3, 3)
    file = tmp_path / "passages.jsonl"
    file.write_bytes(PassageFormat().dump_json([passage] * 3))
    table = PassageTable.open(file)
    file.unlink()  # as an old generation's are, while it still serves
    assert table[-1] == table[0] == passage
    assert table[0] is table[0]
    for row in (3, -4):
        with pytest.raises(IndexError, match="among 3"):
            table[row]
