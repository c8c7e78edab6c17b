"""What happens when a moderator turns the pages of `/gaps`, or wants a stub of a page."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.answer_queue import NotNowError
from bot.gap_clusters import Cluster
from bot.gap_report import Standing, read_gaps, standing
from bot.gap_stub import QUESTIONS, GapStub, stub_of
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.level_names import level_name
from bot.markup import escape, shorten
from bot.not_now import not_now
from bot.permissions import MAY_NOT_SEE, moderates_home
from bot.services import Services
from bot.tell import tell
from bot.views.gaps_view import PAGE_PATTERN, STUB_PATTERN, gaps_view, on_page, pages
from bot.views.kind_item import KindItem, chosen

if TYPE_CHECKING:
    from bot.client import FathomBot

_GONE = gettext_noop("That gap is not in the log any more. `/gaps` shows what is.")
_MAX_CONTENT = 1_900
_MAX_TITLE = 60


class GapsPage(KindItem, template=PAGE_PATTERN):
    """A button that turns to a page of the list."""

    def __init__(self, page: int, item: ui.Item[Any]) -> None:
        """Take over a button of a message."""
        super().__init__(item)
        self._page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> GapsPage:
        """Make the item for a button that was pressed."""
        return cls(int(match["page"]), item)

    async def act(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page, from the log as it is now."""
        await interaction.response.defer()
        if not await moderates_home(interaction):
            await tell(interaction, _(MAY_NOT_SEE))
            return
        await show_gaps(interaction, self._page)


class GapsStub(KindItem, template=STUB_PATTERN):
    """The menu of gaps for which a page can be begun."""

    def __init__(self, item: ui.Item[Any]) -> None:
        """Take over a menu of a message."""
        super().__init__(item)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], _match: re.Match[str], /
    ) -> GapsStub:
        """Make the item for a menu that was used."""
        return cls(item)

    async def act(self, interaction: discord.Interaction[Any]) -> None:
        """Give the files of the page that would close the gap."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if not await moderates_home(interaction):
            await tell(interaction, _(MAY_NOT_SEE))
            return
        client: FathomBot = interaction.client
        try:
            gap = await _gap_of(client.services, next(iter(chosen(interaction)), ""))
            if gap is None:
                await tell(interaction, _(_GONE))
                return
            answers = client.services.answers
            (now,) = await standing(answers, [gap])
            found = stub_of(gap, now, taken=answers.generation.rows_of_concept.keys(), day=datetime.now(UTC).date())
        except NotNowError as error:
            await tell(interaction, not_now(error, pressed=True))
            return
        await interaction.edit_original_response(
            content=_how_to_go_on(found, now),
            attachments=[
                _file(found.page_file, found.stub.page, _("The page to fill in")),
                _file(found.questions_file, found.stub.questions, _("The questions that lead to the page")),
            ],
            allowed_mentions=discord.AllowedMentions.none(),
        )


async def show_gaps(interaction: discord.Interaction[Any], page: int) -> None:
    """Show a page of the list in the message that an interaction is about; the last one for a page beyond it."""
    client: FathomBot = interaction.client
    services = client.services
    try:
        report = await read_gaps(services)
        page = min(page, pages(report) - 1)
        now = await standing(services.answers, on_page(report, page))
    except NotNowError as error:
        await tell(interaction, not_now(error, pressed=True))
        return
    view = gaps_view(report, now, page, log_is_on=services.settings.answers.gap_log)
    await interaction.edit_original_response(view=view, allowed_mentions=discord.AllowedMentions.none())


async def _gap_of(services: Services, key: str) -> Cluster | None:
    """Return the group that has a wording by now, whatever was added to the log since the list was shown."""
    report = await read_gaps(services)
    return next((gap for gap in report.clusters if any(item.key == key for item in gap.wordings)), None)


def _how_to_go_on(found: GapStub, now: Standing) -> str:
    where = _(
        "Put the first file into `{folder}`, the second into `{questions}` of the content folder. "
        "`python -m bot check` says what is missing; now it is:"
    )
    lines = [
        _("**A page to write: `{slug}`**").format(slug=found.stub.slug),
        where.format(folder=f"{found.language}/", questions=f"{QUESTIONS}/"),
        *(f"- {problem}" for problem in found.stub.missing),
    ]
    if now.answered_by and now.level:
        text = _("**Answered by now**: {title} ({level}). Write a page only if that one does not fit.")
        title = escape(shorten(now.answered_by.title, _MAX_TITLE))
        lines.insert(0, text.format(title=title, level=level_name(now.level)))
    return shorten("\n".join(lines), _MAX_CONTENT)


def _file(name: str, text: str, description: str) -> discord.File:
    return discord.File(io.BytesIO(text.encode()), filename=name, description=description)
