from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from index.levels import Level
from index.library import LibraryError, content_hash, identity, read_library
from index.library_checks import check_library
from index.problems import Severity
from tests.support.pages import PAGE, write_library

PLAIN = PAGE.format(title="A", alias="x", word="w", slug="a")


@pytest.mark.parametrize(
    ("path", "slug", "lang"),
    [
        ("en/alignment.md", "alignment", "en"),
        ("de/alignment.md", "alignment", "de"),
        ("alignment.md", "alignment", "en"),
        ("alignment.de.md", "alignment", "de"),
        ("en/alignment.es.md", "alignment", "es"),
        ("content/de/posts/alignment.md", "alignment", "de"),
        ("posts/alignment/index.md", "alignment", "en"),
        ("posts/alignment/index.de.md", "alignment", "de"),
        ("papers/v2.xy.md", "v2.xy", "en"),
    ],
)
def test_language_and_slug_from_the_path(path: str, slug: str, lang: str) -> None:
    assert identity(PurePosixPath(path)) == (slug, lang)


def test_a_whole_hugo_tree_loads_as_it_is(tmp_path: Path) -> None:
    for lang in ("en", "de"):
        posts = tmp_path / "content" / lang / "posts"
        posts.mkdir(parents=True)
        (posts / "_index.md").write_text("---\ntitle: Posts\n---\n")
        (posts / "a.md").write_text(PLAIN)
    (tmp_path / "content" / "_index.md").write_text("no front matter here")
    (tmp_path / "README.md").write_text("# about")
    (tmp_path / "config.yaml").write_text("baseURL: x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.md").write_text("nothing")
    library = read_library(tmp_path)
    assert set(library.pages) == {("en", "a"), ("de", "a")}
    assert library.problems == []


def test_one_bad_page_never_stops_the_others(tmp_path: Path) -> None:
    write_library(tmp_path)
    (tmp_path / "en" / "draft.md").write_text("Intermediate\n\nwords")
    (tmp_path / "en" / "bytes.md").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "references" / "bad.yaml").write_text("[")
    library = read_library(tmp_path)
    assert len(library.pages) == 3
    assert len(library.references) == 3
    assert sorted(problem.file for problem in library.problems) == ["en/bytes.md", "en/draft.md", "references/bad.yaml"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(PLAIN)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.md").symlink_to(outside)
    (inside / "b.md").write_text(PLAIN)
    assert set(read_library(inside).pages) == {("en", "b")}


def test_a_missing_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no such folder"):
        read_library(tmp_path / "nowhere")


def test_the_content_hash_changes_with_the_content_only(tmp_path: Path) -> None:
    write_library(tmp_path)
    before = content_hash(tmp_path)
    assert before == read_library(tmp_path).content_hash
    (tmp_path / "en" / "notes.txt").write_text("no content")
    assert content_hash(tmp_path) == before
    (tmp_path / "en" / "kettle-drift.md").write_text(PLAIN)
    assert content_hash(tmp_path) != before


def messages(root: Path) -> list[str]:
    return [problem.message for problem in check_library(read_library(root))]


def test_checks_of_the_whole(tmp_path: Path) -> None:
    write_library(tmp_path, {"a": "aaaaa", "b": "bbbbb"})
    assert messages(tmp_path) == []
    pages = tmp_path / "en"
    pages.joinpath("a.md").write_text(
        PAGE.format(title="A", alias="B", word="w", slug="a").replace("tags:", "requires: [b, nowhere]\ntags:")
    )
    pages.joinpath("b.md").write_text(
        PAGE.format(title="B", alias="q", word="w", slug="new").replace("tags:", "requires: [a]\ntags:")
    )
    found = check_library(read_library(tmp_path))
    text = "\n".join(map(str, found))
    assert "`requires` goes in a circle: a -> b -> a" in text
    assert "`nowhere`, which has no page" in text
    assert "`B` also names" in text
    assert "https://example.org/new has no summary" in text
    assert "no page cites https://example.org/b" in text
    assert sum(problem.severity is Severity.ERROR for problem in found) == 1


def test_the_seed_page_in_a_folder_of_its_own(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "instrumental-convergence.md").write_bytes(
        (shared / "seed" / "instrumental-convergence.md").read_bytes()
    )
    library = read_library(tmp_path)
    page = library.page("instrumental-convergence")
    assert page is not None
    assert len(page.sources) == 5
    assert set(page.tiers) == set(Level)
    assert library.problems == []


def test_a_name_that_cannot_be_printed_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    write_library(tmp_path)
    for name in (b"a\nb.md", b"\xff.md"):
        (tmp_path / "en" / os.fsdecode(name)).write_text("x")
    library = read_library(tmp_path)
    assert len(library.pages) == 3
    assert sorted(str(problem).split(":1 ")[0] for problem in library.problems) == [r"'en/\udcff.md'", r"'en/a\nb.md'"]
    assert content_hash(tmp_path) == library.content_hash
