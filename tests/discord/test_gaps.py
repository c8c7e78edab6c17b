from __future__ import annotations

from typing import Any

import discord
from simcord.actors import _component_interaction

from bot.answer import Topic
from bot.gap_clusters import Asked, Cluster, wordings
from bot.gap_report import DepthGap, GapReport, Standing
from bot.storage.gaps import GapKind
from bot.views.gaps_view import gaps_view, on_page, pages
from index.levels import Level
from index.page_reader import read_page
from tests.discord.conftest import World, labels, texts
from tests.discord.judge import COMPONENTS_V2, limit_problems, walk

REFUSED = "only moderators of this bot's home servers"
ELSEWHERE = (
    "green tea|bicycles, tyres and chains|football world cup|Roman emperors|piano lessons|volcanoes|"
    "tax returns|knitting wool socks|planting tomatoes|French grammar|cat food|the moon landing|chess openings"
).split("|")
SOCKS = ["how do I knit a wool sock?", "knit wool socks", "How do I knit a wool sock?"]


async def log_gaps(world: World) -> None:
    log = world.bot.services.stores.gaps
    for question in SOCKS:
        await log.note(GapKind.NOT_COVERED, question, Level.BASIC, "en")
    await log.note(GapKind.NOT_COVERED, "how long should @everyone steep **green** tea?", Level.ADVANCED, "de")
    await log.note(GapKind.NOT_COVERED, "what is corrigibility?", Level.BASIC, "en")
    for _ in range(12):
        await log.note(GapKind.DEPTH_MISSING, "and deeper?", Level.ADVANCED, "en", "corrigibility")


def stub_menu(message: Any) -> dict[str, Any]:
    return next(item for item in walk(message.components) if item.get("type") == 3)


def show_to_everyone(world: World, name: str) -> None:
    """Let the client show the command to everyone, as a server's owner can: protection is ours alone."""
    for command in world.env.backend.commands[None].values():
        if command["name"] == name:
            command["default_member_permissions"] = None


async def test_a_moderator_sees_gaps_in_groups_and_gets_a_stub_even_after_a_restart(world: World) -> None:
    await log_gaps(world)
    result = await world.moderator.slash(world.channel, "gaps")
    assert result.acknowledged
    assert result.ephemeral
    said = texts(result.response).replace("\\", "")
    assert "17 questions within 90 days" in said
    assert "**1. 3×** How do I knit a wool sock?\n-# also: knit wool socks\n-# mostly at Basic" in said
    assert "Advanced wanted on Corrigibility; it has its Advanced part now" in said
    assert "- **12×**" in said
    assert "**answered by now**: Corrigibility (Basic)" in said
    assert "Each group is a page to write, unless it says that one answers it by now." in said

    await world.restart()
    menu = stub_menu(result.response)
    offered = [option["label"] for option in menu["options"]]
    assert offered[0] == "3× How do I knit a wool sock?"
    assert not any("corrigibility" in label for label in offered), "what is answered by now is no page to write"
    await world.bot.services.stores.gaps.note(GapKind.NOT_COVERED, "a newer gap about kettles", Level.BASIC, "en")
    chosen = await world.moderator.select(result.response, [menu["options"][0]["value"]], custom_id=menu["custom_id"])
    assert chosen.acknowledged
    assert chosen.ephemeral
    assert "A page to write: `knit-wool-sock`" in chosen.response.content  # type: ignore[union-attr]
    assert "`# Basic` is empty -> write it" in chosen.response.content  # type: ignore[union-attr]
    page, questions = chosen.response.attachments  # type: ignore[union-attr]
    await answered_since(world, result.response, menu)
    assert (page.filename, questions.filename) == ("knit-wool-sock.md", "knit-wool-sock.yaml")
    data = await page.read()
    read = read_page(data, file="x.md", slug="knit-wool-sock", lang="en").page
    assert read is not None
    assert read.title == "Knit Wool Sock"
    assert set(read.related) <= world.bot.services.answers.generation.rows_of_concept.keys()
    assert b"How do I knit a wool sock?" in await questions.read()


async def answered_since(world: World, shown: Any, menu: dict[str, Any]) -> None:
    """Choose, in a list from before, what a page answers by now."""
    (gap,) = wordings([Asked("what is corrigibility?", Level.BASIC, "en")])
    stored = world.env.backend.get_message(shown.channel_id, shown.id)
    next(item for item in walk(stored.components) if item.get("type") == 3)["options"][0]["value"] = gap.key
    data = {"custom_id": menu["custom_id"], "component_type": 3, "values": [gap.key]}
    chosen = await _component_interaction(world.moderator, stored, data)
    assert "**Answered by now**: Corrigibility (Basic)." in chosen.response.content  # type: ignore[union-attr]


async def test_nobody_else_sees_them_not_even_through_a_message_of_someone_who_may(world: World) -> None:
    await log_gaps(world)
    show_to_everyone(world, "gaps")
    assert REFUSED in texts((await world.member.slash(world.channel, "gaps")).response)

    guild = world.env.create_guild("Elsewhere")
    channel = guild.create_text_channel("talk")
    role = guild.create_role("Admins", permissions=discord.Permissions(administrator=True))
    stranger = guild.add_member(world.env.create_user("stranger"), roles=[role])
    assert REFUSED in texts((await stranger.slash(channel, "gaps")).response)

    shown = (await world.moderator.slash(world.channel, "gaps")).response
    stored = world.env.backend.get_message(shown.channel_id, shown.id)  # type: ignore[union-attr]
    menu = stub_menu(shown)
    data = {"custom_id": menu["custom_id"], "component_type": 3, "values": [menu["options"][0]["value"]]}
    forged = await _component_interaction(world.member, stored, data)
    assert REFUSED in texts(forged.response)
    assert not forged.response.attachments  # type: ignore[union-attr]

    world.bot.owner_id = world.member.id
    assert "17 questions" in texts((await world.member.slash(world.channel, "gaps")).response)


async def test_many_gaps_have_pages_and_nothing_in_them_breaks_a_limit(world: World) -> None:
    log = world.bot.services.stores.gaps
    for subject in ELSEWHERE:
        await log.note(GapKind.NOT_COVERED, f"{subject} " * 20 + "<@1> @everyone ||_*`~|", Level.BASIC, "en")
    result = await world.moderator.slash(world.channel, "gaps")
    page = result.response
    seen = [texts(page)]
    while more := [label for label in labels(page) if label.startswith("More")]:
        pressed = await world.moderator.click(page, label=more[0])  # type: ignore[arg-type]
        assert pressed.acknowledged
        assert texts(page) not in seen
        seen.append(texts(page))
    assert len(seen) >= 2
    for _ in seen[1:]:
        await world.moderator.click(page, label="Back")  # type: ignore[arg-type]
    assert texts(page) == seen[0]


async def test_no_gap_a_gone_gap_and_no_library_are_said_so(world: World) -> None:
    empty = await world.moderator.slash(world.channel, "gaps")
    assert "every question of the last 90 days has found its page" in texts(empty.response)
    await log_gaps(world)
    shown = (await world.moderator.slash(world.channel, "gaps")).response
    menu = stub_menu(shown)
    async with world.bot.services.database.sessions.begin() as session:
        from sqlalchemy import delete

        from bot.storage.tables import Gap

        await session.execute(delete(Gap))
    gone = await world.moderator.select(shown, [menu["options"][0]["value"]], custom_id=menu["custom_id"])  # type: ignore[arg-type]
    assert "not in the log any more" in texts(gone.response)

    state = world.settings.state.path
    (state / "current").unlink()
    for folder in (state / "generations").iterdir():
        (folder / "seal").write_text("damaged")
    await world.restart()
    unready = await world.moderator.slash(world.channel, "gaps")
    assert "still reading the library" in texts(unready.response)
    status = await world.moderator.slash(world.channel, "status")
    assert "none yet; it is being read" in texts(status.response).replace("\\", "")
    assert "cannot answer yet" in texts((await world.member.slash(world.channel, "status")).response)


def test_any_report_fits_a_message_and_says_when_the_log_is_off() -> None:
    hostile = [Asked(f"{number} " + "*_`[" * 120, Level.BASIC, "en") for number in range(60)]
    gaps = tuple(Cluster((item, item, item)) for item in wordings(hostile))
    depths = tuple(DepthGap("x", "[*_`" * 30, Level.ADVANCED, 9_999, "it has no Advanced part") for _ in range(20))
    report = GapReport(100_000, gaps, depths)
    near = Standing(None, (Topic("x", "@everyone *_`[" * 20),) * 3)
    for page in range(pages(report)):
        shown = [near] * len(on_page(report, page))
        components = gaps_view(report, shown, page, log_is_on=False).to_components()
        assert limit_problems("/messages", {"components": components, "flags": COMPONENTS_V2}) == []
        assert "The log is off" in str(components)
