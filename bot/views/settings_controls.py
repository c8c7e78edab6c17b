"""What happens when a moderator presses or chooses something in the panel of `/settings`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from pydantic import ValidationError

from bot.answer_service import NotReadyError
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.permissions import manages, moderates
from bot.storage.server_settings import ServerSettings
from bot.tell import tell
from bot.views.kind_item import KindItem, chosen
from bot.views.settings_panel import (
    DEFAULT,
    MAX_CHOSEN,
    PATTERN,
    RESET,
    SWITCH_FIELDS,
    Control,
    settings_panel,
)

if TYPE_CHECKING:
    from bot.client import FathomBot

NOT_A_MODERATOR = gettext_noop(
    "Only members with Manage Server, or with a role that such a member named in `/settings`, "
    "can change how I behave here."
)
NOT_IN_A_SERVER = gettext_noop("Settings belong to a server of which I am a member; please use this there.")
_ANOTHER_SERVER = gettext_noop("This panel belongs to another server. `/settings` opens the one of this server.")
_NOT_YOUR_ROLES = gettext_noop("Only members with Manage Server can choose who else is a moderator.")
_UNKNOWN = gettext_noop("I do not know this choice any more. `/settings` opens a new panel.")
_EVERYONE = gettext_noop("@\u200beveryone cannot be a moderator: then nobody would be. Nothing was changed.")


class SettingsControl(KindItem, template=PATTERN):
    """Any control of any panel, from before a restart or after it."""

    def __init__(self, control: Control | None, item: ui.Item[Any]) -> None:
        """Take over a control of a message; None for an id that this bot never wrote."""
        super().__init__(item)
        self._control = control

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> SettingsControl:
        """Make the item for a control that was used."""
        return cls(Control.parse(match.string), item)

    async def act(self, interaction: discord.Interaction[Any]) -> None:
        """Change what the control stands for, and show the panel as it is now."""
        await interaction.response.defer()
        refusal = await self._refusal(interaction)
        if refusal is not None:
            await tell(interaction, _(refusal))
            return
        control, guild_id = self._control, interaction.guild_id
        if control is None or guild_id is None:
            return
        client: FathomBot = interaction.client
        store = client.services.stores.servers
        values = _values(control, chosen(interaction), interaction.guild)
        try:
            if values is None:
                raise ValueError(control.field)
            await store.change(guild_id, **values)
        except (ValidationError, ValueError):
            await tell(interaction, _(_UNKNOWN))
            return
        await show_panel(interaction, note=_("Remembered. Every change counts at once."))

    async def _refusal(self, interaction: discord.Interaction[Any]) -> str | None:
        """Return why whoever acts may not do this, or None if they may."""
        if self._control is None:
            return _UNKNOWN
        if interaction.guild_id is None or interaction.guild is None:
            return NOT_IN_A_SERVER
        if self._control.guild != interaction.guild_id:
            return _ANOTHER_SERVER
        if not await moderates(interaction):
            return NOT_A_MODERATOR
        if self._control.field == "moderator_roles":
            if not await manages(interaction):
                return _NOT_YOUR_ROLES
            if str(interaction.guild_id) in chosen(interaction):
                return _EVERYONE
        return None


async def show_panel(interaction: discord.Interaction[Any], *, note: str = "") -> None:
    """Show the settings of the server in the message that an interaction is about."""
    guild = interaction.guild
    if guild is None:
        return
    client: FathomBot = interaction.client
    services = client.services
    try:
        languages = services.answers.generation.languages
    except NotReadyError:
        languages = frozenset()
    view = settings_panel(
        guild,
        await services.stores.servers.of(guild.id),
        default_level=services.settings.answers.default_level,
        languages=languages,
        may_name_moderators=await manages(interaction),
        at_home=guild.id in services.settings.discord.home_guilds,
        note=note,
    )
    await interaction.edit_original_response(view=view, allowed_mentions=discord.AllowedMentions.none())


def _values(control: Control, picked: tuple[str, ...], guild: discord.Guild | None) -> dict[str, Any] | None:
    """Return the settings that a control sets; None for a control or a choice that does not exist (any more)."""
    if control.field == RESET:
        defaults = ServerSettings().model_dump()
        return {name: value for name, value in defaults.items() if name != "moderator_roles"}
    if control.field in SWITCH_FIELDS and control.value:
        return {control.field: control.value == "on"}
    if control.field in {"default_level", "default_language"} and len(picked) == 1:
        return {control.field: None if picked[0] == DEFAULT else picked[0]}
    if control.field in {"channels", "moderator_roles"} and guild is not None:
        exists = guild.get_channel if control.field == "channels" else guild.get_role
        numbers = [int(number) for number in picked if number.isdecimal()]
        return {control.field: tuple(number for number in numbers if exists(number))[:MAX_CHOSEN]}
    return None
