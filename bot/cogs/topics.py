"""Everything the library explains: `/topics`."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.answer import Question
from bot.answer_service import NotReadyError
from bot.answering import NOT_READY
from bot.cogs.ask import AskCog
from bot.markup import escape
from bot.rendering import MAX_TEXT
from bot.services import Services
from bot.views.answer_view import answer_view, notice_view
from index.generation import Concept
from index.lexical import words

_MAX_CHOICES = 25
_MAX_CHOICE_LENGTH = 100
_OTHER = "other"


class TopicsCog(commands.Cog):
    """Lists the topics, and opens one."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="topics", description="Everything I can explain; choose one to read it")
    @app_commands.describe(topic="Begin to type a topic, or leave empty to see them all")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def topics(
        self, interaction: discord.Interaction[Any], topic: app_commands.Range[str, 1, 100] | None = None
    ) -> None:
        """Show all topics, or the one chosen at the member's level."""
        await interaction.response.defer(thinking=True)
        await interaction.edit_original_response(
            view=await self._view(topic, interaction.user.id), allowed_mentions=discord.AllowedMentions.none()
        )

    async def _view(self, topic: str | None, user_id: int) -> ui.LayoutView:
        answers = self._services.answers
        try:
            concepts = list(answers.generation.concepts.values())
        except NotReadyError:
            return notice_view(NOT_READY)
        if topic is None:
            return overview(concepts)
        ask = self._bot.get_cog(AskCog.__name__)
        level = (
            await ask.level_of(user_id) if isinstance(ask, AskCog) else self._services.settings.answers.default_level
        )
        chosen = next((concept for concept in concepts if topic in {concept.slug, concept.title}), None)
        chosen = chosen or next(iter(matching(concepts, topic)), None)
        if chosen is not None and (answer := await answers.show(chosen.slug, Question("", level))):
            return answer_view(answer, user_id)
        return answer_view(await answers.explain(Question(topic, level)), user_id)

    @topics.autocomplete("topic")
    async def complete(self, _interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Offer topics whose title or alias has the words typed so far."""
        try:
            concepts = list(self._services.answers.generation.concepts.values())
        except NotReadyError:
            return []
        return [
            app_commands.Choice(name=concept.title[:_MAX_CHOICE_LENGTH], value=concept.slug[:_MAX_CHOICE_LENGTH])
            for concept in matching(concepts, current)[:_MAX_CHOICES]
        ]


def matching(concepts: list[Concept], typed: str) -> list[Concept]:
    """Return the concepts whose title or an alias contains every word typed, as a beginning; best first."""
    wanted = words(typed)
    found: dict[str, tuple[int, str, Concept]] = {}
    for concept in concepts:
        ranks = [
            rank
            for rank, name in enumerate((concept.title, *concept.aliases))
            if all(any(word.startswith(part) for word in words(name)) for part in wanted)
        ]
        if ranks:
            begins = concept.title.casefold().startswith(typed.strip().casefold())
            key = (0 if begins else 1 + min(1, ranks[0]), concept.title.casefold(), concept)
            if concept.slug not in found or concept.lang == "en":
                found[concept.slug] = key
    return [concept for _, _, concept in sorted(found.values(), key=lambda item: item[:2])]


def overview(concepts: list[Concept]) -> ui.LayoutView:
    """Return all topics by group; where they do not fit one message, how many more a group has."""
    groups: dict[str, list[str]] = {}
    for concept in sorted({item.slug: item for item in concepts}.values(), key=lambda item: item.title.casefold()):
        groups.setdefault(concept.tags[0] if concept.tags else _OTHER, []).append(concept.title)
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=discord.Colour(0x3E7CB1))
    head = f"## {sum(map(len, groups.values()))} topics\nRead one with `/topics topic:`, or just `/ask`."
    container.add_item(ui.TextDisplay(head))
    room = MAX_TEXT - len(head) - 200
    share = room // max(1, len(groups))
    blocks = [_group(name, titles, share) for name, titles in sorted(groups.items())]
    container.add_item(ui.TextDisplay("\n".join(blocks)[:room] or "The library is empty."))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _group(name: str, titles: list[str], room: int) -> str:
    heading = f"**{escape(name.replace('-', ' ').capitalize())}** "
    line = heading
    for number, title in enumerate(titles):
        piece = ("" if number == 0 else " · ") + escape(title)
        if len(line) + len(piece) > room - 15:
            return f"{line} and {len(titles) - number} more"
        line += piece
    return line
