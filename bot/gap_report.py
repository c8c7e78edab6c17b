"""What people asked in vain, as `/gaps` shows it: read from the log, grouped, and held against the library of now."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer import Answer, Question, Topic
from bot.answer_service import AnswerService
from bot.gap_clusters import Asked, Cluster, cluster, wordings
from bot.language import gettext as _
from bot.level_names import level_name
from bot.services import Services
from index.generation import Concept, Generation
from index.levels import Level

# More different wordings than this are not grouped: it would take minutes, and nobody would read them.
_MOST_WORDINGS = 1_000
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class DepthGap:
    """A depth that people wanted on a page: how often, and what the page has there now."""

    slug: str
    title: str
    level: Level
    count: int
    now: str


@dataclass(frozen=True, slots=True)
class GapReport:
    """Every gap: how many questions are kept, the groups of those not covered, and the missing depths."""

    total: int
    clusters: tuple[Cluster, ...]
    depths: tuple[DepthGap, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the library of now has for a gap: the page that answers it since and its depth, or the nearest topics."""

    answered_by: Topic | None
    nearest: tuple[Topic, ...]
    level: Level | None = None


async def read_gaps(services: Services) -> GapReport:
    """Read the log and group it.

    Raises:
        NotReadyError: there is no generation yet, so nothing to compare by.
    """
    log, answers = services.stores.gaps, services.answers
    generation = answers.generation
    asked = [Asked(text, level, language, count) for text, level, language, count in await log.questions(5_000)]
    found = wordings(asked)[:_MOST_WORDINGS]
    vectors = await answers.vectors([item.text for item in found])
    clusters = await asyncio.to_thread(cluster, found, vectors)
    depths = tuple(_depth_gap(generation, slug, level, count) for slug, level, count in await log.depths())
    return GapReport(await log.count(), tuple(clusters), depths)


async def standing(answers: AnswerService, gaps: Sequence[Cluster]) -> list[Standing]:
    """Return what the library of now has for each gap.

    Raises:
        NotReadyError: there is no generation yet.
    """
    questions = [Question(gap.leader.text, gap.level, lang=gap.language) for gap in gaps]
    return [_standing(await answers.explain(question)) for question in questions]


def _standing(answer: Answer) -> Standing:
    if answer.concept is not None:
        return Standing(Topic(answer.concept.slug, answer.concept.title), (), answer.level)
    return Standing(None, answer.related[:_NEAREST])


def _depth_gap(generation: Generation, slug: str, level: Level, count: int) -> DepthGap:
    concept = generation.concept(slug, "en")
    return DepthGap(slug, concept.title if concept else slug, level, count, _now(concept, level))


def _now(concept: Concept | None, level: Level) -> str:
    if concept is None:
        return _("the library no longer has this page")
    if level not in concept.levels:
        return _("it has no {level} part").format(level=level_name(level))
    if level is Level.ADVANCED and not any(source.summarised for source in concept.sources):
        return _("its {level} has no summaries").format(level=level_name(level))
    return _("it has its {level} part now").format(level=level_name(level))
