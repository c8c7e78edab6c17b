"""A short card of terms: what each means in one sentence, and which ones the library does not know."""

from __future__ import annotations

from discord import ui

from bot.language import gettext as _
from bot.language import ngettext
from bot.markup import escape, shorten
from bot.rendering import MAX_TEXT, Card
from bot.terms import Terms
from bot.views.answer_view import NO_ANSWER, layout
from bot.views.concept_list import open_buttons, summary_lines
from index.generation import Concept
from index.levels import Level

_ROOM = MAX_TEXT - 1_200
_MOST = 10


def terms_view(terms: Terms, level: Level, lang: str, user: int) -> ui.LayoutView:
    """Return what was found for the terms of a message, with a button to open each page.

    Args:
        terms: what was found.
        level: at which depth the buttons open a page.
        lang: in which language.
        user: whose message the buttons change in place; 0 for a copy of their own for whoever presses.
    """
    offered: dict[str, Concept] = {concept.slug: concept for concept in terms.found}
    blocks = [summary_lines(terms.found, _ROOM)] if terms.found else []
    for unknown in terms.unknown:
        line = _("I have no page on “{term}”.").format(term=escape(shorten(unknown.term, 100)))
        if unknown.nearest:
            names = ", ".join(escape(shorten(concept.title, 60)) for concept in unknown.nearest)
            line += f" {_('The nearest names: {names}.').format(names=names)}"
            offered |= {concept.slug: concept for concept in unknown.nearest}
        blocks.append(line)
    if not terms.found and not terms.unknown:
        near = f" {_('These are the nearest topics.')}" if terms.nearest else ""
        blocks.append(f"{_('I know none of the terms in that message.')}{near}")
        offered |= {concept.slug: concept for concept in terms.nearest}
    if terms.left_out:
        more = ngettext(
            "And {count} more; ask for it separately.", "And {count} more; ask for those separately.", terms.left_out
        )
        blocks.append(f"-# {more.format(count=terms.left_out)}")
    count = len(terms.found)
    explained = ngettext("{count} term explained", "{count} terms explained", count).format(count=count)
    heading = f"## {explained if count else _('No terms that I know')}"
    rows = open_buttons(list(offered.values())[:_MOST], level, lang, user)
    return layout(Card(heading, "", tuple(blocks), ""), NO_ANSWER, rows)
