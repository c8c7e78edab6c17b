"""Every command, menu and completion, a mention and a press, while the library is being rebuilt."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import bot.rebuild
from bot.config import Settings
from tests.discord.conftest import World, texts
from tests.discord.moderating.conftest import edit
from tests.support.waiting_child import GO

# What each command is given, and a word that it then says: simcord fails what is not acknowledged within three seconds.
COMMANDS: dict[str, tuple[dict[str, Any], str]] = {
    "ask": ({"question": "what is kettle drift?"}, "## Kettle Drift"),
    "why": ({}, "Why this answer"),
    "level": ({"level": "basic"}, "From now on you get **Basic**"),
    "language": ({}, "I speak **English** with you"),
    "topics": ({"topic": "spoon-bias"}, "## Spoon Bias"),
    "path": ({"topic": "spoon-bias"}, "Path to Spoon Bias"),
    "privacy": ({}, "What I keep about you"),
    "help": ({}, "Ask me about AI safety"),
    "status": ({}, "A newer library is being read just now"),
    "settings": ({}, "How I behave in Home"),
    "gaps": ({}, "What people asked in vain"),
    "stats": ({}, "How I was used"),
    "history": ({}, "Nothing has been done to the library yet"),
    "reindex": ({}, "being rebuilt already"),
    "rollback": ({}, "being rebuilt. Please wait"),
}
MENUS = {"Explain this": "## Cup Collapse", "Explain the terms here": "Cup Collapse"}
SLASH, MESSAGE = 1, 3


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(bot.rebuild, "CHILD", "tests.support.waiting_child")
    return settings


async def test_everything_is_answered_while_a_rebuild_runs(world: World, settings: Settings) -> None:
    published = [*world.env.backend.commands[None].values()]
    assert {item["name"] for item in published if item.get("type", SLASH) == SLASH} == set(COMMANDS), "none is left out"
    assert {item["name"] for item in published if item.get("type") == MESSAGE} == set(MENUS)

    edit(settings, "kettle-drift", "optimises steam", "optimises whistling")
    world.rebuilds_wait_outside = True
    assert (await world.moderator.slash(world.channel, "reindex")).acknowledged
    progress = world.channel.last_message
    assert progress is not None
    for name, (options, said) in COMMANDS.items():
        result = await world.moderator.slash(world.channel, name, **options)
        assert result.acknowledged, name
        heard = [texts(message) for message in (result.response, *result.followups) if message is not None]
        assert said in "\n".join(heard), name
    for command in published:
        for option in command.get("options") or []:
            if option.get("autocomplete"):
                offered = await world.moderator.autocomplete(world.channel, command["name"], option["name"], "")
                assert len(offered) >= (0 if command["name"] == "rollback" else 3)
    asked = await world.member.send(world.channel, "cup collapse")
    for name, said in MENUS.items():
        result = await world.member.context_menu(world.channel, name, asked)
        assert said in texts(result.response), name
    await world.member.send_dm("spoon bias")
    answer = world.member.user.dm_channel.last_message
    assert "## Spoon Bias" in texts(answer)
    await world.member.user.click(answer, label="Deeper")
    assert "-# Advanced" in texts(world.member.user.dm_channel.last_message)
    assert world.bot.services.rebuilder.running, "all of this while it ran"

    (settings.state.path / GO).touch()
    async with asyncio.timeout(120):
        while world.bot.services.rebuilder.running or "is being served" not in texts(progress):
            await asyncio.sleep(0.05)
            await world.env.settle()
            progress = next(message for message in world.channel.history() if message.id == progress.id)
    deeper = await world.member.slash(world.channel, "ask", question="what is kettle drift?", level="intermediate")
    assert "whistling" in texts(deeper.response)
