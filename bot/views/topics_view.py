"""The library's topics as messages: its groups, and the topics of one group with a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import discord
from discord import ui

from bot.language import gettext as _
from bot.language import ngettext
from bot.markup import escape_within, shorten
from bot.views.keys import KEY, key_of
from bot.views.path_view import no_such_topic
from index.generation import Concept

GROUPS_PER_PAGE = 20
# About one and a half screens of a phone.
TOPICS_PER_PAGE = 8
_SAMPLES = 3
_MAX_NAME = 40
_MAX_TITLE = 80
_MAX_SUMMARY = 300
_MAX_SAMPLES = 120
_MAX_CHOICE = 100
_OTHER = "other"
_COLOUR = discord.Colour(0x3E7CB1)

BUTTON_PATTERN = (
    rf"fathom:topics:(?:(?P<page>\d{{1,4}})|group:(?P<group>{KEY}):(?P<within>\d{{1,4}})|read:(?P<slug>{KEY}))"
)
MENU_PATTERN = r"fathom:topics:(?P<choice>group|topic)"

Groups = dict[str, list[Concept]]
T = TypeVar("T")


def groups_of(concepts: Iterable[Concept]) -> Groups:
    """Return concepts by their group, the first of their tags; groups and concepts in the order of the alphabet."""
    groups: Groups = {}
    for concept in sorted(concepts, key=lambda item: item.title.casefold()):
        groups.setdefault(concept.tags[0] if concept.tags else _OTHER, []).append(concept)
    return dict(sorted(groups.items()))


def overview(groups: Groups, page: int = 0) -> ui.LayoutView:
    """Return one page of the groups, with a menu to open one."""
    count = sum(map(len, groups.values()))
    container = _container()
    heading = ngettext("{count} topic", "{count} topics", count).format(count=count)
    hint = _("Choose a group below, begin to type a name after `/topics topic:`, or just `/ask`.")
    container.add_item(ui.TextDisplay(f"## {heading}\n{hint}"))
    container.add_item(ui.Separator())
    page, pages, names = _page(list(groups), page, GROUPS_PER_PAGE)
    if not names:
        container.add_item(ui.TextDisplay(_("The library is empty.")))
        return _view(container)
    container.add_item(ui.TextDisplay("\n\n".join(_group_line(name, groups[name]) for name in names)))
    options = [
        discord.SelectOption(
            label=_group_name(name), value=key_of(name), description=_count(len(groups[name]))[:_MAX_CHOICE]
        )
        for name in names
    ]
    container.add_item(ui.ActionRow(_menu("group", _("Choose a group"), options)))
    if pages > 1:
        container.add_item(ui.ActionRow(*_turn(page, pages, "fathom:topics:{page}")))
    return _view(container)


def group_view(name: str, concepts: Sequence[Concept], page: int = 0) -> ui.LayoutView:
    """Return one page of a group's topics, each with its sentence, and a menu to read one."""
    container = _container()
    page, pages, shown = _page(concepts, page, TOPICS_PER_PAGE)
    where = f" · {_('page {page} of {pages}').format(page=page + 1, pages=pages)}" if pages > 1 else ""
    heading = f"## {escape_within(_group_name(name), _MAX_TITLE)}"
    container.add_item(ui.TextDisplay(f"{heading}\n-# {_count(len(concepts))}{where}"))
    container.add_item(ui.Separator())
    container.add_item(ui.TextDisplay("\n\n".join(_topic_lines(concept) for concept in shown)))
    options = [
        discord.SelectOption(
            label=concept.title[:_MAX_CHOICE],
            value=key_of(concept.slug),
            description=shorten(concept.summary, _MAX_CHOICE) or None,
        )
        for concept in shown
    ]
    container.add_item(ui.ActionRow(_menu("topic", _("Read a topic"), options)))
    back: ui.Button[ui.LayoutView] = ui.Button(label=_("All groups"), custom_id="fathom:topics:0")
    turn = _turn(page, pages, f"fathom:topics:group:{key_of(name)}:{{page}}") if pages > 1 else []
    container.add_item(ui.ActionRow(back, *turn))
    return _view(container)


def suggestions_view(typed: str, nearest: Sequence[Concept]) -> ui.LayoutView:
    """Return the topics that may have been meant, as buttons that open them."""
    container = _container()
    container.add_item(ui.TextDisplay(no_such_topic(typed, nearest)))
    buttons: list[ui.Button[ui.LayoutView]] = [
        ui.Button(label=shorten(item.title, _MAX_TITLE), custom_id=f"fathom:topics:read:{key_of(item.slug)}")
        for item in nearest
    ]
    container.add_item(ui.ActionRow(*buttons))
    return _view(container)


def _container() -> ui.Container[ui.LayoutView]:
    return ui.Container(accent_colour=_COLOUR)


def _view(container: ui.Container[ui.LayoutView]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _page(items: Sequence[T], page: int, size: int) -> tuple[int, int, Sequence[T]]:
    """Return a page that there is, how many there are, and what stands on it."""
    pages = max(1, -(-len(items) // size))
    page = min(page, pages - 1)
    return page, pages, items[page * size : (page + 1) * size]


def _group_name(name: str) -> str:
    return shorten(name.replace("-", " ").capitalize(), _MAX_NAME)


def _group_line(name: str, concepts: Sequence[Concept]) -> str:
    samples = ", ".join(shorten(concept.title, _MAX_NAME) for concept in concepts[:_SAMPLES])
    # A last name that is cut ends with the mark already. The space keeps the mark off a line of its own.
    more = "\u00a0…" if len(concepts) > _SAMPLES and not samples.endswith("…") else ""
    heading = f"**{escape_within(_group_name(name), _MAX_NAME)}** · {len(concepts)}"
    return f"{heading}\n-# {escape_within(samples, _MAX_SAMPLES)}{more}"


def _topic_lines(concept: Concept) -> str:
    title = escape_within(concept.title, _MAX_TITLE)
    return f"**{title}**\n{escape_within(concept.summary, _MAX_SUMMARY)}"


def _count(number: int) -> str:
    return ngettext("{count} topic", "{count} topics", number).format(count=number)


def _menu(choice: str, placeholder: str, options: list[discord.SelectOption]) -> ui.Select[ui.LayoutView]:
    return ui.Select(custom_id=f"fathom:topics:{choice}", placeholder=placeholder, options=options)


def _turn(page: int, pages: int, custom_id: str) -> list[ui.Button[ui.LayoutView]]:
    """Return the buttons to the page before and the one after; at an end one stays in its place, disabled."""
    before: ui.Button[ui.LayoutView] = ui.Button(
        label=_("Previous"), custom_id=custom_id.format(page=max(0, page - 1)), disabled=page == 0
    )
    after: ui.Button[ui.LayoutView] = ui.Button(
        label=_("Next"), custom_id=custom_id.format(page=page + 1), disabled=page == pages - 1
    )
    return [before, after]
