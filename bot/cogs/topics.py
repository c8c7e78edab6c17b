"""Everything the library explains: `/topics`."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answer import Question
from bot.answer_queue import NotNowError
from bot.answer_service import NotReadyError
from bot.answering import Given, answer_to
from bot.cogs.topic_choices import topic_choices
from bot.depth import depth_for
from bot.language import spoken
from bot.library_pages import concepts_in
from bot.not_now import not_now
from bot.services import Services
from bot.topic_names import TopicDirectory
from bot.topic_page import topic_page
from bot.views.answer_view import notice_view
from bot.views.topics_buttons import TopicsButton, TopicsMenu
from bot.views.topics_view import groups_of, overview, suggestions_view
from bot.where import Place, place_of_interaction
from index.generation import Concept

_SUGGESTIONS = 5


class TopicsCog(commands.Cog):
    """Lists the topics, and opens one."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services
        self._directory = TopicDirectory(services.answers)

    async def cog_load(self) -> None:
        """Answer the buttons and menus of every list, from before a restart as well."""
        self._bot.add_dynamic_items(TopicsButton, TopicsMenu)

    @app_commands.command(name="topics", description="Everything I can explain; choose one to read it")
    @app_commands.describe(topic="Begin to type a topic, or leave empty to see them all")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def topics(
        self, interaction: discord.Interaction[Any], topic: app_commands.Range[str, 1, 100] | None = None
    ) -> None:
        """Show the topics by group, privately, or the one chosen at the member's level, as the server wants answers."""
        chosen, nearest = self._meant(topic) if topic else (None, [])
        looking_around = chosen is None and (topic is None or bool(nearest))
        place = await place_of_interaction(self._services, interaction)
        await interaction.response.defer(thinking=True, ephemeral=looking_around or place.private)
        given: Given | None = None
        try:
            if topic is None:
                view = overview(groups_of(concepts_in(self._services, spoken()).values()))
            elif looking_around:
                view = suggestions_view(topic, nearest)
            else:
                given = await self._page(topic, chosen, interaction.user.id, place)
                view = given.view
        except NotNowError as error:
            view = notice_view(not_now(error))
        await interaction.edit_original_response(view=view, allowed_mentions=discord.AllowedMentions.none())
        if given is not None:
            await given.count(self._services, "topics")

    def _meant(self, topic: str) -> tuple[Concept | None, list[Concept]]:
        """Return the concept that a topic names; where it names none, those that may have been meant."""
        try:
            names = self._directory.names(spoken())
        except NotReadyError:
            return None, []
        chosen = names.find(topic)
        return chosen, [] if chosen else names.nearest(topic, _SUGGESTIONS)

    async def _page(self, topic: str, chosen: Concept | None, user_id: int, place: Place) -> Given:
        """Return a concept's page; what names no concept is taken for a question."""
        if chosen is not None and (
            given := await topic_page(self._services, user_id, place, chosen.slug, private=False)
        ):
            return given
        depth = await depth_for(self._services, user_id, place.server, question=topic)
        question = Question(topic, depth.level, lang=spoken())
        return await answer_to(self._services, question, user_id, choice=depth.choice, place=place)

    @topics.autocomplete("topic")
    async def complete(self, _interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Offer topics whose title or alias has the words typed so far, else those nearly typed right."""
        return topic_choices(self._directory, current)
