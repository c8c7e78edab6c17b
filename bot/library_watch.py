"""Keeping what is served in step with the disk: a rebuild when the content changed, a reload when the index did.

The folder is polled rather than watched through the operating system: that works alike on network folders, in
containers' volumes and on every platform, needs no further package, and costs one `stat` a file a minute.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from bot.deeds import By, note_build, note_failure
from bot.extras import MissingExtraError
from bot.rebuild import RebuildBusyError, RebuildError
from bot.services import Services
from bot.vectors import vector_store
from index.build import Progress
from index.due import build_is_due
from index.embedding import ModelError, find_model
from index.generation_store import GenerationStore
from index.golden import GOLDEN_FILE
from index.library import LibraryError, content_files
from index.swap import BuildOutcome

_log = logging.getLogger(__name__)
LOOK_SECONDS = 30.0


async def rebuild_if_due(services: Services, by: By) -> bool:
    """Rebuild in the background when the content or the model changed since the generation that serves.

    What a moderator went back to, and what golden questions refused, stays until the content changes again.
    Returns whether a rebuild was tried and need not be tried again.
    """
    settings = services.settings
    try:
        model = await asyncio.to_thread(find_model, settings.model.name)
        vectors = vector_store(settings)
        if not await asyncio.to_thread(build_is_due, settings.state.path, settings.knowledge.path, model, vectors):
            return True
        _log.info("the content has changed since the last build; rebuilding in the background")
        report = await services.rebuilder.run(_log_progress)
    except RebuildBusyError:
        return False
    except (RebuildError, LibraryError, ModelError, MissingExtraError, OSError) as error:
        _log.warning("the library was not rebuilt: %s", error)
        await note_failure(services.stores.history, str(error), by)
        return True
    await note_build(services.stores.history, report, by)
    if report.outcome is BuildOutcome.REFUSED and report.golden is not None:
        _log.warning("the changed content was refused: %s", "; ".join(map(str, report.golden.broken)))
    if report.swapped:
        await services.answers.reload()
    return True


async def watch_folder(services: Services, *, seconds: float = LOOK_SECONDS) -> None:
    """Rebuild after changes to the content folder have settled: two looks in a row that see the same."""
    folder = services.settings.knowledge.path
    handled = seen = await asyncio.to_thread(looks, folder)
    while True:
        await asyncio.sleep(seconds)
        before, seen = seen, await asyncio.to_thread(looks, folder)
        if seen and seen == before and seen != handled and await rebuild_if_due(services, By.WATCH):
            handled = seen


async def follow_index(services: Services, *, seconds: float = LOOK_SECONDS) -> None:
    """Serve what another process made current: the command line, or another process of the bot.

    On PostgreSQL it is announced; looking now and then goes on beside that.
    """
    store = GenerationStore(services.settings.state.path)
    seen = await asyncio.to_thread(store.current_name)
    async with services.database.peers.news() as until_news:
        while True:
            await until_news(seconds)
            name = await asyncio.to_thread(store.current_name)
            # Only a change of the pointer counts: a generation that cannot be opened is not tried over and over.
            if name != seen and not services.rebuilder.running:
                seen = name
                if not services.answers.ready or services.answers.generation.id != name:
                    await services.answers.reload()


def looks(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Return what a folder looks like without reading it: each file's path, size and time; empty if there is none."""
    try:
        files = [*content_files(folder), GOLDEN_FILE]
    except (LibraryError, OSError):
        return frozenset()
    found: set[tuple[str, int, int]] = set()
    for file in files:
        try:
            status = (folder / file).stat()
        except OSError:
            continue
        found.add((file, status.st_size, status.st_mtime_ns))
    return frozenset(found)


def _log_progress(progress: Progress) -> None:
    if progress.total and progress.done == progress.total:
        _log.info("embedded %d passages", progress.total)
