"""A learning path as a message: the steps in order, what to read next, and what is understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import discord
from discord import ui

from bot.language import gettext as _
from bot.language import ngettext
from bot.learning_path import LearningPath, Progress, Step
from bot.markup import escape_within, shorten
from bot.views.keys import KEY, key_of
from index.generation import Concept

MAX_OPTIONS = 25
# A long path is shown around the next step, so that it fits one message and one menu.
_BEFORE_NEXT = 3
_MAX_TITLE = 90
_MAX_LABEL = 80
_MAX_CHOICE = 100
_COLOUR = discord.Colour(0x3E7CB1)

BUTTON_PATTERN = rf"fathom:path:(?P<verb>read|know|over|show):(?P<goal>{KEY})(?::(?P<step>{KEY}))?"
MENU_PATTERN = rf"fathom:pathmarks:(?P<goal>{KEY})"


class Verb(StrEnum):
    """What a button does: open a step's page, mark a step, start over, or show the path."""

    READ = "read"
    KNOW = "know"
    OVER = "over"
    SHOW = "show"


def path_view(path: LearningPath, concepts: Mapping[str, Concept]) -> ui.LayoutView:
    """Return a path with its buttons; `concepts` has a page for every step."""
    goal = concepts[path.goal]
    first, shown = _window(path)
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_COLOUR)
    heading = _("Path to {title}").format(title=escape_within(goal.title, _MAX_TITLE))
    container.add_item(ui.TextDisplay(f"## {heading}\n-# {_tally(path)}"))
    container.add_item(ui.Separator())
    container.add_item(ui.TextDisplay("\n".join(_lines(path, first, shown, concepts))))
    container.add_item(ui.ActionRow(*_buttons(path, concepts)))
    if path.understood:
        # Once something is chosen, a menu no longer shows what it is for.
        container.add_item(ui.TextDisplay(f"-# {_('Choose all that you understand')}"))
    container.add_item(ui.ActionRow(_menu(path, first, shown, concepts)))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def step_buttons(goal: str, step: str) -> ui.ActionRow[ui.LayoutView]:
    """Return what stands under a step's page: mark it, and the way back to the path."""
    return ui.ActionRow(
        _button(_("Mark as understood"), Verb.KNOW, goal, step, style=discord.ButtonStyle.success),
        _button(_("Show the path"), Verb.SHOW, goal),
    )


def suggestions_view(typed: str, nearest: Sequence[Concept]) -> ui.LayoutView:
    """Return the topics that may have been meant, as buttons to their paths."""
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_COLOUR)
    container.add_item(ui.TextDisplay(no_such_topic(typed, nearest)))
    if nearest:
        container.add_item(ui.ActionRow(*(_button(item.title, Verb.SHOW, item.slug) for item in nearest)))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def no_such_topic(typed: str, nearest: Sequence[Concept]) -> str:
    """Say that nothing is called what somebody typed, and ask what they meant."""
    text = _("No topic here is called “{typed}”.").format(typed=escape_within(typed, _MAX_TITLE))
    rest = _("Did you mean:") if nearest else _("`/topics` lists them all.")
    return f"{text} {rest}"


def _tally(path: LearningPath) -> str:
    if len(path.steps) == 1:
        return _("Nothing has to be read before this topic.")
    text = ngettext(
        "{understood} of {count} step understood", "{understood} of {count} steps understood", len(path.steps)
    )
    return text.format(understood=path.understood, count=len(path.steps))


def _window(path: LearningPath) -> tuple[int, Sequence[Step]]:
    """Return the steps to show, and how many come before them."""
    steps = path.steps
    following = steps.index(path.next) if path.next else len(steps)
    first = max(0, min(following - _BEFORE_NEXT, len(steps) - MAX_OPTIONS))
    return first, steps[first : first + MAX_OPTIONS]


def _lines(path: LearningPath, first: int, shown: Sequence[Step], concepts: Mapping[str, Concept]) -> list[str]:
    lines = []
    if first:
        before = ngettext("{count} step before these", "{count} steps before these", first)
        lines.append(f"-# {before.format(count=first)}")
    for number, step in enumerate(shown, start=first + 1):
        lines.append(f"{number}. {_line(step, concepts[step.slug], following=step == path.next)}")
    if after := len(path.steps) - first - len(shown):
        rest = ngettext("{count} step after these", "{count} steps after these", after)
        lines.append(f"-# {rest.format(count=after)}")
    if path.next is None:
        lines.append(_("You have reached the end of this path."))
    return lines


def _line(step: Step, concept: Concept, *, following: bool) -> str:
    title = escape_within(concept.title, _MAX_TITLE)
    if following:
        return f"**{title}** · {_('read next')}"
    return {
        Progress.UNDERSTOOD: f"~~{title}~~ · {_('understood')}",
        Progress.IMPLIED: f"{title} · {_('no longer needed')}",
        Progress.OPEN: title,
    }[step.progress]


def _buttons(path: LearningPath, concepts: Mapping[str, Concept]) -> list[ui.Button[ui.LayoutView]]:
    buttons = []
    if path.next is not None:
        slug = path.next.slug
        label = _("Read next: {title}").format(title=concepts[slug].title)
        buttons.append(_button(label, Verb.READ, path.goal, slug, style=discord.ButtonStyle.primary))
        buttons.append(
            _button(_("Mark as understood"), Verb.KNOW, path.goal, slug, style=discord.ButtonStyle.secondary)
        )
    over = _button(_("Start over"), Verb.OVER, path.goal)
    over.disabled = path.understood == 0
    return [*buttons, over]


def _menu(
    path: LearningPath, first: int, shown: Sequence[Step], concepts: Mapping[str, Concept]
) -> ui.Select[ui.LayoutView]:
    options = [
        discord.SelectOption(
            label=f"{number}. {concepts[step.slug].title}"[:_MAX_CHOICE],
            value=key_of(step.slug),
            default=step.progress is Progress.UNDERSTOOD,
        )
        for number, step in enumerate(shown, start=first + 1)
    ]
    return ui.Select(
        custom_id=f"fathom:pathmarks:{key_of(path.goal)}",
        placeholder=_("Choose all that you understand"),
        options=options,
        min_values=0,
        max_values=len(options),
    )


def _button(
    label: str,
    verb: Verb,
    goal: str,
    step: str | None = None,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> ui.Button[ui.LayoutView]:
    custom_id = f"fathom:path:{verb}:{key_of(goal)}" + (f":{key_of(step)}" if step is not None else "")
    return ui.Button(label=shorten(label, _MAX_LABEL), custom_id=custom_id, style=style)
