"""One build of the library as the settings and a request say: pulled first if wanted, judged before the swap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.build_request import BuildRequest
from bot.config import Settings
from bot.content_pull import pull
from bot.golden_answers import answering_with
from bot.vectors import vector_store
from index.build import BuildReport, Progress, build_generation
from index.embedding import SentenceTransformerEncoder, find_model
from index.swap import SwapRules


def build_library(
    settings: Settings,
    request: BuildRequest,
    *,
    on_progress: Callable[[Progress], None],
    threads: int = 1,
    load: Callable[..., SentenceTransformerEncoder] = SentenceTransformerEncoder,
) -> BuildReport:
    """Build the next generation, in this process.

    A dry run does not pull: it changes nothing that anything else reads.

    Raises:
        PullError: the remote could not be pulled; nothing was built.
        MissingExtraError: the vectors are to be kept where a package is needed that is not installed.
        BuildError, LibraryError, ModelError, VectorStoreError: as `build_generation`.
    """
    pulled = ""
    if request.pull and settings.knowledge.git_pull:
        if request.dry_run:
            pulled = "a dry run pulls nothing; this is the folder as it is"
        else:
            on_progress(Progress("pulling", 0, 0))
            pulled = pull(settings.knowledge.path)
    report = build_generation(
        settings.knowledge.path,
        settings.state.path,
        find_model(settings.model.name),
        keep=settings.state.keep_generations,
        threads=threads,
        on_progress=on_progress,
        load=load,
        vectors=vector_store(settings),
        rules=SwapRules(
            dry_run=request.dry_run,
            override=request.override,
            answering=answering_with(settings.answers.threshold),
        ),
    )
    return replace(report, pulled=pulled)
