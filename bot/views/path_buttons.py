"""What happens when someone presses a button of a learning path, or chooses what they understand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.language import gettext as _
from bot.language import spoken
from bot.learning_path import LearningPath, learning_path
from bot.library_pages import concepts_in
from bot.services import Services
from bot.tell import tell
from bot.topic_page import topic_page
from bot.views.keys import name_of
from bot.views.limited_item import LimitedItem
from bot.views.path_view import BUTTON_PATTERN, MENU_PATTERN, Verb, path_view, step_buttons
from bot.views.pressing import answering, show
from bot.where import place_of_interaction

if TYPE_CHECKING:
    from bot.client import FathomBot


class PathButton(LimitedItem, ui.DynamicItem[ui.Button[ui.LayoutView]], template=BUTTON_PATTERN):
    """A button of a path: the goal and the step stand in its custom_id, whose path it is in who presses it."""

    def __init__(self, button: ui.Button[ui.LayoutView], match: re.Match[str]) -> None:
        """Take over a button of a message."""
        super().__init__(button)
        self._verb, self._goal, self._step = Verb(match["verb"]), match["goal"], match["step"]

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> PathButton:
        """Make the item for a button that was pressed."""
        return cls(item if isinstance(item, ui.Button) else ui.Button(custom_id=match.string), match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the step's page as a private message, or change what is understood and show the path in place."""
        if self._verb is Verb.READ:
            await interaction.response.defer(ephemeral=True, thinking=True)
        else:
            await interaction.response.defer()
        async with answering(interaction):
            services = _services(interaction)
            concepts = concepts_in(services, spoken())
            goal, step = name_of(self._goal, concepts), name_of(self._step or self._goal, concepts)
            if goal is None or step is None:
                await tell(interaction, _gone())
            elif self._verb is Verb.READ:
                await _read(interaction, goal, step)
            else:
                await self._change(services, interaction.user.id, goal, step)
                await show(interaction, await view_of_path(services, interaction.user.id, goal))

    async def _change(self, services: Services, user_id: int, goal: str, step: str) -> None:
        learning = services.stores.learning
        if self._verb is Verb.KNOW:
            await learning.mark(user_id, step)
        elif self._verb is Verb.OVER:
            path = await path_of(services, user_id, goal)
            for slug in (item.slug for item in path.steps):
                await learning.unmark(user_id, slug)


class PathMenu(LimitedItem, ui.DynamicItem[ui.Select[ui.LayoutView]], template=MENU_PATTERN):
    """The menu of a path's steps, in which those that are understood are chosen."""

    def __init__(self, menu: ui.Select[ui.LayoutView], match: re.Match[str]) -> None:
        """Take over a menu of a message."""
        super().__init__(menu)
        self._goal = match["goal"]

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> PathMenu:
        """Make the item for a menu in which something was chosen."""
        return cls(item if isinstance(item, ui.Select) else ui.Select(custom_id=match.string), match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Mark what was added and unmark what was taken away; what the menu did not show stays as it is."""
        await interaction.response.defer()
        async with answering(interaction):
            services = _services(interaction)
            concepts = concepts_in(services, spoken())
            goal = name_of(self._goal, concepts)
            if goal is None:
                await tell(interaction, _gone())
                return
            before = {option.value for option in self.item.options if option.default}
            chosen = set(self.item.values)
            for key in sorted(before ^ chosen):
                if (slug := name_of(key, concepts)) is None:
                    continue
                change = services.stores.learning.mark if key in chosen else services.stores.learning.unmark
                await change(interaction.user.id, slug)
            await show(interaction, await view_of_path(services, interaction.user.id, goal))


async def path_of(services: Services, user_id: int, goal: str) -> LearningPath:
    """Return a member's path to a concept that the library has."""
    requires = {slug: concept.requires for slug, concept in concepts_in(services, spoken()).items()}
    return learning_path(goal, requires, await services.stores.learning.understood(user_id))


async def view_of_path(services: Services, user_id: int, goal: str) -> ui.LayoutView:
    """Return a member's path to a concept that the library has, as a message."""
    return path_view(await path_of(services, user_id, goal), concepts_in(services, spoken()))


async def _read(interaction: discord.Interaction[Any], goal: str, step: str) -> None:
    services = _services(interaction)
    place = await place_of_interaction(services, interaction)
    given = await topic_page(services, interaction.user.id, place, step, private=True)
    if given is None:
        await tell(interaction, _gone())
        return
    given.view.add_item(step_buttons(goal, step))
    await show(interaction, given.view)
    await given.count(services, "path")


def _services(interaction: discord.Interaction[Any]) -> Services:
    client: FathomBot = interaction.client
    return client.services


def _gone() -> str:
    return _("The library no longer has this page. `/topics` lists those it has.")
