from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.bench.beir import BeirError, read_beir
from tests.bench.scoring import score_run

CORPUS = [
    {"_id": "a", "title": "Kettles", "text": "Water boils.", "metadata": {"more": 1}},
    {"_id": "b", "title": "", "text": "Soup\u2028is eaten."},
    {"_id": "c", "text": "Steam rises."},
]
QUERIES = [{"_id": "1", "text": "what boils"}, {"_id": "2", "text": "never judged"}, {"_id": "3", "text": "steam"}]
QRELS = "query-id\tcorpus-id\tscore\n1\ta\t1\n1\tb\t0\n3\tc\t2\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text("\n".join(json.dumps(item) for item in CORPUS) + "\n\n", encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text("\n".join(json.dumps(item) for item in QUERIES), encoding="utf-8")
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


def test_a_collection_is_read_with_the_judged_queries_only(folder: Path) -> None:
    found = read_beir(folder)
    assert [item.full_text for item in found.documents] == [
        "Kettles Water boils.",
        "Soup\u2028is eaten.",
        "Steam rises.",
    ]
    assert found.queries == {"1": "what boils", "3": "steam"}
    assert found.judgements == {"1": {"a": 1}, "3": {"c": 2}}


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        (
            "corpus.jsonl",
            '{"_id": "a", "text": "x"}\n{"_id": "a", "text": "y"}',
            r"corpus.jsonl:2: .*`a` appears twice",
        ),
        ("corpus.jsonl", '{"title": "no id", "text": "x"}', r"corpus.jsonl:1: _id"),
        ("queries.jsonl", "not json", r"queries.jsonl:1: "),
        ("queries.jsonl", '{"_id": "9", "text": "x"}', r"test.tsv:2: the query `1` is not in the collection"),
        ("qrels/test.tsv", "1\tnowhere\t1\n", r"test.tsv:1: the document `nowhere` is not"),
        ("qrels/test.tsv", "1\ta\tvery\n", r"test.tsv:1: expected query id"),
        ("qrels/test.tsv", "1\ta\n", r"test.tsv:1: expected query id"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n1\ta\t0\n", r"names no relevant document"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(folder: Path, file: str, content: str, message: str) -> None:
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(BeirError, match=message):
        read_beir(folder)


def test_a_missing_split_is_an_error_that_names_the_file(folder: Path) -> None:
    with pytest.raises(BeirError, match=r"qrels/dev.tsv: cannot be read"):
        read_beir(folder, "dev")


def test_scifact_is_read_whole() -> None:
    shared = Path(os.environ.get("FATHOM_SHARED", "../shared")) / "bench" / "scifact"
    if not shared.is_dir():
        pytest.skip("needs the shared SciFact collection")
    found = read_beir(shared)
    assert (len(found.documents), len(found.queries)) == (5183, 300)
    assert sum(len(group) for group in found.judgements.values()) == 339


def test_a_query_without_results_counts_as_zero(folder: Path) -> None:
    judgements = read_beir(folder).judgements
    perfect = score_run({"1": {"a": 2.0, "b": 1.0}, "3": {"c": 1.0}}, judgements)
    half = score_run({"1": {"b": 2.0}, "3": {"c": 1.0}}, judgements)
    none = score_run({"3": {"c": 1.0}}, judgements)
    assert perfect.ndcg.value == perfect.recall == perfect.reciprocal_rank == 1
    assert half.ndcg.value == none.ndcg.value == none.reciprocal_rank == 0.5
    assert perfect.minus(half).value == 0.5


def test_only_the_first_hundred_results_count(folder: Path) -> None:
    judgements = read_beir(folder).judgements
    late = {"1": {**{f"x{number}": 200.0 - number for number in range(100)}, "a": 1.0}}
    assert score_run(late, judgements).recall == 0
