from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import simcord.interactions
from sqlalchemy.exc import OperationalError

from bot.language import FALLBACK, NAMES, speak
from bot.reindex_report import report_text
from bot.storage.server_settings import ServerSettings
from index.build import BuildReport
from index.changes import Changes
from index.generation import Counts
from tests.discord.conftest import HOME, World, labels, texts
from tests.discord.small_library import encoder, library_content, library_state, query_encoder  # noqa: F401

Locale = Callable[[str], None]


@pytest.fixture
def discord_speaks(monkeypatch: pytest.MonkeyPatch) -> Locale:
    """Set the language of everyone's Discord; the simulation knows only American English."""
    made = simcord.interactions.base_payload

    def set_locale(locale: str) -> None:
        def with_locale(*args: Any, **options: Any) -> Any:
            record, payload = made(*args, **options)
            payload["locale"] = locale
            return record, payload

        monkeypatch.setattr(simcord.interactions, "base_payload", with_locale)

    return set_locale


async def test_the_bot_speaks_the_language_of_the_members_discord(world: World, discord_speaks: Locale) -> None:
    discord_speaks("de")
    answer = await world.member.slash(world.channel, "topics", topic="RLHF")
    said = texts(answer.response)
    assert "\n-# Weiterführend" in said
    assert "Diese Seite gibt es noch nicht in deiner Sprache; hier ist sie auf: English." in said
    assert {"Einfacher", "Tiefer"} <= set(labels(answer.response))
    assert "Frag mich zur KI-Sicherheit" in texts((await world.member.slash(world.channel, "help")).response)
    discord_speaks("es-419")
    assert "Pregúntame" in texts((await world.member.slash(world.channel, "help")).response)
    discord_speaks("ja")
    assert "Ask me about" in texts((await world.member.slash(world.channel, "help")).response)


async def test_pages_come_in_the_members_language_where_the_library_has_them(
    world: World, discord_speaks: Locale
) -> None:
    discord_speaks("de")
    answer = await world.member.slash(world.channel, "topics", topic="korrigierbare KI")
    said = texts(answer.response)
    assert "## Korrigierbarkeit\n-# Weiterführend" in said
    assert "noch nicht in deiner Sprache" not in said
    simpler = await world.member.click(answer.response, label="Einfacher")
    assert "## Korrigierbarkeit\n-# Grundlagen" in texts(simpler.response)
    offered = await world.member.autocomplete(world.channel, "topics", "topic", "corrigib")
    assert offered[0]["name"] == "Korrigierbarkeit"
    discord_speaks("en-US")
    english = await world.member.slash(world.channel, "topics", topic="corrigibility")
    assert "## Corrigibility" in texts(english.response)


async def test_a_chosen_language_wins_everywhere_and_outlives_a_restart(world: World, discord_speaks: Locale) -> None:
    chosen = await world.member.slash(world.channel, "language", language="es")
    assert chosen.ephemeral
    assert "Hablo **Español** contigo. Tú elegiste este idioma." in chosen.response.content  # type: ignore[union-attr]
    await world.restart()
    discord_speaks("de")
    shown = await world.member.slash(world.channel, "path", topic="goal-misgeneralization")
    assert "Ruta hacia" in texts(shown.response)
    marked = await world.member.click(shown.response, label="Marcar como entendido")
    assert "· entendido" in texts(marked.response)
    await world.member.user.send_dm("corrigibility")
    said = texts(world.member.user.dm_channel.last_message)
    assert "Preguntaste: corrigibility" in said or "La biblioteca no trata esto" in said
    other = await world.moderator.slash(world.channel, "language")
    assert "Ich spreche **Deutsch** mit dir." in other.response.content  # type: ignore[union-attr]
    back = await world.member.slash(world.channel, "language", language="discord")
    assert "Ich spreche **Deutsch** mit dir. Ich richte mich" in back.response.content  # type: ignore[union-attr]


async def test_a_question_is_read_back_from_an_answer_in_any_language(world: World, discord_speaks: Locale) -> None:
    discord_speaks("de")
    answer = await world.member.slash(world.channel, "ask", question="corrigibility: what?")
    assert "-# Du hast gefragt: corrigibility\\: what?" in texts(answer.response)
    pressed = await world.member.click(answer.response, label=labels(answer.response)[0])
    assert "-# Du hast gefragt: corrigibility\\: what?" in texts(pressed.response)
    discord_speaks("en-US")
    copy = await world.moderator.click(pressed.response, label=labels(pressed.response)[0])
    assert "-# You asked: corrigibility\\: what?" in texts(copy.response)


async def test_an_answer_that_anyone_may_press_keeps_its_language_for_everyone(
    world: World, discord_speaks: Locale
) -> None:
    await world.bot.services.stores.servers.put(HOME, ServerSettings(anyone_may_press=True))
    discord_speaks("en-US")
    answer = (await world.member.slash(world.channel, "ask", question="corrigibility")).response
    discord_speaks("de")
    before = texts(answer)
    label = next(label for label in labels(answer) if label in {"Simpler", "Deeper"})
    await world.moderator.click(answer, label=label)
    assert texts(answer) != before
    assert "## Corrigibility" in texts(answer)
    assert "-# You asked: corrigibility" in texts(answer)
    assert "Was this right?" in labels(answer)
    why = await world.moderator.click(answer, label="Related")
    assert "Back to the answer" in labels(answer)
    assert not why.followups
    await world.bot.services.stores.servers.put(HOME, ServerSettings())
    copy = await world.moderator.click(answer, label="Back to the answer")
    assert copy.ephemeral
    assert "## Korrigierbarkeit" in texts(copy.response), "a copy of one's own is in one's own language"


async def test_reports_for_moderators_come_in_their_language(world: World, discord_speaks: Locale) -> None:
    discord_speaks("de")
    status = texts((await world.moderator.slash(world.channel, "status")).response).replace("\\", "")
    assert "**Schwelle**: 0.50; darunter sage ich" in status
    assert "**Links**: nie geprüft" in status
    await world.member.slash(world.channel, "topics", topic="corrigibility")
    discord_speaks("es-419")
    stats = texts((await world.moderator.slash(world.channel, "stats")).response)
    assert "**1 respuesta**" in stats
    assert "por `/temas` 1" in stats
    report = BuildReport(
        "g",
        None,
        True,
        Counts(concepts=1, pages=1, passages=1, references=1, sentences=1),
        Changes(2, 1, 0, 9, (), (), ()),
        3,
        1.0,
        (),
    )
    speak("es")
    said = report_text(report, serving=True)
    speak(FALLBACK)
    assert said.startswith("**Ahora respondo con la biblioteca nueva.**\nPasajes: 2 añadidos, 1 cambiado.")
    await world.bot.services.stores.history.note("dry run", None, {"by": "the command line", "passages": {"added": 2}})
    history = texts((await world.moderator.slash(world.channel, "history")).response)
    assert "**prueba** por la línea de comandos: 2 añadidos" in history


async def test_a_servers_language_holds_for_members_who_chose_none(world: World, discord_speaks: Locale) -> None:
    discord_speaks("en-US")
    await world.bot.services.stores.servers.put(HOME, ServerSettings(default_language="de"))
    shown = await world.member.slash(world.channel, "privacy")
    assert "Was ich über dich aufbewahre" in texts(shown.response)
    await world.member.slash(world.channel, "language", language="en")
    shown = await world.member.slash(world.channel, "privacy")
    assert "What I keep about you" in texts(shown.response)


async def test_a_database_that_fails_costs_the_choice_not_the_answer(
    world: World, discord_speaks: Locale, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise OperationalError("select", {}, Exception("disk full"))

    monkeypatch.setattr(type(world.bot.services.stores.preferences), "language", fails)
    discord_speaks("de")
    shown = await world.member.slash(world.channel, "help")
    assert "Frag mich zur KI-Sicherheit" in texts(shown.response)


async def test_commands_are_published_by_their_names_in_every_language(world: World) -> None:
    published = next(
        request.json
        for request in world.env.http_requests
        if request.method == "PUT" and request.path.endswith("/commands")
    )
    for locale in ("de", "es-ES", "es-419"):
        names = [command["name_localizations"][locale] for command in published]
        assert len(set(names)) == len(names)
        assert names != [command["name"] for command in published]
        for command in published:
            options = command.get("options") or []
            described = [command, *options] if command.get("type", 1) == 1 else []
            for item in described:
                name = item["name_localizations"][locale]
                assert re.fullmatch(r"[-_'\w]{1,32}", name)
                assert name == name.lower()
                assert 1 <= len(item["description_localizations"][locale]) <= 100
            for choice in (choice for option in options for choice in option.get("choices") or []):
                if choice["name"] not in NAMES.values():
                    assert 1 <= len(choice["name_localizations"][locale]) <= 100
            assert len({item["name_localizations"][locale] for item in options}) == len(options)
        assert {"fragen", "preguntar"} & set(names)


async def test_what_is_pressed_under_an_answer_speaks_the_members_language(
    world: World, discord_speaks: Locale
) -> None:
    discord_speaks("de")
    answer = await world.member.slash(world.channel, "topics", topic="RLHF")
    related = await world.member.click(answer.response, label="Verwandtes")
    assert "-# Verwandtes" in texts(related.response)
    answer = await world.member.click(related.response, label="Zurück zur Antwort")
    panel = await world.member.click(answer.response, label="War das richtig?")
    assert {"Ja", "Zu schwer", "Warum diese Antwort?", "Als meine Stufe merken"} <= set(labels(panel.response))
    why = await world.member.click(panel.response, label="Warum diese Antwort?")
    assert "**Tiefe:** Weiterführend:" in texts(why.response)
    thanks = await world.member.click(panel.response, label="Zu schwer")
    assert "Ich habe „zu schwer“ notiert. Hier ist dieselbe Idee, einfacher:" in texts(thanks.response)
    assert "Grundlagen zeigen" in labels(thanks.response)


async def test_a_panel_for_moderators_stays_in_their_language_when_it_is_used(
    world: World, discord_speaks: Locale
) -> None:
    discord_speaks("es-ES")
    panel = await world.moderator.slash(world.channel, "settings")
    assert "Cómo me comporto en" in texts(panel.response)
    changed = await world.moderator.click(panel.response, label="Usar hilos")
    assert "Guardado. Cada cambio vale al instante." in texts(changed.response)
