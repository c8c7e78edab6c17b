"""Why an answer is what it is: what was considered, how sure that is, and who chose the depth."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answer import Answer
from bot.depth_choice import Choice
from bot.language import gettext as _
from bot.level_names import level_name
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
        why = _(
            "**Why {title} then:** somebody chose this page with a button, or the library or the conversation was "
            "another when the answer was given."
        )
        parts.append(why.format(title=escape(reasons.shown.title)))
    if answer.ranked[1:2] and (second := generation.concept(answer.ranked[1].slug, answer.question.lang)):
        summary = escape(shorten(second.summary, 200))
        parts.append(_("**Runner-up:** {title}. {summary}").format(title=escape(second.title), summary=summary))
    if reasons.shown is None and answer.confidence >= reasons.threshold:
        parts.append(_("The library has changed since: ask again, and there will be an answer."))
    if reasons.shown is not None:
        unknown = _("the answer is from before that was noted")
        reason = reasons.choice.reason if reasons.choice is not None else unknown
        parts.append(_("**Depth:** {level}: {reason}.").format(level=level_name(reasons.level), reason=reason))
    return "\n\n".join(parts)


def _candidates(answer: Answer, generation: Generation) -> str:
    lines = []
    for number, item in enumerate(answer.ranked[:_CANDIDATES], start=1):
        concept = generation.concept(item.slug, answer.question.lang)
        title = concept.title if concept is not None else item.slug
        lines.append(f"{number}. {escape(shorten(title, 80))}: {item.score:.2f}")
    if not lines:
        return _("**Candidates:** none; the question has no words to search for.")
    return "\n".join([_("**Candidates and their scores** (only their differences mean something)"), *lines])


def _confidence(reasons: Reasons) -> str:
    confidence, threshold = reasons.answer.confidence, reasons.threshold
    if confidence >= threshold:
        text = _(
            "**Confidence:** {confidence} that the first one is what the question asks about, at least the "
            "{threshold} that I ask for; so I answer."
        )
    else:
        text = _(
            "**Confidence:** {confidence} that the first one is what the question asks about, below the {threshold} "
            "that I ask for; so I say that the library does not cover it rather than guess."
        )
    return text.format(confidence=f"{confidence:.0%}", threshold=f"{threshold:.0%}")
