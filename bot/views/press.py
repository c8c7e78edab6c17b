"""One press of a button under an answer: who pressed, where, and what the button knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.services import Services
from bot.views.answer_view import question_line_of, question_of
from bot.views.custom_ids import ButtonState, slug_of_key
from bot.where import Place, place_of_interaction
from index.generation import Concept

if TYPE_CHECKING:
    from bot.client import FathomBot


class GoneError(Exception):
    """The library no longer has the page that a button is about."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button, and what its handler needs."""

    interaction: discord.Interaction[Any]
    state: ButtonState

    @property
    def services(self) -> Services:
        """What the bot is made of."""
        client: FathomBot = self.interaction.client
        return client.services

    @property
    def presser(self) -> int:
        """Who pressed."""
        return self.interaction.user.id

    @property
    def question(self) -> str:
        """The question that the message answers; empty when it shows none."""
        return question_of(self.interaction.message)

    @property
    def question_line(self) -> str:
        """The line that shows the question, as it stands in the message."""
        return question_line_of(self.interaction.message)

    @property
    def concept(self) -> Concept | None:
        """The page that the button is about, in the language asked for; None if the library has it no more.

        Raises:
            NotReadyError: there is no generation yet.
        """
        generation = self.services.answers.generation
        slug = slug_of_key(self.state.slug_key, generation.rows_of_concept)
        return generation.concept(slug, self.state.lang) if slug is not None else None

    def page(self) -> Concept:
        """Return the page that the button is about.

        Raises:
            NotReadyError: there is no generation yet.
            GoneError: the library has it no more.
        """
        concept = self.concept
        if concept is None:
            raise GoneError
        return concept

    def beside(self) -> str | None:
        """Return the slug of the other page of a comparison; None for any other answer.

        Raises:
            NotReadyError: there is no generation yet.
            GoneError: the library has it no more.
        """
        if not self.state.beside_key:
            return None
        slug = slug_of_key(self.state.beside_key, self.services.answers.generation.rows_of_concept)
        if slug is None:
            raise GoneError
        return slug

    async def place(self) -> Place:
        """Return what this server's moderators chose."""
        return await place_of_interaction(self.services, self.interaction)

    async def edit(self, view: ui.LayoutView) -> None:
        """Show a message in place of the one that was acknowledged."""
        await self.interaction.edit_original_response(view=view, allowed_mentions=discord.AllowedMentions.none())
