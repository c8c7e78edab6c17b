"""What happens when someone turns the pages of the topics, or chooses a group or a topic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.language import gettext as _
from bot.language import spoken
from bot.library_pages import concepts_in
from bot.services import Services
from bot.tell import tell
from bot.topic_page import topic_page
from bot.views.keys import name_of
from bot.views.limited_item import LimitedItem
from bot.views.pressing import answering, show
from bot.views.topics_view import BUTTON_PATTERN, MENU_PATTERN, Groups, group_view, groups_of, overview
from bot.where import place_of_interaction

if TYPE_CHECKING:
    from bot.client import FathomBot


class TopicsButton(LimitedItem, ui.DynamicItem[ui.Button[ui.LayoutView]], template=BUTTON_PATTERN):
    """A button that turns to a page of the groups or of one group, or that opens a topic."""

    def __init__(self, button: ui.Button[ui.LayoutView], match: re.Match[str]) -> None:
        """Take over a button of a message."""
        super().__init__(button)
        self._match = match

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> TopicsButton:
        """Make the item for a button that was pressed."""
        return cls(item if isinstance(item, ui.Button) else ui.Button(custom_id=match.string), match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Turn the page in place, or open the topic as a private message."""
        if self._match["slug"]:
            await open_topic(interaction, self._match["slug"])
            return
        await interaction.response.defer()
        async with answering(interaction):
            if self._match["group"]:
                await open_group(interaction, self._match["group"], int(self._match["within"]))
            else:
                await show(interaction, overview(_groups(interaction), int(self._match["page"])))


class TopicsMenu(LimitedItem, ui.DynamicItem[ui.Select[ui.LayoutView]], template=MENU_PATTERN):
    """The menu of groups, or that of the topics on a page of a group."""

    def __init__(self, menu: ui.Select[ui.LayoutView], match: re.Match[str]) -> None:
        """Take over a menu of a message."""
        super().__init__(menu)
        self._choice = match["choice"]

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> TopicsMenu:
        """Make the item for a menu in which something was chosen."""
        return cls(item if isinstance(item, ui.Select) else ui.Select(custom_id=match.string), match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the group in place, or the topic as a private message."""
        chosen = next(iter(self.item.values), "")
        if self._choice == "topic":
            await open_topic(interaction, chosen)
            return
        await interaction.response.defer()
        async with answering(interaction):
            await open_group(interaction, chosen, 0)


async def open_topic(interaction: discord.Interaction[Any], key: str) -> None:
    """Show a topic's page at the member's level, as a private message."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    async with answering(interaction):
        services = _services(interaction)
        slug = name_of(key, concepts_in(services, spoken()))
        place = await place_of_interaction(services, interaction)
        given = await topic_page(services, interaction.user.id, place, slug, private=True) if slug else None
        if given is None:
            await tell(interaction, _("The library no longer has this page. `/topics` lists those it has."))
            return
        await show(interaction, given.view)
        await given.count(services, "topics")


async def open_group(interaction: discord.Interaction[Any], key: str, page: int) -> None:
    """Show a page of a group in place; the groups, when there is no such group any more."""
    groups = _groups(interaction)
    name = name_of(key, groups)
    await show(interaction, group_view(name, groups[name], page) if name is not None else overview(groups))


def _groups(interaction: discord.Interaction[Any]) -> Groups:
    return groups_of(concepts_in(_services(interaction), spoken()).values())


def _services(interaction: discord.Interaction[Any]) -> Services:
    client: FathomBot = interaction.client
    return client.services
