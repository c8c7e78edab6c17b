"""The private panel that asks whether an answer was right, and what it says afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from discord import ui

from bot.answer import Topic
from bot.depth_choice import Choice
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.level_names import level_name
from bot.markup import escape, shorten
from bot.rendering import Card
from bot.storage.feedback import Verdict
from bot.verdict_names import verdict_name
from bot.views.answer_rows import MAX_ROW, Row, button
from bot.views.answer_view import COLOURS, layout
from bot.views.custom_ids import Action, ButtonState, slug_key
from index.generation import Concept
from index.levels import Level

VERDICTS = {
    Action.RIGHT: Verdict.RIGHT,
    Action.WRONG_TOPIC: Verdict.WRONG_TOPIC,
    Action.TOO_HARD: Verdict.TOO_HARD,
    Action.TOO_SIMPLE: Verdict.TOO_SIMPLE,
    Action.INCOMPLETE: Verdict.INCOMPLETE,
    Action.BROKEN_LINK: Verdict.BROKEN_LINK,
}
_LABELS = {
    Action.RIGHT: gettext_noop("Yes"),
    Action.WRONG_TOPIC: gettext_noop("Wrong topic"),
    Action.TOO_HARD: gettext_noop("Too hard"),
    Action.TOO_SIMPLE: gettext_noop("Too simple"),
    Action.INCOMPLETE: gettext_noop("Incomplete"),
    Action.BROKEN_LINK: gettext_noop("Broken link"),
}
_THANKS = {
    Verdict.RIGHT: gettext_noop("Good to know that this one helps."),
    Verdict.WRONG_TOPIC: gettext_noop("Perhaps you meant one of these:"),
    Verdict.TOO_HARD: gettext_noop("Here is the same idea, simpler:"),
    Verdict.TOO_SIMPLE: gettext_noop("Here is the same idea, deeper:"),
    Verdict.INCOMPLETE: gettext_noop("Those who write the library will see that something is missing here."),
    Verdict.BROKEN_LINK: gettext_noop("Those who write the library will look at the links of this page."),
}


def feedback_panel(concept: Concept, state: ButtonState, question_line: str, presser: int) -> ui.LayoutView:
    """Return the panel: what was the answer, was it right, and what else one may want to do with it."""
    own = replace(state, user=presser)
    card = Card(
        _heading(_("Was this right?"), concept, state.level),
        question_line,
        (_("Your verdict is kept without your name, and helps those who write the library."),),
        "",
    )
    verdicts = [button(_(label), replace(own, action=action)) for action, label in _LABELS.items()]
    further = [
        button(_("Why this answer?"), replace(own, action=Action.WHY)),
        button(_("Make this my level"), replace(own, action=Action.LEVEL)),
    ]
    rows: list[Row] = [verdicts[:3], verdicts[3:], further]
    return layout(card, COLOURS[state.level], rows)


def thanks_view(
    concept: Concept, verdict: Verdict, state: ButtonState, question_line: str, runners_up: Sequence[Topic]
) -> ui.LayoutView:
    """Return the thank-you, with what may help now: another depth, or what else the question may have meant."""
    said = _(_THANKS[verdict])
    row: Row = []
    other: Level | None = None
    if verdict is Verdict.WRONG_TOPIC:
        row = [
            button(topic.title, replace(state, action=Action.TOPIC, slug_key=slug_key(topic.slug), seen=None))
            for topic in runners_up[:MAX_ROW]
        ]
        said = said if row else _("Ask again in other words, and I will look again.")
    elif verdict in {Verdict.TOO_HARD, Verdict.TOO_SIMPLE}:
        other = state.level.simpler() if verdict is Verdict.TOO_HARD else state.level.deeper()
        if other is None:
            simplest, deepest = _("{level} is as simple as I can go."), _("{level} is as deep as I can go.")
            said = (simplest if verdict is Verdict.TOO_HARD else deepest).format(level=level_name(state.level))
        else:
            show = replace(state, action=Action.SHOW, level=other, choice=Choice.PRESSED)
            row = [button(_("Show {level}").format(level=level_name(other)), show, primary=True)]
    noted = _("I noted “{verdict}”.").format(verdict=verdict_name(verdict))
    card = Card(_heading(_("Thank you"), concept, state.level), question_line, (f"{noted} {said}",), "")
    return layout(card, COLOURS[state.level], [row])


def _heading(title: str, concept: Concept, level: Level) -> str:
    return f"## {title}\n-# {escape(shorten(concept.title, 120))}, {level_name(level)}"
