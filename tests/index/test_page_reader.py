from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.levels import Level
from index.page import Page
from index.page_reader import MAX_PAGE_BYTES, read_page, slug_of_reference
from index.problems import Problems, Severity

FRONT = "---\ntitle: A Title\nsummary: A summary.\n---\n"
BODY = "# Basic\n\nPlain words.\n\n# Intermediate\n\nMore words.\n\n# Advanced\n\n- https://example.org/a\n"


def read(text: str | bytes, *, lang: str = "en") -> tuple[Page | None, Problems]:
    data = text if isinstance(text, bytes) else text.encode()
    result = read_page(data, file="en/a.md", slug="a", lang=lang)
    return result.page, result.problems


def read_good(text: str | bytes) -> Page:
    page, problems = read(text)
    assert problems == []
    assert page is not None
    return page


def test_the_seed_page_is_read_unchanged(shared: Path) -> None:
    page = read_good((shared / "seed" / "instrumental-convergence.md").read_bytes())
    assert page.title == "Instrumental Convergence"
    assert page.summary == (
        "Humans or other entities will often adopt similar intermediate strategies "
        "to help them achieve their ultimate goals."
    )
    assert list(page.tiers) == list(Level)
    assert [source.title for source in page.sources] == [
        None,
        None,
        None,
        "Why Would AI Want To Do Bad Things",
        "Optimal Policies Tend To Seek Power",
    ]
    assert page.sources[4].url == "https://arxiv.org/pdf/1912.01683.pdf"
    assert page.tiers[Level.BASIC].blocks[0].text.endswith("ensures the ultimate goal can be reached.")


@pytest.mark.parametrize(
    "heading",
    [
        "# Basic",
        "# Basic   ",
        "#  BASIC",
        "# Grundlagen",
        "# Basico",
        "# Básico",
        "# **Basic**",
        "# Basic #",
        "Basic\n=====",
    ],
)
def test_every_way_to_write_a_depth_heading(heading: str) -> None:
    page = read_good(FRONT + BODY.replace("# Basic", heading))
    assert page.tiers[Level.BASIC].blocks[0].text == "Plain words."


@pytest.mark.parametrize(
    ("names", "lang"),
    [(("Grundlagen", "Weiterführend", "Fortgeschritten"), "de"), (("Básico", "Intermedio", "Avanzado"), "es")],
)
def test_localised_depths(names: tuple[str, str, str], lang: str) -> None:
    text = FRONT + BODY
    for english, local in zip(("Basic", "Intermediate", "Advanced"), names, strict=True):
        text = text.replace(f"# {english}", f"# {local}")
    page, problems = read(text, lang=lang)
    assert problems == []
    assert page is not None
    assert list(page.tiers) == list(Level)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + (FRONT + BODY).encode(),
        (FRONT + BODY).replace("\n", "\r\n").encode(),
        (FRONT + BODY).rstrip("\n").encode(),
        ("\n\n" + FRONT + BODY).encode(),
        (FRONT + "![A caption](picture.png)\n\n" + BODY).encode(),
        (FRONT + '![A caption](picture.png "t")\n*Under the picture*\n\n' + BODY).encode(),
    ],
)
def test_byte_order_mark_line_ends_no_last_newline_leading_picture(data: bytes) -> None:
    page = read_good(data)
    assert page.title == "A Title"
    assert page.tiers[Level.BASIC].blocks[0].text == "Plain words."
    assert [source.url for source in page.sources] == ["https://example.org/a"]


def test_front_matter_folded_and_quoted() -> None:
    front = '---\ntitle: "Quoted: with a colon"\nsummary: Folded\n  over two lines\n'
    text = front + "aliases: [one, two]\nrequires: three\n---\n"
    page = read_good(text + BODY)
    assert page.title == "Quoted: with a colon"
    assert page.summary == "Folded over two lines"
    assert page.aliases == ("one", "two")
    assert page.requires == ("three",)
    assert page.line_of("aliases") == 5


def test_lines_are_those_of_the_file() -> None:
    page = read_good(FRONT + BODY)
    block = page.tiers[Level.INTERMEDIATE].blocks[0]
    assert (FRONT + BODY).split("\n")[block.first_line - 1] == "More words."
    assert page.sources[0].line == 15


def test_shortcodes_and_page_links_are_related_concepts() -> None:
    text = BODY.replace("Plain words.", 'See [x]({{< ref "posts/x-risk.md" >}}) and {{% relref "y" %}} and [z](z.md).')
    assert read_good(FRONT + text).related == ("x-risk", "y", "z")


@pytest.mark.parametrize(
    ("target", "slug"),
    [("x", "x"), ("posts/x.md", "x"), ("/en/posts/x.de.md", "x"), ("posts/x/index.md", "x"), ("X/", "x"), ("x#y", "x")],
)
def test_what_a_reference_to_a_page_means(target: str, slug: str) -> None:
    assert slug_of_reference(target) == slug


def test_nested_headings_lists_and_code_stay_inside_their_depth() -> None:
    inner = "## A part\n\n- one\n- two\n\n```\n# Advanced\n```\n\nEnd."
    page = read_good(FRONT + BODY.replace("Plain words.", inner))
    assert [block.text for block in page.tiers[Level.BASIC].blocks] == [
        "## A part",
        "- one\n- two",
        "```\n# Advanced\n```",
        "End.",
    ]


def test_a_missing_depth_is_reported_and_the_rest_kept() -> None:
    page, problems = read(FRONT + BODY.split("# Intermediate", maxsplit=1)[0])
    assert page is not None
    assert list(page.tiers) == [Level.BASIC]
    assert [(problem.severity, problem.message) for problem in problems] == [
        (Severity.WARNING, "no `# Intermediate`"),
        (Severity.WARNING, "no `# Advanced`"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (BODY, 1, "no front matter"),
        ("---\ntitle: x\n" + BODY, 1, "the front matter has no end"),
        ("---\ntitle: [\n---\n" + BODY, 2, "not valid YAML"),
        ("---\ntitle: a: b\n---\n" + BODY, 2, "not valid YAML"),
        ("---\na: &x [1]\nb: *x\n---\n" + BODY, 3, "aliases"),
        ("---\ntitle: a\ntitle: b\n---\n" + BODY, 3, "appears again"),
        (FRONT + BODY.replace("# Intermediate", "Intermediate"), 9, "a plain line `Intermediate`"),
        (FRONT + BODY.replace("# Intermediate", "**Intermediate**"), 9, "in place of a heading"),
        ("", 1, "the file is empty"),
        (b"---\ntitle: \xff\n---\n", 2, "not UTF-8"),
        (b"x" * (MAX_PAGE_BYTES + 1), 1, "bytes"),
    ],
)
def test_what_must_be_refused_says_where_and_how_to_mend_it(text: str | bytes, line: int, message: str) -> None:
    page, problems = read(text)
    assert page is None
    (problem,) = problems
    assert (problem.line, problem.severity) == (line, Severity.ERROR)
    assert message in problem.message
    assert problem.remedy
    assert str(problem).startswith(f"en/a.md:{line} error ")


def test_a_page_without_any_depth_is_no_concept() -> None:
    page, problems = read(FRONT + "Just a text.\n")
    assert page is None
    assert [problem.severity for problem in problems] == [Severity.WARNING]


def test_a_second_heading_of_the_same_depth_does_not_overwrite_the_first() -> None:
    page, problems = read(FRONT + BODY + "\n# Basic\n\nAgain.\n")
    assert page is not None
    assert page.tiers[Level.BASIC].blocks[0].text == "Plain words."
    assert problems.errors == 1


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read(data)


PIECES = st.sampled_from(
    [
        "---\n",
        "title: x\n",
        "# Basic\n",
        "# Advanced\n",
        "\n",
        "- https://a.b/c\n",
        "[x](y)",
        "{{< ref ",
        "```\n",
        "| a |\n",
        "Basic\n",
        "\r\n",
        "\x00",
        "\ufeff",
        "summary: >\n",
        "  &a *a\n",
        "> q\n",
        "1. x\n",
        "===\n",
        "![](",
        "<b>",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=40))
def test_any_mixture_of_pieces_is_read_with_exact_text(pieces: list[str]) -> None:
    text = FRONT + "# Basic\n" + "".join(pieces)
    page, _ = read(text.encode("utf-8", "surrogatepass"))
    if page is not None:
        normal = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
        lines = normal.split("\n")
        for tier in page.tiers.values():
            for block in tier.blocks:
                assert block.text == "\n".join(lines[block.first_line - 1 : block.last_line])


@pytest.mark.parametrize(
    "hostile",
    [
        "![](a) " * 60 + "x",
        "{{<ref " + "a" * 50_000,
        "{{<ref a" * 9_000,
        "](" + "./" * 50_000,
        "](a.md#" * 9_000,
        ("[" * 1_900 + "\n") * 60,
    ],
)
@pytest.mark.parametrize("depth", ["# Basic\n\n", "# Advanced\n\n"])
def test_what_once_took_minutes_is_read_at_once(hostile: str, depth: str) -> None:
    """No time is measured: some of these took longer than the age of the universe."""
    page, _ = read(FRONT + depth + hostile)
    assert page is not None


def test_a_problem_at_the_end_has_a_line_that_the_file_has() -> None:
    _, problems = read("---\ntitle: x\nsummary: y\n---")
    assert [problem.line for problem in problems] == [4]
