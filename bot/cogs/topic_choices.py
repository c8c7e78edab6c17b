"""Completing the name of a topic while a member types it."""

from __future__ import annotations

from discord import app_commands

from bot.answer_service import NotReadyError
from bot.language import spoken
from bot.topic_names import TopicDirectory

_MAX_CHOICES = 25
_MAX_LENGTH = 100


def topic_choices(directory: TopicDirectory, typed: str) -> list[app_commands.Choice[str]]:
    """Return topics whose title or alias has the words typed so far, else those nearly typed right."""
    try:
        names = directory.names(spoken())
    except NotReadyError:
        return []
    return [
        app_commands.Choice(
            name=concept.title[:_MAX_LENGTH],
            value=concept.slug if len(concept.slug) <= _MAX_LENGTH else concept.title[:_MAX_LENGTH],
        )
        for concept in names.offered(typed, _MAX_CHOICES)
    ]
