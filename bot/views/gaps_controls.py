"""What happens when a moderator turns the pages of `/gaps`, or wants a stub of a page."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.answer_service import NotReadyError
from bot.gap_clusters import Cluster
from bot.gap_report import read_gaps, standing
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.markup import shorten
from bot.page_stub import PageStub, page_stub
from bot.permissions import MAY_NOT_SEE, moderates_home
from bot.services import Services
from bot.tell import tell
from bot.views.gaps_view import PAGE_PATTERN, STUB_PATTERN, gaps_view, on_page, pages
from bot.views.kind_item import KindItem, chosen
from index.library import DEFAULT_LANGUAGE

if TYPE_CHECKING:
    from bot.client import FathomBot

_NOT_READY = gettext_noop("I am still reading the library. Please try again in a minute.")
_GONE = gettext_noop("That gap is not in the log any more. `/gaps` shows what is.")
_MAX_CONTENT = 1_900
_MAX_QUESTIONS = 50


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
            stub = await _stub_of(client.services, gap)
        except NotReadyError:
            await tell(interaction, _(_NOT_READY))
            return
        await interaction.edit_original_response(
            content=_how_to_go_on(stub, gap.language),
            attachments=[
                _file(f"{stub.slug}.md", stub.page, _("The page to fill in")),
                _file(
                    _questions_file(stub.slug, gap.language), stub.questions, _("The questions that lead to the page")
                ),
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
    except NotReadyError:
        await tell(interaction, _(_NOT_READY))
        return
    view = gaps_view(report, now, page, log_is_on=services.settings.answers.gap_log)
    await interaction.edit_original_response(view=view, allowed_mentions=discord.AllowedMentions.none())


async def _gap_of(services: Services, key: str) -> Cluster | None:
    """Return the group that has a wording by now, whatever was added to the log since the list was shown."""
    report = await read_gaps(services)
    return next((gap for gap in report.clusters if any(item.key == key for item in gap.wordings)), None)


async def _stub_of(services: Services, gap: Cluster) -> PageStub:
    (now,) = await standing(services.answers, [gap])
    near = [now.answered_by] if now.answered_by else now.nearest
    return page_stub(
        [item.text for item in gap.wordings[:_MAX_QUESTIONS]],
        count=gap.count,
        related=[topic.slug for topic in near],
        taken=services.answers.generation.rows_of_concept.keys(),
        day=datetime.now(UTC).date(),
    )


def _how_to_go_on(stub: PageStub, language: str) -> str:
    where = _(
        "Put the first file into `{folder}`, the second into `{questions}` of the content folder. "
        "`python -m bot check` says what is missing; now it is:"
    )
    lines = [
        _("**A page to write: `{slug}`**").format(slug=stub.slug),
        where.format(folder=f"{language}/", questions="questions/"),
        *(f"- {problem}" for problem in stub.missing),
    ]
    return shorten("\n".join(lines), _MAX_CONTENT)


def _file(name: str, text: str, description: str) -> discord.File:
    return discord.File(io.BytesIO(text.encode()), filename=name, description=description)


def _questions_file(slug: str, language: str) -> str:
    return f"{slug}.yaml" if language == DEFAULT_LANGUAGE else f"{slug}.{language}.yaml"
