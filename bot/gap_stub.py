"""The page to write for a gap: its stub, and where in the content folder its files belong."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.gap_clusters import Cluster
from bot.gap_report import Standing
from bot.page_stub import PageStub, page_stub
from index.library import DEFAULT_LANGUAGE

QUESTIONS = "questions"
_MAX_QUESTIONS = 50


@dataclass(frozen=True, slots=True)
class GapStub:
    """A stub, with the names of its two files: the page in the language's folder, the questions in `questions`."""

    stub: PageStub
    language: str

    @property
    def page_file(self) -> str:
        """The name of the page's file."""
        return f"{self.stub.slug}.md"

    @property
    def questions_file(self) -> str:
        """The name of the file of questions; it names the language where that is not the library's own."""
        return f"{self.stub.slug}{'' if self.language == DEFAULT_LANGUAGE else f'.{self.language}'}.yaml"


def stub_of(gap: Cluster, now: Standing, *, taken: Collection[str], day: date) -> GapStub:
    """Return the stub of the page that would close a gap.

    Args:
        gap: what was asked.
        now: what the library has for it.
        taken: the slugs that have a page.
        day: the date to write on the page.
    """
    near = [now.answered_by] if now.answered_by else now.nearest
    questions = [item.text for item in gap.wordings[:_MAX_QUESTIONS]]
    stub = page_stub(questions, count=gap.count, related=[topic.slug for topic in near], taken=taken, day=day)
    return GapStub(stub, gap.language)
