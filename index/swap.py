"""What happens between the writing of a generation and the moment it serves."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from index.embedding import Encoder
from index.generation import Generation, GenerationError, Manifest
from index.generation_diff import Contents, GenerationDiff, diff
from index.generation_store import GenerationStore
from index.golden import (
    GoldenQuestion,
    GoldenReport,
    OpenAnswering,
    ask_golden,
    check_golden,
    read_golden,
    right_answers,
)
from index.golden_record import read_record, write_record
from index.hold import Hold, HoldReason, fingerprint, put_hold, release
from index.library import Library
from index.problems import Problem, Problems

_log = logging.getLogger(__name__)


class BuildOutcome(StrEnum):
    """How a build ended."""

    SWAPPED = "swapped"
    UNCHANGED = "unchanged"
    DRY_RUN = "dry run"
    REFUSED = "refused"
    OVERRIDDEN = "overridden"
    """Swapped in although golden questions broke, because somebody said so."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a draft may serve, what it changes, and how the golden questions went (None where there are none)."""

    outcome: BuildOutcome
    diff: GenerationDiff
    golden: GoldenReport | None
    problems: tuple[Problem, ...]
    refused: Hold

    @property
    def swap(self) -> bool:
        """Whether the draft becomes the generation that serves."""
        return self.outcome in {BuildOutcome.SWAPPED, BuildOutcome.OVERRIDDEN}

    def settle(self, state: Path, name: str) -> None:
        """Remember what later builds must know: what `name` answers right, or that this content was refused."""
        if self.swap:
            release(state)
            write_record(state, name, self.golden.right if self.golden else ())
        elif self.outcome is BuildOutcome.REFUSED:
            put_hold(state, self.refused)


@dataclass(frozen=True, slots=True)
class SwapRules:
    """What must hold before a draft serves.

    Attributes:
        dry_run: nothing is swapped, whatever comes out.
        override: swap even if golden questions broke.
        answering: how to answer golden questions from a generation; without it none are asked.
    """

    dry_run: bool = False
    override: bool = False
    answering: OpenAnswering | None = field(default=None, compare=False)

    def judge(
        self,
        store: GenerationStore,
        draft: Path,
        manifest: Manifest,
        encoder: Encoder,
        library: Library,
        before: Contents,
        after: Contents,
    ) -> Verdict:
        """Compare a whole but unsealed draft with what serves, and decide.

        `before` and `after` are what the two hold; pages that are the same in both may be left out.
        """
        problems = Problems()
        questions = read_golden(library.root, problems)
        check_golden(questions, library, problems)
        golden = self._ask(store, draft, manifest, encoder, questions) if questions else None
        regressed = golden is not None and golden.regressed
        if self.dry_run:
            outcome = BuildOutcome.DRY_RUN
        elif regressed:
            outcome = BuildOutcome.OVERRIDDEN if self.override else BuildOutcome.REFUSED
        else:
            outcome = BuildOutcome.SWAPPED
        return Verdict(
            outcome=outcome,
            diff=diff(before, after),
            golden=golden,
            problems=tuple(problems),
            refused=Hold(
                reason=HoldReason.REFUSED,
                content=fingerprint(library.root, library.content_hash),
                model=manifest.model_checksum,
            ),
        )

    def _ask(
        self,
        store: GenerationStore,
        draft: Path,
        manifest: Manifest,
        encoder: Encoder,
        questions: tuple[GoldenQuestion, ...],
    ) -> GoldenReport | None:
        if self.answering is None:
            return None
        serving = _serving(store)
        before: frozenset[str] | None = None
        if serving is not None and serving.manifest.model_checksum == encoder.checksum:
            before = right_answers(questions, self.answering(serving, encoder))
        elif serving is not None:
            # Another model's vectors cannot be asked with this one; what was right when it was built was kept.
            before = read_record(store.state, serving.id)
        return ask_golden(questions, self.answering(Generation(draft, manifest), encoder), before)


SWAP_FREELY = SwapRules()
"""Nothing is asked first."""


def _serving(store: GenerationStore) -> Generation | None:
    name = store.current_name()
    try:
        return store.open(name) if name else None
    except GenerationError as error:
        _log.warning("nothing to compare with: %s", error)
        return None
