"""What a member finds in a message's menu, under Apps: Explain this, Explain the terms here."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.answer_queue import NotNowError
from bot.answering import respond
from bot.depth import depth_for
from bot.explainer import clean_question
from bot.language import gettext as _
from bot.language import gettext_noop, spoken
from bot.not_now import not_now
from bot.services import Services
from bot.tell import tell
from bot.views.answer_view import notice_view, question_of
from bot.views.terms_view import terms_view
from bot.where import place_of_interaction

_NO_WORDS = gettext_noop("That message has no words that I could explain.")


class MessageMenusCog(commands.Cog):
    """Explains messages that somebody else wrote; Discord shows the bot the chosen message and no other."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services
        self._menus = [
            _message_menu("Explain this", self.explain_this),
            _message_menu("Explain the terms here", self.explain_terms),
        ]

    async def cog_load(self) -> None:
        """Add the menus; unlike slash commands, a cog does not do it by itself."""
        for menu in self._menus:
            self._bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take the menus away again."""
        for menu in self._menus:
            self._bot.tree.remove_command(menu.name, type=menu.type)

    async def explain_this(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Answer a message as a question, for everyone or privately, as the server's moderators chose."""
        text = self._words_of(message)
        if not text:
            await tell(interaction, _(_NO_WORDS))
            return
        await respond(self._services, interaction, text, how="menu")

    async def explain_terms(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """List the library's concepts that a message names, privately."""
        text = self._words_of(message)
        if not text:
            await tell(interaction, _(_NO_WORDS))
            return
        await interaction.response.defer(thinking=True, ephemeral=True)
        await interaction.edit_original_response(
            view=await self._terms(interaction, text), allowed_mentions=discord.AllowedMentions.none()
        )

    async def _terms(self, interaction: discord.Interaction[Any], text: str) -> ui.LayoutView:
        place = await place_of_interaction(self._services, interaction)
        depth = await depth_for(self._services, interaction.user.id, place.server)
        try:
            terms = await self._services.answers.terms_in(text, spoken())
        except NotNowError as error:
            return notice_view(not_now(error))
        # Nobody owns the list, so that it stays while its pages open beside it.
        return terms_view(terms, depth.level, spoken(), 0)

    def _words_of(self, message: discord.Message) -> str:
        """Return what a message says; of an answer of ours, the question that it answers."""
        me = self._bot.user
        if me is None:
            return ""
        if message.author.id == me.id:
            return question_of(message)
        return clean_question(message.content.replace(f"<@{me.id}>", " ").replace(f"<@!{me.id}>", " "))


def _message_menu(name: str, callback: Any) -> app_commands.ContextMenu:
    return app_commands.ContextMenu(
        name=name,
        callback=callback,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )
