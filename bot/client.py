"""The Discord bot: what it listens to, what it loads, how it starts and stops."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.apology import apologise
from bot.cogs.ask import AskCog
from bot.cogs.gaps import GapsCog
from bot.cogs.help import HelpCog
from bot.cogs.history import HistoryCog
from bot.cogs.language import LanguageCog
from bot.cogs.levels import LevelCog
from bot.cogs.message_menus import MessageMenusCog
from bot.cogs.path import PathCog
from bot.cogs.privacy import PrivacyCog
from bot.cogs.reindex import ReindexCog
from bot.cogs.retention import RetentionCog
from bot.cogs.rollback import RollbackCog
from bot.cogs.settings import SettingsCog
from bot.cogs.stats import StatsCog
from bot.cogs.status import StatusCog
from bot.cogs.topics import TopicsCog
from bot.cogs.why import WhyCog
from bot.language import load_texts
from bot.limited import LimitedTree
from bot.services import Services
from bot.sessions import SessionPace
from bot.speaking import CatalogueTranslator
from bot.views.answer_buttons import AnswerButton
from bot.views.gaps_controls import GapsPage, GapsStub
from bot.views.settings_controls import SettingsControl

_log = logging.getLogger(__name__)
COGS: tuple[type[commands.Cog], ...] = (
    AskCog,
    MessageMenusCog,
    WhyCog,
    LevelCog,
    LanguageCog,
    TopicsCog,
    PathCog,
    PrivacyCog,
    HelpCog,
    ReindexCog,
    RollbackCog,
    HistoryCog,
    SettingsCog,
    GapsCog,
    StatsCog,
    StatusCog,
    RetentionCog,
)


def intents() -> discord.Intents:
    """Return the intents the bot asks for: servers and messages, without the privileged message content.

    Messages that mention the bot, its own, and direct messages arrive with their content all the same.
    """
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    return wanted


class FathomBot(commands.AutoShardedBot):
    """The bot. Mentions never ping, whoever wrote the text."""

    def __init__(self, services: Services, *, publish_always: bool = False, **options: Any) -> None:
        """Wire the bot; nothing is loaded or connected before it starts.

        Args:
            services: what the cogs work with.
            publish_always: publish the commands at every start, even when they have not changed.
            options: passed on to discord.py.
        """
        super().__init__(
            command_prefix=commands.when_mentioned,
            tree_cls=LimitedTree,
            help_command=None,
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            **options,
        )
        self.services = services
        self._publish_always = publish_always
        # Alone, a process knows of every session that the bot starts.
        self._pace = SessionPace(services.database.peers.identify_turn if self.shard_ids else None)
        self.tree.on_error = self._on_command_error  # type: ignore[method-assign]  # as discord.py documents

    async def setup_hook(self) -> None:
        """Load what answers, register what members press, and publish the commands if they changed."""
        services = self.services
        self.add_dynamic_items(AnswerButton, SettingsControl, GapsPage, GapsStub)
        await asyncio.to_thread(load_texts)
        await self.tree.set_translator(CatalogueTranslator())
        for cog in COGS:
            await self.add_cog(cog(self, services))
        if not services.answers.ready:
            await services.answers.reload()
        if not self.shard_ids or 0 in self.shard_ids:
            # Of several processes one publishes for all.
            await self._sync_if_changed(services.settings.state.path / "commands.sha256")

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs; there are no commands with a prefix."""

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect, within the limits that Discord sets for starting sessions."""
        await self._pace.prepare(self)
        await super().connect(reconnect=reconnect)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002  # discord.py's signature
        """Wait for a shard's turn."""
        await self._pace.wait(shard_id or 0)

    async def close(self) -> None:
        """Disconnect, let running answers end, and close the database."""
        try:
            await super().close()
        finally:
            self.services.answers.close()
            await self.services.database.close()

    async def _sync_if_changed(self, remembered: Path) -> None:
        translator = self.tree.translator
        payload = [
            await command.get_translated_payload(self.tree, translator) if translator else command.to_dict(self.tree)
            for command in self.tree.get_commands()
        ]
        identity = f"{self.application_id}\n{json.dumps(payload, sort_keys=True)}"
        digest = hashlib.sha256(identity.encode()).hexdigest()
        if await asyncio.to_thread(_read, remembered) == digest and not self._publish_always:
            return
        try:
            synced = await self.tree.sync()
        except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
            # Members still have the commands of last time; the next start tries again.
            _log.warning("the commands could not be published: %s", error)
            return
        _log.info("published %d commands", len(synced))
        if not self._publish_always:
            await asyncio.to_thread(_remember, remembered, digest)

    async def _on_command_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        await apologise(interaction, error)


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None


def _remember(file: Path, digest: str) -> None:
    try:
        file.write_text(digest, encoding="ascii")
    except OSError as error:
        _log.warning("%s: cannot be written (%s); the commands are published at each start", file, error.strerror)
