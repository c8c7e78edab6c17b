"""How deep a member's pages open when they name no level."""

from __future__ import annotations

from bot.services import Services
from index.levels import Level


async def member_level(services: Services, user_id: int, guild_id: int | None) -> Level:
    """Return the member's own level, else their server's, else the operator's default."""
    chosen = await services.preferences.level(user_id)
    if chosen is None:
        chosen = (await services.stores.servers.of(guild_id)).default_level
    return chosen or services.settings.answers.default_level
