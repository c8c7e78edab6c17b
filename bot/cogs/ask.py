"""Asking: `/ask`, a mention, a direct message."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answer import Question
from bot.answer_queue import NotNowError
from bot.answering import answer_to, respond
from bot.cogs.conversation import turns_before
from bot.depth import depth_for
from bot.language import spoken
from bot.limited import may_ask
from bot.not_now import not_now
from bot.replies import send_reply
from bot.services import Services
from bot.speaking import speak_in_reply_to
from bot.terms import marked_terms
from bot.views.answer_view import notice_view
from bot.views.terms_view import terms_view
from bot.where import place_of_message
from index.levels import Level

MAX_QUESTION = 4_000

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
        chosen = Level(level.value) if level else None
        await respond(self._services, interaction, question, level=chosen, how="ask")

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
        place = await place_of_message(self._services, self._bot, message)
        if not place.answers_mentions:
            return
        await speak_in_reply_to(message, self._services)
        if not await may_ask(self._services.limits, message):
            return
        text = message.content.replace(f"<@{me.id}>", " ").replace(f"<@!{me.id}>", " ").strip()
        depth = await depth_for(self._services, message.author.id, place.server, question=text)
        if marked := marked_terms(text):
            await send_reply(message, await self._terms(marked, depth.level, message.author.id))
            return
        turns = await turns_before(message, me.id)
        to_thread = bool(turns) and place.server.threads and place.can_open_thread
        question = Question(text, depth.level, turns, lang=spoken())
        given = await answer_to(
            self._services, question, message.author.id, choice=depth.choice, place=place, in_thread=to_thread
        )
        await send_reply(message, given.view, thread=text if to_thread else None)
        how = (
            "direct"
            if message.guild is None
            else "thread"
            if isinstance(message.channel, discord.Thread)
            else "mention"
        )
        await given.count(self._services, how)

    async def _terms(self, marked: list[str], level: Level, user_id: int) -> discord.ui.LayoutView:
        try:
            terms = await self._services.answers.terms_named(marked, spoken())
        except NotNowError as error:
            return notice_view(not_now(error))
        return terms_view(terms, level, spoken(), user_id)
