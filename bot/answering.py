"""From a question asked in Discord to the message that answers it, and the count of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.answer import Answer, Question
from bot.answer_queue import NotNowError
from bot.depth import depth_for
from bot.depth_choice import Choice
from bot.language import spoken
from bot.not_now import not_now
from bot.records import note_answer
from bot.services import Services
from bot.views.answer_rows import Shown
from bot.views.answer_view import answer_view, notice_view
from bot.where import Place, place_of_interaction
from index.levels import Level


@dataclass(frozen=True, slots=True)
class Given:
    """A message to send, and the answer in it; no answer while there can be none."""

    view: ui.LayoutView
    answer: Answer | None
    milliseconds: float

    async def count(self, services: Services, how: str) -> None:
        """Count the answer once it was sent; a database that fails is only logged."""
        if self.answer is not None:
            await note_answer(services, how, self.answer, self.milliseconds)


async def answer_to(
    services: Services, question: Question, user_id: int, *, choice: Choice, place: Place, in_thread: bool = False
) -> Given:
    """Return the answer to a question as a message.

    Args:
        services: what the bot is made of.
        question: what is asked, and how deep.
        user_id: who asks.
        choice: who chose the depth.
        place: where.
        in_thread: whether the answer goes to a thread already.
    """
    started = time.perf_counter()
    try:
        services.answers.admit(question)
        async with services.limits.turn(user_id):
            answer = await services.answers.explain(question)
    except NotNowError as error:
        return Given(notice_view(not_now(error)), None, 0.0)
    notes = (place.hint,) if place.hint else ()
    shown = Shown(choice=choice, thread=place.offers_thread and not in_thread, notes=notes)
    milliseconds = (time.perf_counter() - started) * 1000
    return Given(answer_view(answer, user_id, shown), answer, milliseconds)


async def respond(
    services: Services, interaction: discord.Interaction[Any], text: str, *, level: Level | None = None, how: str
) -> None:
    """Answer somebody who used a command, for everyone to see or privately, as the server's moderators chose.

    Args:
        services: what the bot is made of.
        interaction: the command, not yet acknowledged.
        text: the question.
        level: the depth asked for, if any.
        how: by which command, for the count.
    """
    place = await place_of_interaction(services, interaction)
    await interaction.response.defer(thinking=True, ephemeral=place.private)
    depth = await depth_for(services, interaction.user.id, place.server, question=text, explicit=level)
    question = Question(text, depth.level, lang=spoken())
    given = await answer_to(services, question, interaction.user.id, choice=depth.choice, place=place)
    await interaction.edit_original_response(view=given.view, allowed_mentions=discord.AllowedMentions.none())
    await given.count(services, how)
