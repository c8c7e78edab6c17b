"""Why an answer is what it is: what was considered, how sure that is, and who chose the depth."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answer import Answer
from bot.depth_choice import Choice
from bot.markup import escape, shorten
from index.generation import Concept, Generation
from index.levels import Level

_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Reasons:
    """What is known about how an answer came about.

    Attributes:
        answer: what a search for the question finds now.
        shown: the page that the answer in question shows; None where it found none.
        level: the depth it shows.
        choice: who chose that depth; None where that was not written down.
        threshold: the confidence below which a question counts as not covered.
    """

    answer: Answer
    shown: Concept | None
    level: Level
    choice: Choice | None
    threshold: float


def reasons_text(reasons: Reasons, generation: Generation) -> str:
    """Say in plain words, with the figures, why an answer is what it is."""
    answer = reasons.answer
    parts = [_candidates(answer, generation), _confidence(reasons)]
    best = answer.ranked[0].slug if answer.ranked else None
    if reasons.shown is not None and best is not None and reasons.shown.slug != best:
        parts.append(
            f"**Why {escape(reasons.shown.title)} then:** somebody chose this page with a button, or the library or "
            "the conversation was another when the answer was given."
        )
    if answer.ranked[1:2] and (second := generation.concept(answer.ranked[1].slug, answer.question.lang)):
        parts.append(f"**Runner-up:** {escape(second.title)}. {escape(shorten(second.summary, 200))}")
    if reasons.shown is None and answer.confidence >= reasons.threshold:
        parts.append("The library has changed since: ask again, and there will be an answer.")
    if reasons.shown is not None:
        reason = reasons.choice.reason if reasons.choice is not None else "the answer is from before that was noted"
        parts.append(f"**Depth:** {reasons.level.label}: {reason}.")
    return "\n\n".join(parts)


def _candidates(answer: Answer, generation: Generation) -> str:
    lines = []
    for number, item in enumerate(answer.ranked[:_CANDIDATES], start=1):
        concept = generation.concept(item.slug, answer.question.lang)
        title = concept.title if concept is not None else item.slug
        lines.append(f"{number}. {escape(shorten(title, 80))}: {item.score:.2f}")
    if not lines:
        return "**Candidates:** none; the question has no words to search for."
    return "**Candidates and their scores** (only their differences mean something)\n" + "\n".join(lines)


def _confidence(reasons: Reasons) -> str:
    confidence, threshold = reasons.answer.confidence, reasons.threshold
    if confidence >= threshold:
        verdict = "so I answer"
    else:
        verdict = "so I say that the library does not cover it rather than guess"
    sign = "at least" if confidence >= threshold else "below"
    return (
        f"**Confidence:** {confidence:.0%} that the first one is what the question asks about, "
        f"{sign} the {threshold:.0%} that I ask for; {verdict}."
    )
