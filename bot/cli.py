"""The command line: reads options, and leaves the work to the modules it imports when they are needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.shard_range import ShardRange

app = typer.Typer(
    name="python -m bot",
    help="Fathom explains AI-safety ideas at the depth you want, in the words of a library written by people.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings (default: config.yaml, if there is one)."),
]
KnowledgeOption = Annotated[Path | None, typer.Option("--knowledge", metavar="DIR", help="The content folder.")]
StateOption = Annotated[
    Path | None, typer.Option("--state", metavar="DIR", help="Index, cache and database (default: var).")
]
ShardsOption = Annotated[
    str | None,
    typer.Option("--shards", metavar="A-B/N", help="Only these shards of N; other processes run the others."),
]
LevelOption = Annotated[str | None, typer.Option("--level", metavar="LEVEL", help="basic, intermediate or advanced.")]
LanguageOption = Annotated[str, typer.Option("--lang", metavar="CODE", help="The language of the page.")]


def main() -> None:
    """Run the command line; what a user can mend is said in one message, without a traceback."""
    from bot.failures import explain_failure

    try:
        app()
    except Exception as error:  # the last stop: everything known is explained, the rest raised again
        message = explain_failure(error)
        if message is None:
            raise
        logs = sys.modules.get("bot.logs.setup")
        if logs is None or not logs.say_at_the_end(message):
            sys.stderr.write(f"{message}\n")
        sys.exit(1)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you would like to understand.")] = None,
    *,
    level: LevelOption = None,
    lang: LanguageOption = "en",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Answer JSON objects from standard input, one a line.")
    ] = False,
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """Ask a question and read the answer in the terminal."""
    settings = _settings(config, knowledge, state)
    if jsonl:
        from bot.jsonl import answer_lines

        answer_lines(settings, sys.stdin.buffer, sys.stdout, level=_level(level))
        return
    if question is None:
        raise typer.BadParameter('give a question, such as: python -m bot ask "what is corrigibility?"')
    from bot.terminal import ask_once

    ask_once(settings, question, level=_level(level), lang=lang)


@app.command()
def chat(
    *,
    level: LevelOption = None,
    lang: LanguageOption = "en",
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """Talk with the library in the terminal; follow-up questions are understood."""
    from bot.terminal import chat as run_chat

    run_chat(_settings(config, knowledge, state), level=_level(level), lang=lang)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="The content folder.")] = None,
    *,
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """List every problem of the content, as file:line severity message -> remedy."""
    from bot.content_check import check_content

    settings = _settings(config, knowledge, state)
    raise typer.Exit(check_content(folder or settings.knowledge.path, settings.model.name))


@app.command()
def index(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would change; swap nothing.")] = False,
    override: Annotated[bool, typer.Option("--override", help="Swap even if golden questions break.")] = False,
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """Build the index, and say what was added, changed, removed and reused; exits with 1 if it is refused."""
    from bot.terminal_library import build_with_progress

    settings = _settings(config, knowledge, state)
    raise typer.Exit(build_with_progress(settings, dry_run=dry_run, override=override))


@app.command()
def rollback(
    generation: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A generation's name, or its beginning or end.")
    ] = None,
    *,
    show: Annotated[bool, typer.Option("--list", help="Only list the generations that were kept.")] = False,
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """Serve an earlier generation again (the one before, unless named) until the content changes."""
    from bot.terminal_library import list_generations
    from bot.terminal_library import rollback as run_rollback

    settings = _settings(config, knowledge, state)
    if show:
        list_generations(settings)
    else:
        run_rollback(settings, generation)


@app.command()
def links(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="The content folder.")] = None,
    *,
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """Try every address that pages and references name, politely; exits with 1 if any is broken."""
    from bot.links.command import check_links

    settings = _settings(config, knowledge, state)
    raise typer.Exit(check_links(folder or settings.knowledge.path, settings.state.path))


@app.command()
def run(
    *,
    shards: ShardsOption = None,
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """Run the Discord bot; needs DISCORD_TOKEN in the environment."""
    wanted = _shards(shards)
    from bot.run import run_bot

    run_bot(_settings(config, knowledge, state), shards=wanted)


@app.command()
def demo(
    *,
    port: Annotated[int, typer.Option(help="The page's port on this machine; 0 takes any free one.")] = 8765,
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """Open the real bot in a browser page that looks like Discord, offline and without a token."""
    from bot.demo import run_demo

    run_demo(_settings(config, knowledge, state), port=port)


@app.command()
def gaps(
    *,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="DIR", help="Write a page stub for each unanswered group there.")
    ] = None,
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """List what people asked in vain, in groups, as `/gaps` does for moderators."""
    from bot.terminal_gaps import list_gaps

    list_gaps(_settings(config, knowledge, state), export)


@app.command()
def evaluate(
    *,
    questions: Annotated[Path, typer.Option(metavar="DIR", help="A folder of JSON lines.")] = Path("tests/eval"),
    split: Annotated[str, typer.Option(help="tune, test or all.")] = "test",
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where to write (default: the state folder).")] = None,
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """Ask a set of questions with known answers, and print how well it went."""
    from bot.evaluation.command import evaluate as run_evaluation

    if split not in {"tune", "test", "all"}:
        raise typer.BadParameter("use tune, test or all", param_hint="--split")
    settings = _settings(config, knowledge, state)
    run_evaluation(settings, questions, split=split, out=out or settings.state.path)


@app.command()
def healthcheck(
    *,
    shards: ShardsOption = None,
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """Exit 0 if the bot that uses this state folder is connected, else 1; with --shards, the process of these."""
    wanted = _shards(shards)
    from bot.heartbeat import is_alive

    alive = is_alive(_settings(config, knowledge, state).state.path, wanted)
    sys.stdout.write("connected\n" if alive else "not connected\n")
    raise typer.Exit(0 if alive else 1)


@app.command()
def doctor(
    *,
    online: Annotated[bool, typer.Option("--online", help="Ask Discord too, with the bot's token.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    state: StateOption = None,
) -> None:
    """Check everything the bot needs, and say what to do about what is wrong; exits with 1 on errors."""
    from bot.doctor.command import doctor as run_doctor

    raise typer.Exit(run_doctor(config, knowledge, state, online=online, as_data=as_json))


def _settings(config: Path | None, knowledge: Path | None, state: Path | None) -> Settings:
    from bot.config import load_settings

    return load_settings(config, knowledge=knowledge, state=state)


def _shards(text: str | None) -> ShardRange | None:
    from bot.shard_range import ShardRangeError, read_shards

    try:
        return read_shards(text) if text is not None else None
    except ShardRangeError as error:
        raise typer.BadParameter(str(error), param_hint="--shards") from error


def _level(text: str | None) -> str | None:
    known = ("basic", "intermediate", "advanced")
    if text is not None and text.casefold() not in known:
        raise typer.BadParameter(f"`{text}` is not a level; use one of {', '.join(known)}", param_hint="--level")
    return text.casefold() if text else None
