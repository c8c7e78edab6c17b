"""Ids of buttons and menus forged by a client: every press is acknowledged, and gives nobody what is not theirs.

discord.py finds the control in the message that Discord sends with a press, makes the item, and calls it. Here the
last two steps are done as it does them, so that an exception shows instead of being logged.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, ClassVar

import discord
from discord import ui

from bot.answer_service import AnswerService
from bot.client import COGS  # noqa: F401  # loading the cogs loads every control
from bot.config import DiscordSettings, LimitSettings, Settings, StateSettings
from bot.limits import Limits
from bot.rebuild import Rebuilder
from bot.services import Services
from bot.storage.database import open_database
from bot.storage.gaps import GapKind
from bot.storage.server_settings import ServerSettings
from bot.storage.stores import Stores
from bot.views.custom_ids import MAX_LENGTH, Action
from index.levels import Level
from tests.discord.judge import limit_problems
from tests.fuzz.mutation import mutate
from tests.fuzz.questions import light_state
from tests.fuzz.target import Target, promise
from tests.support.light_encoder import LightEncoder

HOME, OTHER = 1_100_000_000_000_000_000, 1_200_000_000_000_000_000
MEMBER, VICTIM = 7, 8
_GAP = "a question that only moderators of the home server may read"
_NUMBERS = ("0", "1", "7", "9999", "٣", "²", "99999999999999999999", "-1", "", str(HOME), str(OTHER), "0x1", "1" * 30)
_KEYS = (
    "kettle-drift",
    "spoon-bias",
    "~",
    "~0123456789abcdef",
    "x",
    "a" * 44,
    "..",
    "KETTLE",
    "kettle-drift\n",
    "test",
)
_FIELDS = ("reset", "channels", "threads:on", "moderator_roles", "default_level", "x")
_WORDS = tuple(
    word.encode()
    for word in (
        *_NUMBERS,
        *_KEYS,
        "fathom:",
        ":",
        "+",
        "-",
        "\n",
        "\0",
        "page",
        "delete",
        "ask",
        "on",
        "off",
        "\u202e",
    )
)


def controls() -> list[type[ui.DynamicItem[Any]]]:
    """Return every control whose id a client could forge, as the bot registers them."""
    found: list[type[ui.DynamicItem[Any]]] = []
    waiting = list(ui.DynamicItem.__subclasses__())
    while waiting:
        kind = waiting.pop(0)
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("bot.") and kind.__name__ != "KindItem":
            found.append(kind)
    return sorted(found, key=lambda kind: kind.__name__)


class Press:
    """What discord.py hands to a control, as far as controls look at it; it notes what is done with it."""

    def __init__(self, services: Services, guild_id: int, data: dict[str, Any], *, moderator: bool) -> None:
        self.guild_id, self.channel_id, self.channel, self.message = guild_id, 5, None, None
        self.user = SimpleNamespace(id=MEMBER)
        self.guild = SimpleNamespace(
            id=guild_id, name="A server", get_channel=lambda _: None, get_role=lambda _: None, default_role=None
        )
        known = {HOME, OTHER}
        self.client = SimpleNamespace(
            services=services, is_owner=_no, get_guild=lambda number: self.guild if number in known else None
        )
        self.locale = discord.Locale.american_english
        self.permissions = discord.Permissions(manage_guild=moderator)
        self.app_permissions = discord.Permissions.none()
        self.data = data
        self.response, self.followup = self, self
        self.acknowledged = 0
        self.said: list[str] = []

    def is_done(self) -> bool:
        return self.acknowledged > 0

    async def defer(self, **_: Any) -> None:
        self.acknowledged += 1

    async def send_message(self, content: str = "", **options: Any) -> None:
        self.acknowledged += 1
        self._note(content, **options)

    async def send(self, content: str = "", **options: Any) -> None:
        self._note(content, **options)

    async def edit_original_response(self, **options: Any) -> None:
        promise(self.acknowledged, "an answer before the acknowledgement")
        self._note(options.pop("content", None) or "", **options)

    def _note(self, content: str, *, view: ui.LayoutView | None = None, **_: Any) -> None:
        components = view.to_components() if view is not None else []
        body = {"components": components, "flags": 1 << 15} if view is not None else {"content": content}
        problems = limit_problems("/channels/1/messages", body)
        promise(not problems, f"Discord would refuse this: {problems}")
        self.said.append(json.dumps(body, ensure_ascii=False))


class CustomIds(Target):
    """A member without rights here or anywhere, or a moderator of another server, presses something forged."""

    name: ClassVar[str] = "custom_ids"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._loop = asyncio.new_event_loop()
        self._controls = controls()
        self._services = self._loop.run_until_complete(self._wire(light_state(folder)))
        self._looking = sqlite3.connect(self.folder / "fuzz.sqlite")
        self._before = self._state()

    async def _wire(self, state: Path) -> Services:
        database = await open_database(f"sqlite+aiosqlite:///{self.folder / 'fuzz.sqlite'}")
        settings = Settings(state=StateSettings(path=state), discord=DiscordSettings(home_guilds=(HOME,)))
        answers = AnswerService(state, lambda _: LightEncoder(), threshold=0.3)
        await answers.reload()
        stores = Stores.over(database.sessions)
        await stores.servers.put(HOME, ServerSettings(default_level=Level.ADVANCED))
        await stores.preferences.set_level(VICTIM, Level.BASIC)
        await stores.learning.mark(VICTIM, "kettle-drift")
        await stores.gaps.note(GapKind.NOT_COVERED, _GAP, Level.BASIC, "en")
        limits = Limits(LimitSettings(presses_per_member=0, per_member=0, per_channel=0))
        return Services(settings, answers, Rebuilder(settings), database, stores, limits)

    def _state(self) -> list[Any]:
        """Return all rows that whoever presses must not be able to change."""
        theirs = (
            "SELECT settings FROM servers WHERE guild_id = :home",
            "SELECT * FROM preferences WHERE user_id != :member",
            "SELECT * FROM understood WHERE user_id != :member",
            "SELECT * FROM gaps WHERE question LIKE 'a question that only%'",
            "SELECT * FROM deeds",
        )
        return [self._looking.execute(query, {"home": HOME, "member": MEMBER}).fetchall() for query in theirs]

    def make(self, random: Random) -> bytes:
        custom_id = _forged(random)
        if random.random() < 0.7:
            custom_id = mutate(random, custom_id, (custom_id, _forged(random)), _WORDS)
        return json.dumps(
            {
                "id": custom_id[: random.choice((100, 100, 4000))].decode("utf-8", "replace"),
                "values": [
                    random.choice((*_KEYS, *_NUMBERS, "default", "basic", "zz"))
                    for _ in range(random.choice((0, 1, 1, 3, 25)))
                ],
                "menu": random.random() < 0.4,
                "moderator of another server": random.random() < 0.3,
            }
        ).encode()

    def check(self, data: bytes) -> str:
        try:
            forged = json.loads(data)
            custom_id, values = str(forged["id"]), [str(value) for value in forged["values"]]
        except (ValueError, TypeError, KeyError):
            return "no press"
        if len(custom_id) > MAX_LENGTH:
            return "no press"
        moderator = bool(forged.get("moderator of another server"))
        return self._loop.run_until_complete(
            self._press(custom_id, values, menu=bool(forged.get("menu")), moderator=moderator)
        )

    async def _press(self, custom_id: str, values: list[str], *, menu: bool, moderator: bool) -> str:
        outcome = "not ours"
        for kind in self._controls:
            match = kind.__discord_ui_compiled_template__.fullmatch(custom_id)
            if match is None:
                continue
            data = {"custom_id": custom_id, "component_type": 3 if menu else 2, "values": values}
            press: Any = Press(self._services, OTHER if moderator else HOME, data, moderator=moderator)
            base: Any = ui.Select(custom_id=custom_id) if menu else ui.Button(custom_id=custom_id)
            item = await kind.from_custom_id(press, base, match)
            item._refresh_state(press, data)  # type: ignore[arg-type]  # noqa: SLF001  # as discord.py does
            if await item.interaction_check(press):
                await item.callback(press)
            promise(press.acknowledged == 1, f"acknowledged {press.acknowledged} times")
            promise(_GAP not in "".join(press.said), "what people asked was shown to somebody else")
            outcome = f"{kind.__name__} {'answered' if press.said else 'let go'}"
        if outcome != "not ours":
            promise(self._state() == self._before, "somebody else's state was changed")
        return outcome

    def close(self) -> None:
        self._looking.close()
        self._services.answers.close()
        self._loop.run_until_complete(self._services.database.close())
        self._loop.close()


def _forged(random: Random) -> bytes:
    """Return an id as the bot writes them, of parts that do not belong together."""
    key, other, number, small = (random.choice(items) for items in (_KEYS, _KEYS, _NUMBERS, _NUMBERS))
    level, action = random.choice(("basic", "advanced", "none")), random.choice([*Action, "nothing"])
    end = random.choice(("", "+-e", "+0a1b2ce1", "+-z", f"+-p{small}", f":{other}", f":{other}+-p2"))
    made = random.choice(
        (
            f"fathom:1:{action}:{level}:{random.choice(('en', 'zz'))}:{number}:{key}{end}",
            f"fathom:1:{action}:basic:en:{random.choice(('0', '7', '8'))}:kettle-drift{end}",
            f"fathom:settings:{random.choice((HOME, OTHER, number))}:{random.choice(_FIELDS)}",
            f"fathom:gaps:page:{small}:{random.choice(('back', 'more'))}",
            f"fathom:gaps:stub:{small}",
            f"fathom:topics:{random.choice((small, f'group:{key}:{small}', f'read:{key}', 'group', 'topic'))}",
            f"fathom:path:{random.choice(('read', 'know', 'over', 'show'))}:{key}{random.choice(('', f':{other}'))}",
            f"fathom:pathmarks:{key}",
            f"fathom:privacy:{random.choice(('ask', 'delete', f'page:{small}'))}",
        )
    )
    return made.encode()


async def _no(_user: object) -> bool:
    return False
