from __future__ import annotations

from pathlib import Path

import pytest

from index.embedding import ModelFiles
from index.library import read_library
from index.style_checks import check_style, check_windows
from index.tokenizer import load_tokenizer
from tests.support.pages import write_library

RULES = "basic: {words: [10, 90], grade: 12}\nreferences: {each: [1, 2], words: [5, 40]}\n"


def problems(root: Path) -> list[str]:
    return [f"{problem.file}: {problem.message}" for problem in check_style(read_library(root))]


def test_a_folder_without_rules_is_not_judged(tmp_path: Path) -> None:
    assert problems(write_library(tmp_path)) == []


def test_each_rule_can_be_broken(tmp_path: Path) -> None:
    root = write_library(tmp_path, {"kettle-drift": "kettledrift"})
    (root / "style.yaml").write_text(RULES)
    assert problems(root) == []
    page, references = root / "en" / "kettle-drift.md", root / "references" / "kettle-drift.yaml"
    page_text, references_text = page.read_text(), references.read_text()
    hard = "Institutional epistemological considerations necessitate multidimensional characterisation. " * 5
    page.write_text(page_text.replace("# Intermediate", f"{hard}\n\n{'more words ' * 40}\n\n# Intermediate"))
    found = problems(root)
    assert any("Basic has" in problem for problem in found)
    assert any("reading grade" in problem for problem in found)
    page.write_text(page_text + "- https://example.org/x\n- https://example.org/y\n")
    assert problems(root) == ["en/kettle-drift.md: 3 works cited"]
    page.write_text(page_text.replace("https://example.org/kettle-drift", "https://arxiv.org/abs/1912.01683"))
    references.write_text(
        references_text.replace("https://example.org/kettle-drift", "https://arxiv.org/abs/1912.01683")
        .replace("  checked: written for a test\n", "")
        .replace("  authors: [Ada Lovelace, Grace Hopper]\n", "")
        .replace("Argues that", "Argues that " * 30)
    )
    text = "\n".join(problems(root))
    for expected in ("was not checked", "lacks authors or year", "a summary of", "is of 2019, not 2024"):
        assert expected in text


@pytest.mark.parametrize("rules", ["basic: [", "basic: {wrods: [1, 2]}", "basic: {words: many}", "x: 1"])
def test_wrong_rules_are_an_error(tmp_path: Path, rules: str) -> None:
    root = write_library(tmp_path)
    (root / "style.yaml").write_text(rules)
    (problem,) = check_style(read_library(root))
    assert (problem.file, problem.severity) == ("style.yaml", "error")


def test_a_sentence_longer_than_the_window_is_reported(tmp_path: Path, model: ModelFiles) -> None:
    tokenizer = load_tokenizer(model)
    assert tokenizer.window == 256
    root = write_library(tmp_path, {"kettle-drift": "kettledrift"})
    library = read_library(root)
    assert check_windows(library, count_tokens=tokenizer.count_tokens, window=256) == []
    page = root / "en" / "kettle-drift.md"
    page.write_text(page.read_text().replace("optimises steam", "and so on " * 100))
    (problem,) = check_windows(read_library(root), count_tokens=tokenizer.count_tokens, window=256)
    assert "the model reads 256" in problem.message
