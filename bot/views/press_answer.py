"""Buttons that show an answer in another way: deeper, simpler, as a whole, its sources, what is related."""

from __future__ import annotations

import time

from discord import ui

from bot.answer import Answer, Question
from bot.depth import depth_for
from bot.depth_choice import Choice
from bot.language import gettext as _
from bot.language import gettext_noop, speak, spoken
from bot.neighbours import neighbours
from bot.records import note_answer
from bot.views.answer_rows import Shown
from bot.views.answer_view import answer_view, sources_view
from bot.views.custom_ids import Action
from bot.views.press import GoneError, Press
from bot.views.related_view import related_view

_CHANGED = gettext_noop("This page has changed since that answer was written; this is how it reads now.")
_COUNTED = {Action.SHOW, Action.TOPIC, Action.OPEN}


async def show_answer(press: Press) -> None:
    """Show what the button stands for: in place for the one who asked, as a private copy for anyone else.

    Where the server's moderators let anyone press, it is in place for everyone, and stays the asker's: pressed by
    anyone else, it keeps the language that it was asked for in, as everyone reads it.

    Raises:
        NotNowError: there is no generation yet, or too many questions wait.
        GoneError: the library no longer has the page.
    """
    started = time.perf_counter()
    own = press.state.user == press.presser
    in_place = own
    if not own and press.state.user:
        in_place = (await press.place()).server.anyone_may_press
    if in_place:
        await press.interaction.response.defer()
    else:
        await press.interaction.response.defer(ephemeral=True, thinking=True)
    language = press.state.lang if in_place and not own else spoken()
    answer = await _answer(press, language)
    milliseconds = (time.perf_counter() - started) * 1000
    # Only now: what may go wrong before is told to the presser alone.
    speak(language)
    await press.edit(await _view(press, answer, in_place=in_place))
    if press.state.action in _COUNTED:
        await note_answer(press.services, "button", answer, milliseconds)


async def _answer(press: Press, language: str) -> Answer:
    state = press.state
    # A page opened for its own sake does not answer what was asked before.
    text = "" if state.action is Action.OPEN else press.question
    question = Question(text, state.level, lang=language)
    whole = state.action is Action.WHOLE
    press.services.answers.admit(question)
    async with press.services.limits.turn(press.presser):
        answer = await press.services.answers.show(press.page().slug, question, beside=press.beside(), whole=whole)
    if answer is None:
        raise GoneError
    return answer


async def _view(press: Press, answer: Answer, *, in_place: bool) -> ui.LayoutView:
    state = press.state
    # Whoever gets a copy owns it: it answers to them.
    user = state.user if in_place else press.presser
    changed = state.seen is not None and state.seen != answer.digest
    shown = Shown(
        choice=state.choice or Choice.PRESSED,
        page=state.page,
        thread=in_place and await _offers_thread(press),
        offer_level=state.action is Action.SHOW and await _offers_level(press, answer),
        notes=(f"-# {_(_CHANGED)}",) if changed else (),
    )
    if state.action is Action.SOURCES:
        return sources_view(answer, user, shown)
    if state.action is Action.RELATED:
        generation = press.services.answers.generation
        around = neighbours(generation, press.page(), state.lang)
        return related_view(answer, around, user, shown)
    return answer_view(answer, user, shown)


async def _offers_thread(press: Press) -> bool:
    message = press.interaction.message
    if message is None or message.flags.ephemeral or message.flags.has_thread:
        return False
    return (await press.place()).offers_thread


async def _offers_level(press: Press, answer: Answer) -> bool:
    """Say whether the depth shown was pressed for and is another than the one that the presser gets by default."""
    if press.state.choice is not Choice.PRESSED or answer.level_missing:
        return False
    usual = await depth_for(press.services, press.presser, (await press.place()).server)
    return usual.level is not answer.level
