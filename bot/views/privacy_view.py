"""What is kept, as a message: about the member who asks, and without anybody's name."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.language import gettext as _
from bot.markup import escape_within
from bot.storage.store import Holding

PATTERN = r"fathom:privacy:(?:(?P<verb>ask|delete)|page:(?P<page>\d{1,4}))"
_COLOUR = discord.Colour(0x3E7CB1)
_DANGER = discord.Colour(0xC1554D)
_LINES_PER_PAGE = 30
_MAX_LINE = 70

Kept = Sequence[tuple[Holding, Sequence[str]]]
"""What each store holds, and what of it is about one member, a line each."""


def kept_view(kept: Kept, page: int = 0) -> ui.LayoutView:
    """Return everything kept about a member, a page at a time, with the button that deletes it."""
    lines = _about(kept)
    pages = max(1, -(-len(lines) // _LINES_PER_PAGE))
    page = min(page, pages - 1)
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_COLOUR)
    container.add_item(ui.TextDisplay(f"## {_('What I keep about you')}"))
    shown = lines[page * _LINES_PER_PAGE : (page + 1) * _LINES_PER_PAGE]
    container.add_item(ui.TextDisplay("\n".join(shown).strip()))
    if pages > 1:
        container.add_item(ui.ActionRow(*_turn(page, pages)))
    container.add_item(ui.TextDisplay(_without_names(kept)))
    delete: ui.Button[ui.LayoutView] = ui.Button(
        label=_("Delete everything about me"),
        custom_id="fathom:privacy:ask",
        style=discord.ButtonStyle.danger,
        disabled=not any(about for _holding, about in kept),
    )
    container.add_item(ui.ActionRow(delete))
    return _view(container)


def confirm_view(kept: Kept) -> ui.LayoutView:
    """Return the question whether everything about a member shall really be deleted."""
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_DANGER)
    container.add_item(ui.TextDisplay(f"## {_('Delete everything about you?')}"))
    what = [f"- {_(holding.what)}" for holding, about in kept if about]
    container.add_item(ui.TextDisplay("\n".join([*what, _("This cannot be undone.")])))
    yes: ui.Button[ui.LayoutView] = ui.Button(
        label=_("Yes, delete it"), custom_id="fathom:privacy:delete", style=discord.ButtonStyle.danger
    )
    no: ui.Button[ui.LayoutView] = ui.Button(label=_("No, keep it"), custom_id="fathom:privacy:page:0")
    container.add_item(ui.ActionRow(yes, no))
    return _view(container)


def deleted_view() -> ui.LayoutView:
    """Say that everything about a member was deleted."""
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_COLOUR)
    text = _("I have deleted everything that I kept about you. You get the default level again.")
    container.add_item(ui.TextDisplay(f"## {_('Deleted')}\n{text}"))
    return _view(container)


def _about(kept: Kept) -> list[str]:
    lines = []
    for holding, about in kept:
        if not holding.personal:
            continue
        # Without an empty line before it, a heading would be taken for part of the last item.
        lines += ["", f"**{_capitalised(_(holding.what))}**", f"-# {_('kept {time}').format(time=_(holding.kept))}"]
        lines += [f"- {escape_within(line, _MAX_LINE)}" for line in about] or [f"- {_('nothing')}"]
    return lines


def _without_names(kept: Kept) -> str:
    lines = [f"- {_sentence(holding)}" for holding, _about in kept if not holding.personal]
    return "\n".join([f"**{_('What I keep without names')}**", *lines])


def _sentence(holding: Holding) -> str:
    """Return what a store holds and for how long."""
    return _("{what}; kept {time}").format(what=_capitalised(_(holding.what)), time=_(holding.kept))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _turn(page: int, pages: int) -> list[ui.Button[ui.LayoutView]]:
    before: ui.Button[ui.LayoutView] = ui.Button(
        label=_("Previous"), custom_id=f"fathom:privacy:page:{max(0, page - 1)}", disabled=page == 0
    )
    after: ui.Button[ui.LayoutView] = ui.Button(
        label=_("Next"), custom_id=f"fathom:privacy:page:{page + 1}", disabled=page == pages - 1
    )
    return [before, after]


def _view(container: ui.Container[ui.LayoutView]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view
