"""The real bot in a simulated Discord, over the shipped library; every request it sends is judged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
import pytest_asyncio
import simcord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle

from bot.answer_service import AnswerService
from bot.client import FathomBot
from bot.config import DiscordSettings, KnowledgeSettings, LimitSettings, Settings, StateSettings
from bot.limits import Limits
from bot.rebuild import Rebuilder
from bot.services import Services
from bot.storage.database import open_database, sqlite_url
from bot.storage.stores import Stores
from index.embedding import Encoder
from tests.conftest import SHARED, copy_index
from tests.discord.judge import ApiDescription, label_problems, limit_problems, walk

HOME = 1_100_000_000_000_000_000


@pytest.fixture(scope="session")
def api() -> ApiDescription | None:
    """Discord's own description, where it is on this machine."""
    return ApiDescription(Path(SHARED) / "discord" / "openapi.json") if SHARED else None


@dataclass
class World:
    """A home server with a member and a moderator, and the bot in it."""

    env: simcord.Env
    settings: Settings
    query_encoder: Encoder
    guild: GuildHandle
    channel: ChannelHandle
    member: MemberActor
    moderator: MemberActor
    rebuilds_wait_outside: bool = False

    @property
    def bot(self) -> FathomBot:
        assert isinstance(self.env.bot, FathomBot)
        return self.env.bot

    async def make_bot(self) -> FathomBot:
        return await make_bot(self.settings, self.query_encoder, self.wait)

    async def wait(self, awaitable: Awaitable[Any]) -> Any:
        """Wait for the child process of a rebuild; the simulation goes on meanwhile if the test says so."""
        if self.rebuilds_wait_outside:
            return await self.env.external_wait(awaitable, reason="a rebuild in a child process")
        return await awaitable

    async def restart(self) -> None:
        """Stop the bot and start a new one over the same state, as an operator would."""
        await self.bot.services.database.close()
        await self.env.restart_bot(await self.make_bot())


async def make_bot(settings: Settings, query_encoder: Encoder, wait: Any) -> FathomBot:
    database = await open_database(sqlite_url(settings.state.path))
    services = Services(
        settings=settings,
        answers=AnswerService(
            settings.state.path,
            lambda _: query_encoder,
            threshold=settings.answers.threshold,
            longest_wait=settings.limits.longest_wait,
        ),
        rebuilder=Rebuilder(settings, wait=wait),
        database=database,
        stores=Stores.over(database.sessions),
        limits=Limits(settings.limits),
    )
    return FathomBot(services)


@pytest.fixture
def settings(library_state: Path, library_content: Path, tmp_path: Path) -> Settings:
    state = copy_index(library_state, tmp_path / "state")
    return Settings(
        knowledge=KnowledgeSettings(path=library_content),
        state=StateSettings(path=state),
        discord=DiscordSettings(home_guilds=(HOME,)),
        # Tests ask more in a minute than people do; tests/discord/test_limits.py sets limits of its own.
        limits=LimitSettings(per_member=0, per_channel=0, presses_per_member=0),
    )


class Waiting:
    """How a rebuild is waited for, once there is a world that knows."""

    world: World | None = None

    async def __call__(self, awaitable: Awaitable[Any]) -> Any:
        return await (self.world.wait(awaitable) if self.world is not None else awaitable)


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest_asyncio.fixture
async def env(
    settings: Settings, query_encoder: Encoder, waiting: Waiting, api: ApiDescription | None
) -> AsyncIterator[simcord.Env]:
    """The simulated Discord with the bot in it; at the end, every request that the bot sent is judged."""
    running = simcord.Env(await make_bot(settings, query_encoder, waiting), shard_count=1, settle_timeout=300)
    await running.start()
    yield running
    await running.shutdown()
    running.raise_errors()
    problems = judge(running, api)
    assert not problems, "\n".join(problems)


@pytest.fixture
def world(env: simcord.Env, settings: Settings, query_encoder: Encoder, waiting: Waiting) -> World:
    guild = env.create_guild("Home", id=HOME)
    moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    waiting.world = World(
        env=env,
        settings=settings,
        query_encoder=query_encoder,
        guild=guild,
        channel=guild.create_text_channel("ask"),
        member=guild.add_member(env.create_user("member")),
        moderator=guild.add_member(env.create_user("moderator"), roles=[moderators]),
    )
    return waiting.world


def judge(env: simcord.Env, api: ApiDescription | None) -> list[str]:
    """Return what is wrong with any request the bot has sent."""
    problems: list[str] = []
    for request in env.http_requests:
        body = request.json
        if body is None:
            continue
        path = request.path
        found = limit_problems(path, body) + label_problems(body)
        if api is not None:
            found += api.problems(request.method, path, body)
        problems += [f"{request.method} {path}: {problem}" for problem in found]
    return problems


def texts(message: Any) -> str:
    """Return all that a message says, whatever it is made of."""
    if isinstance(message, discord.Message):
        parts: list[str] = [message.content]
        stack: list[Any] = list(message.components)
        while stack:
            component = stack.pop(0)
            parts.append(getattr(component, "content", "") or "")
            stack = list(getattr(component, "children", None) or []) + stack
        return "\n".join(part for part in parts if part)
    components = list(walk(message.components))
    return "\n".join([message.content, *(item.get("content", "") for item in components)]).strip()


def labels(message: Any) -> list[str]:
    """Return the labels of a message's buttons that can be pressed."""
    raw = [item if isinstance(item, dict) else item.to_dict() for item in message.components]
    return [item["label"] for item in walk(raw) if item.get("type") == 2 and not item.get("disabled")]
