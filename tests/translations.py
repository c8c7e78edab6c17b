"""What the catalogues in `bot/locale/` must hold, and what they lack.

`python -m tests.translations` lists every text without a translation and every sentence that is not marked for
one; with `--update` it also writes what is missing into the catalogues, empty, and takes out what is no longer said.
"""

from __future__ import annotations

import ast
import asyncio
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import discord
import polib
from discord import app_commands

from bot.answer_service import AnswerService
from bot.client import COGS, FathomBot
from bot.config import Settings
from bot.language import LOCALE, NAMES
from bot.limits import Limits
from bot.services import Services
from bot.speaking import COMMAND_NAME, OPTION_NAME
from bot.storage.stores import Stores
from tests.conftest import REPOSITORY

KEYWORDS = {"_": 1, "gettext": 1, "gettext_noop": 1, "ngettext": 2}
"""What marks a text, and how many of its arguments are texts."""

LANGUAGES = tuple(language for language in NAMES if language != "en")
UNWRAPPED_FOLDERS = (
    "bot/answering.py",
    "bot/apology.py",
    "bot/client.py",
    "bot/change_words.py",
    "bot/cogs",
    "bot/deed_lines.py",
    "bot/depth_choice.py",
    "bot/gap_report.py",
    "bot/health.py",
    "bot/limited.py",
    "bot/permissions.py",
    "bot/reasons.py",
    "bot/reindex_report.py",
    "bot/rendering.py",
    "bot/status_board.py",
    "bot/threads.py",
    "bot/usage_picture.py",
    "bot/usage_text.py",
    "bot/verdict_names.py",
    "bot/views",
    "bot/where.py",
    "bot/why.py",
)
_NOT_ENGLISH = ("et al.", "et al", "upper left")
_SENTENCE = re.compile(r"[A-Za-z]{2,}[,:;]? [A-Za-z]{2,}")
_SILENT_CALLS = re.compile(
    r"^(_log\.|re\.|app_commands\.|commands\.|TypeVar|_$|gettext|ngettext|Template|_message_menu$)"
)


@dataclass(frozen=True)
class Text:
    """A text to translate: as in a catalogue, and the file that says it."""

    message: str
    plural: str = ""
    context: str | None = None
    file: str = ""

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.message


def said_in_code() -> Iterator[Text]:
    """Yield what is wrapped in `_(...)` and its like."""
    # Not with babel: on Python 3.11 its extractor does not look into f-strings.
    for file in sorted((REPOSITORY / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                arguments = node.args[: KEYWORDS[node.func.id]]
                said = [item.value for item in arguments if isinstance(item, ast.Constant)]
                if said:
                    yield Text(*map(str, said), file=file.relative_to(REPOSITORY).as_posix())


def said_by_commands() -> Iterator[Text]:
    """Yield names and descriptions of the bot's commands, options and choices."""
    for command in asyncio.run(_commands()):
        file = f"{command.module.replace('.', '/')}.py" if command.module else ""
        yield Text(command.name, context=COMMAND_NAME, file=file)
        if isinstance(command, app_commands.ContextMenu):
            continue
        yield Text(command.description, file=file)
        for option in command.parameters if isinstance(command, app_commands.Command) else []:
            yield Text(option.display_name, context=OPTION_NAME, file=file)
            yield Text(str(option.description), file=file)
            for choice in option.choices:
                if choice.name not in NAMES.values():
                    yield Text(choice.name, file=file)


def said_by_stores() -> Iterator[Text]:
    """Yield what the stores say they hold."""
    for store in Stores.over(cast("Any", None)):
        yield Text(store.holds.what, file="bot/storage")
        yield Text(store.holds.kept, file="bot/storage")


async def _commands() -> list[Any]:
    services = Services(
        settings=Settings(),
        answers=AnswerService(Path(), cast("Any", None), threshold=0.5),
        rebuilder=cast("Any", None),
        database=cast("Any", None),
        stores=Stores.over(cast("Any", None)),
        limits=Limits(Settings().limits),
    )
    bot = FathomBot(services)
    for cog in COGS:
        await bot.add_cog(cast("Any", cog)(bot, services))
    menus = [menu for kind in (2, 3) for menu in bot.tree.get_commands(type=discord.AppCommandType(kind))]
    commands = [*bot.tree.walk_commands(), *menus]
    for name in list(bot.cogs):
        await bot.remove_cog(name)
    services.answers.close()
    return commands


def all_texts() -> list[Text]:
    """Return every text that a member may meet, each once."""
    texts: dict[tuple[str | None, str], Text] = {}
    for text in (*said_in_code(), *said_by_commands(), *said_by_stores()):
        if text.message:
            texts.setdefault(text.key, text)
    return sorted(texts.values(), key=lambda text: (text.file, text.context or "", text.message))


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / f"{language}.po"), encoding="utf-8", wrapwidth=110)


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def problems(language: str, texts: list[Text]) -> list[str]:
    """Return what a catalogue lacks, has too much, or has wrong: one line each."""
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue(language) if not entry.obsolete}
    found = []
    for text in texts:
        entry = entries.pop(text.key, None)
        if entry is None or entry.fuzzy or not all(translations(entry)) or entry.msgid_plural != text.plural:
            found.append(f"{language}.po: no translation of {text.message!r} ({text.file})")
            continue
        wanted = {frozenset(fields(text.message)), frozenset(fields(text.plural or text.message))}
        if any(frozenset(fields(translation)) not in wanted for translation in translations(entry)):
            found.append(f"{language}.po: other {{fields}} than in {text.message!r}")
    return found + [f"{language}.po: nobody says {message!r} any more" for _context, message in entries]


def fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def unwrapped() -> list[str]:
    """Return sentences in what members see that are not marked for translation, as `file:line: text`."""
    found = []
    for place in UNWRAPPED_FOLDERS:
        path = REPOSITORY / place
        for file in sorted(path.rglob("*.py") if path.is_dir() else [path]):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            name = file.relative_to(REPOSITORY).as_posix()
            found += [f"{name}:{line}: {text!r}" for line, text in _sentences(tree)]
    return found


def _sentences(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Call) and _SILENT_CALLS.match(ast.unparse(node.func)):
        return
    if isinstance(node, ast.Raise | ast.Assert | ast.Compare) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)  # a docstring
    ):
        return
    if isinstance(node, ast.keyword) and node.arg in {"label", "placeholder"}:
        value = node.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.lineno, value.value
            return
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _SENTENCE.search(node.value)
        and node.value not in _NOT_ENGLISH
    ):
        yield node.lineno, node.value
    for child in ast.iter_child_nodes(node):
        yield from _sentences(child)


def update(language: str, texts: list[Text]) -> None:
    """Write what is missing into a catalogue, empty, and take out what is no longer said."""
    old = {(entry.msgctxt, entry.msgid): entry for entry in catalogue(language)}
    new = polib.POFile(wrapwidth=110)
    new.metadata = catalogue(language).metadata
    for text in texts:
        entry = old.get(text.key)
        if entry is None or entry.msgid_plural != text.plural:
            plural = {"msgid_plural": text.plural, "msgstr_plural": {0: "", 1: ""}} if text.plural else {}
            entry = polib.POEntry(msgctxt=text.context, msgid=text.message, **plural)
        entry.occurrences = [(text.file, "")]
        new.append(entry)
    new.save(str(LOCALE / f"{language}.po"))


def main() -> int:
    texts = all_texts()
    if "--update" in sys.argv:
        for language in LANGUAGES:
            update(language, texts)
    lines = [line for language in LANGUAGES for line in problems(language, texts)]
    lines += [f"{line}: wrap it in _(...) or gettext_noop(...)" for line in unwrapped()]
    sys.stdout.write("".join(f"{line}\n" for line in [*lines, f"{len(lines)} of {len(texts)} texts need a hand"]))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
