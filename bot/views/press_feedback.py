"""“Was this right?”: the panel, and what happens with a verdict."""

from __future__ import annotations

from bot.answer import Question, Topic
from bot.answer_queue import BusyError
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.page_digest import page_digest
from bot.records import kept, without_people
from bot.storage.feedback import Verdict
from bot.tell import tell
from bot.views.feedback_panel import VERDICTS, feedback_panel, thanks_view
from bot.views.press import Press

_RUNNERS_UP = 4
_FAILED = gettext_noop("I could not write that down just now. Please try again in a minute.")


async def ask_verdict(press: Press) -> None:
    """Open the panel, for the one who pressed only.

    Raises:
        NotReadyError: there is no generation yet.
        GoneError: the library no longer has the page.
    """
    panel = feedback_panel(press.page(), press.state, press.question_line, press.presser)
    await press.interaction.response.send_message(view=panel, ephemeral=True)


async def note_verdict(press: Press) -> None:
    """Keep a verdict without who gave it, and thank with what may help now.

    Raises:
        NotReadyError: there is no generation yet.
        GoneError: the library no longer has the page.
    """
    await press.interaction.response.defer()
    verdict = VERDICTS[press.state.action]
    concept, question = press.page(), press.question
    feedback = press.services.stores.feedback
    written = feedback.note(verdict, concept.slug, press.state.level, without_people(question), _generation(press))
    if not await kept(written):
        await tell(press.interaction, _(_FAILED))
        return
    runners_up = await _runners_up(press, question, concept.slug) if verdict is Verdict.WRONG_TOPIC else ()
    await press.edit(thanks_view(concept, verdict, press.state, press.question_line, runners_up))


def _generation(press: Press) -> str:
    """Return the generation that the verdict is about, as far as the answer still says."""
    generation = press.services.answers.generation
    unchanged = press.state.seen == page_digest(generation, press.page())
    return generation.id if unchanged else f"before {generation.id}"


async def _runners_up(press: Press, question: str, slug: str) -> tuple[Topic, ...]:
    """Return what else the question may have meant, best first; nothing without a question, or when busy."""
    if not question:
        return ()
    answers = press.services.answers
    try:
        found = await answers.explain(Question(question, press.state.level, lang=press.state.lang))
    except BusyError:  # the verdict is written, which is what counts
        return ()
    concepts = [answers.generation.concept(item.slug, press.state.lang) for item in found.ranked if item.slug != slug]
    return tuple(Topic(concept.slug, concept.title) for concept in concepts[:_RUNNERS_UP] if concept is not None)
