"""Whether the bot can answer questions now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import AutoShardedClient

if TYPE_CHECKING:
    from bot.services import Services


def obstacles(services: Services, bot: AutoShardedClient | None) -> list[str]:
    """Return what stands between a question and its answer; nothing when all is well."""
    found = [] if services.answers.ready else ["no generation serves"]
    if bot is None or not bot.is_ready() or bot.is_closed():
        return [*found, "the gateway is not connected"]
    closed = [number for number, shard in bot.shards.items() if shard.is_closed()]
    return [*found, *(f"shard {number} is not connected" for number in closed)]
