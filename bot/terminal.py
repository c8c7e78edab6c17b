"""The library in a terminal: one question, a conversation, a build."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console, Group, RenderableType
from rich.constrain import Constrain
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.answer import Answer, Outcome, Question, Quote
from bot.config import Settings
from bot.explainer import Explainer
from bot.level_words import level_in_words
from bot.local_answers import open_explainer
from bot.markup import mark
from bot.progress_bar import progress_bar
from bot.rendering import made_by
from bot.side_by_side import WIDTH_FOR_TWO, SideBySide
from index.levels import Level

_COLOURS = {Level.BASIC: "green", Level.INTERMEDIATE: "blue", Level.ADVANCED: "magenta"}
_MAX_WIDTH = 100


def ask_once(settings: Settings, question: str, *, level: str | None, lang: str) -> None:
    """Answer one question on standard output."""
    explainer = _explainer(settings)
    chosen = Level(level) if level else level_in_words(question) or settings.answers.default_level
    answer = explainer.explain(Question(question, chosen, lang=lang))
    _console().print(answer_text(answer))


def chat(settings: Settings, *, level: str | None, lang: str) -> None:
    """Talk until the end of input; `/simpler`, `/deeper` and `/sources` do what the buttons do."""
    explainer = _explainer(settings)
    console = _console()
    chosen = Level(level) if level else settings.answers.default_level
    turns: list[str] = []
    last: Answer | None = None
    console.print("Ask about AI safety. /simpler, /deeper, /sources, /quit.", style="dim")
    while (line := _read_line(console)) is not None:
        if line in {"/quit", "/exit"}:
            break
        if line in {"/simpler", "/deeper"}:
            chosen = (chosen.simpler() if line == "/simpler" else chosen.deeper()) or chosen
            if last is None or last.concept is None:
                console.print(f"From now on: {chosen.label}.")
                continue
            question = Question(last.question.text, chosen, last.question.turns, lang)
            other = last.beside.concept if last.beside is not None else None
            last = explainer.show(last.concept.slug, question, beside=other.slug if other else None) or last
            console.print(answer_text(last))
        elif line == "/sources":
            sides = last.sides if last else ()
            console.print(*[_sources(side) for side in sides] or [Text("Ask something first.")], sep="\n")
        elif line:
            last = explainer.explain(Question(line, chosen, tuple(turns), lang))
            turns.append(line)
            console.print(answer_text(last))


def answer_text(answer: Answer) -> RenderableType:
    """Return an answer for the terminal, a comparison in two columns where they have room."""
    if answer.beside is not None:
        return SideBySide([answer_text(side) for side in (replace(answer, beside=None), answer.beside)])
    return Constrain(_one_side(answer), _MAX_WIDTH)


def _one_side(answer: Answer) -> RenderableType:
    if answer.concept is None:
        return _not_covered(answer)
    parts: list[RenderableType] = [Text(note, style="dim") for note in _notes(answer)]
    for number, quote in enumerate(answer.quotes):
        span = answer.highlight.span if answer.highlight and answer.highlight.quote == number else None
        text = mark(quote.passage.text, span) if span else quote.passage.text
        if quote.source is not None:
            parts.append(_source(quote))
        parts += [Markdown(text), Text("")]
    own = [quote.passage for quote in answer.quotes if quote.source is None]
    where = f"{own[0].file}, lines {own[0].first_line}-{own[-1].last_line}" if own else answer.concept.file
    parts.append(Text(f"From {where} · generation {answer.generation}", style="dim"))
    colour = _COLOURS[answer.level]
    panel = Panel(
        Group(*parts),
        title=f"{answer.concept.title} · {answer.level.label}",
        border_style=colour,
        padding=(1, 2),
    )
    related = ", ".join(topic.title for topic in answer.related)
    below = [_sources(answer)] + ([Text(f"Related: {related}", style="dim")] if related else [])
    return Group(panel, Padding(Group(*below), (0, 2)))


def _notes(answer: Answer) -> list[str]:
    notes: list[str] = []
    if answer.compared:
        notes.append(f"The library covers only one side of this comparison: it has no page about “{answer.compared}”.")
    elif answer.compared is not None:
        notes.append("In this library both sides of this comparison are explained on one page.")
    if answer.level_missing:
        notes.append(f"No {answer.question.level.label} part yet; here is {answer.level.label}.")
    if answer.language_missing and answer.concept is not None:
        notes.append(f"Not written in `{answer.question.lang}` yet; here it is in `{answer.concept.lang}`.")
    if answer.omitted:
        notes.append(f"The parts that fit best; {answer.omitted} more on this page.")
    return notes


def _source(quote: Quote) -> Text:
    source = quote.source
    if source is None:
        return Text("")
    made = made_by(source)
    return Text.assemble((source.title or source.url, "bold"), f" · {made}" if made else "", f"\n{source.url}")


def _sources(answer: Answer) -> Text:
    title = f": {answer.concept.title}" if answer.concept else ""
    text = Text(f"Sources{title}\n", style="bold")
    for number, source in enumerate(answer.sources, start=1):
        made = made_by(source)
        label = f"{number}. {source.title or source.url}{f' ({made})' if made else ''}"
        text.append(f"{label}\n", style="not bold")
        if source.title:
            text.append(f"   {source.url}\n", style="not bold cyan")
    return text


def _not_covered(answer: Answer) -> RenderableType:
    if answer.outcome is Outcome.EMPTY:
        return Text("Ask a question in your own words, such as: what is instrumental convergence?")
    nearest = ", ".join(topic.title for topic in answer.related)
    lines = ["The library does not cover this well enough to quote."]
    lines.append(
        f"Nearest topics: {nearest}."
        if nearest
        else "Nothing in it comes near. It explains ideas from AI safety. Ask for example: why would an AI resist "
        "being switched off?"
    )
    return Panel(Text("\n".join(lines)), border_style="yellow", padding=(1, 2))


def _read_line(console: Console) -> str | None:
    try:
        return console.input("[bold]?[/bold] ").strip()
    except (EOFError, KeyboardInterrupt):
        return None


def _explainer(settings: Settings) -> Explainer:
    with progress_bar() as on_progress:
        return open_explainer(settings, on_progress)


def _console() -> Console:
    console = Console()
    return Console(width=min(console.width, WIDTH_FOR_TWO))
