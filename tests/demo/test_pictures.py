"""Pictures of the bot at work, for the documentation: each scene as on a desktop and as on a phone.

They are taken only on demand. This renews those that docs/tour.md shows; with any other folder, all are taken:

    FATHOM_SCREENSHOTS=docs .venv/bin/python -m pytest tests/demo
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import simcord
from PIL import Image, ImageChops
from playwright.async_api import async_playwright
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.preview import Preview

from bot.client import FathomBot
from bot.config import Settings
from bot.demo import populate
from bot.storage.gaps import GapKind
from index.levels import Level
from tests.conftest import REPOSITORY
from tests.discord.conftest import Waiting, api, env, settings  # noqa: F401

CHROMIUM = shutil.which("chromium")
SCREENSHOTS = os.environ.get("FATHOM_SCREENSHOTS")
# Everything that a scene shows fits into this height, so that nothing is cut off.
HEIGHT = 2_400
WIDTHS = {"": 1_100, "-phone": 400}
KEPT = {"abstention", "level-advanced-phone", "comparison", "gaps", "path", "settings"}
MARGIN = 16
COLOURS = 64

pytestmark = [
    pytest.mark.skipif(not SCREENSHOTS, reason="FATHOM_SCREENSHOTS names no folder for the pictures"),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed on this machine"),
]


@pytest.fixture(scope="session")
def library_content(tmp_path_factory: pytest.TempPathFactory, library_content: Path) -> Path:
    """A library of its own, for a scene to change."""
    copy = tmp_path_factory.mktemp("pictures") / "knowledge"
    shutil.copytree(library_content, copy)
    return copy


NEWS = (
    "A corrigible assistant is like a good apprentice cook. It may think that the soup needs more salt, and it says "
    "so. But when the chef says stop, it puts the spoon down."
)


@dataclass
class Studio:
    """A reading group with the bot in it, and a camera."""

    bot: FathomBot
    channel: ChannelHandle
    member: MemberActor
    moderator: MemberActor
    preview: Preview
    folder: Path

    @property
    def only_kept(self) -> bool:
        return self.folder.resolve() == REPOSITORY / "docs"

    async def take(self, name: str, shown: Any, viewer: MemberActor | None = None) -> None:
        for suffix, width in WIDTHS.items():
            if f"{name}{suffix}" not in KEPT and self.only_kept:
                continue
            taken = await self.preview.screenshot(
                viewer=viewer or self.member, target=shown, viewport=(width, HEIGHT), layout="message"
            )
            assert taken.png
            write(taken.png, self.folder / f"{name}{suffix}.png")

    async def ask(self, question: str, level: str) -> Any:
        return await self.member.slash(self.channel, "ask", question=question, level=level)


def write(png: bytes, file: Path) -> None:
    """Write a picture without the empty space beside what it shows, in few colours, so that the file is small."""
    image = Image.open(BytesIO(png)).convert("RGB")
    empty = Image.new("RGB", image.size, image.getpixel((image.width - 1, 0)))
    box = ImageChops.difference(image, empty).getbbox()
    assert box, "the picture shows something"
    image = image.crop((0, 0, min(image.width, box[2] + MARGIN), image.height))
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


class WaitsOutside(Waiting):
    """The simulation does not wait for the child process of a rebuild, which may take long on a busy machine."""

    env: simcord.Env | None = None

    async def __call__(self, awaitable: Awaitable[Any]) -> Any:
        assert self.env is not None
        return await self.env.external_wait(awaitable, reason="a rebuild in a child process")


@pytest.fixture
def waiting() -> WaitsOutside:
    return WaitsOutside()


@pytest_asyncio.fixture
async def studio(env: simcord.Env, waiting: WaitsOutside) -> AsyncIterator[Studio]:  # noqa: F811
    waiting.env = env
    channel, (member, _, moderator) = await populate(env)
    assert SCREENSHOTS
    async with (
        async_playwright() as playwright,
        env.preview(channel, viewers=[member, moderator], layout="message") as preview,
    ):
        # The preview would start a browser that Playwright downloads; Debian's does as well.
        preview._capture_manager._browser = await playwright.chromium.launch(  # noqa: SLF001
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        assert isinstance(env.bot, FathomBot)
        yield Studio(env.bot, channel, member, moderator, preview, Path(SCREENSHOTS))


async def test_members(studio: Studio) -> None:
    for level in Level:
        answer = await studio.ask("why would an AI want more power than its task needs?", level.value)
        await studio.take(f"level-{level.value}", answer)
    comparison = await studio.ask("What is the difference between outer and inner misalignment?", "basic")
    await studio.take("comparison", comparison)
    nearly = "who are the people on the EU AI Office's scientific panel?"
    await studio.take("abstention", await studio.ask(nearly, "basic"))
    await studio.take("abstention-far", await studio.ask("how do I bake bread?", "basic"))
    await studio.take("topics", await studio.member.slash(studio.channel, "topics"))
    path = await studio.member.slash(studio.channel, "path", topic="deceptive-alignment")
    for _ in range(3):
        path = await studio.member.click(path.response, label="Mark as understood")
    await studio.take("path", path)


async def test_moderators(studio: Studio) -> None:
    await studio.take("settings", await studio.moderator.slash(studio.channel, "settings"), studio.moderator)
    log = studio.bot.services.stores.gaps
    for question in (
        "does chatgpt lie?",
        "does ChatGPT lie?",
        "does chatgpt ever lie to me",
        "which labs signed the Seoul commitments?",
        "did every lab sign the Seoul commitments",
        "who are the people on the EU AI Office's scientific panel?",
        "what is the halting problem?",
        "is there a good podcast to start with?",
    ):
        await log.note(GapKind.NOT_COVERED, question, Level.BASIC, "en")
    await studio.take("gaps", await studio.moderator.slash(studio.channel, "gaps"), studio.moderator)


async def test_a_rebuild(studio: Studio, settings: Settings) -> None:  # noqa: F811
    if studio.only_kept:
        pytest.skip("docs/tour.md shows no rebuild, which takes a minute")
    page = settings.knowledge.path / "en" / "corrigibility.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("# Intermediate\n", f"{NEWS}\n\n# Intermediate\n", 1), encoding="utf-8")
    report = await studio.moderator.slash(studio.channel, "reindex")
    while studio.bot.services.rebuilder.running:
        await asyncio.sleep(0.5)
    await studio.take("reindex", report, studio.moderator)
