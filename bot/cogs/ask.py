"""Asking: `/ask`, a mention, a direct message."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answer import Question
from bot.answer_service import NotReadyError
from bot.cogs.conversation import turns_before
from bot.level_words import level_in_words
from bot.services import Services
from bot.views.answer_view import answer_view, notice_view
from index.levels import Level

_log = logging.getLogger(__name__)
NOT_READY = "I am still reading the library. Please ask again in a minute."
MAX_QUESTION = 4_000
_INVALID_BODY = 50035

LEVEL_CHOICES = [
    app_commands.Choice(name="Basic: no jargon, one good example", value=Level.BASIC.value),
    app_commands.Choice(name="Intermediate: how it works, what the evidence is", value=Level.INTERMEDIATE.value),
    app_commands.Choice(name="Advanced: what the literature says", value=Level.ADVANCED.value),
]


class AskCog(commands.Cog):
    """Answers questions wherever they are asked."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="ask", description="Ask about an idea in AI safety, in your own words")
    @app_commands.describe(question="What would you like to understand?", level="How deep (default: your own level)")
    @app_commands.choices(level=LEVEL_CHOICES)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def ask(
        self,
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, MAX_QUESTION],
        level: app_commands.Choice[str] | None = None,
    ) -> None:
        """Answer a question at the level given, or at the member's own."""
        await interaction.response.defer(thinking=True)
        chosen = Level(level.value) if level else await self.level_for(question, interaction.user.id)
        view = await self.answer(Question(question, chosen), interaction.user.id)
        await interaction.edit_original_response(view=view, allowed_mentions=discord.AllowedMentions.none())

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer direct messages, and messages that mention the bot by name (not @everyone, not a role)."""
        me = self._bot.user
        if me is None or message.author.bot or message.webhook_id is not None:
            return
        if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
            return
        mentioned = any(user.id == me.id for user in message.mentions)
        if message.guild is not None and not mentioned:
            return
        text = message.content.replace(f"<@{me.id}>", " ").replace(f"<@!{me.id}>", " ")
        turns = await turns_before(message, me.id)
        level = await self.level_for(text, message.author.id)
        view = await self.answer(Question(text.strip(), level, turns), message.author.id)
        # With a nonce, a message that has to be sent again after a cut connection still appears once.
        options: Any = {"view": view, "allowed_mentions": discord.AllowedMentions.none(), "nonce": message.id}
        try:
            await message.reply(mention_author=False, **options)
        except (discord.Forbidden, discord.NotFound):
            _log.info("may not answer in channel %d", message.channel.id)
        except discord.HTTPException as error:
            if error.code != _INVALID_BODY:  # else the question was deleted meanwhile: nothing to reply to
                raise
            await message.channel.send(**options)

    async def level_for(self, question: str, user_id: int) -> Level:
        """Return the level that a question's own words ask for, else the member's."""
        return level_in_words(question) or await self.level_of(user_id)

    async def level_of(self, user_id: int) -> Level:
        """Return a member's own level, else the default."""
        chosen = await self._services.preferences.level(user_id)
        return chosen or self._services.settings.answers.default_level

    async def answer(self, question: Question, user_id: int) -> discord.ui.LayoutView:
        """Return the answer to a question as a message."""
        try:
            answer = await self._services.answers.explain(question)
        except NotReadyError:
            return notice_view(NOT_READY)
        return answer_view(answer, user_id)
