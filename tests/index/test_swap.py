"""What stands between a draft and the generation that serves, without Discord."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from filelock import FileLock

from bot.golden_answers import answering_with
from index.build import BuildReport, build_generation
from index.due import build_is_due
from index.embedding import ModelFiles, SentenceTransformerEncoder
from index.generation_store import GenerationStore
from index.hold import read_hold
from index.rollback import RollbackError, kept_generations, roll_back
from index.swap import BuildOutcome, SwapRules
from tests.support.light_encoder import LightEncoder
from tests.support.pages import write_library

GOLDEN = '"what is kettle drift?": kettle-drift\n"what is spoon bias?": spoon-bias\n'


class Workshop:
    """A content folder with golden questions, and a state folder."""

    def __init__(self, root: Path) -> None:
        self.knowledge = write_library(root / "knowledge")
        (self.knowledge / "golden.yaml").write_text(GOLDEN)
        self.state = root / "state"
        self.store = GenerationStore(self.state)

    def build(self, model: str = "light", **rules: Any) -> BuildReport:
        load = cast("type[SentenceTransformerEncoder]", lambda *_, **__: LightEncoder(model))
        return build_generation(
            self.knowledge,
            self.state,
            ModelFiles(model, Path(), model),
            load=load,
            rules=SwapRules(answering=answering_with(0.5), **rules),
        )

    def due(self, model: str = "light") -> bool:
        return build_is_due(self.state, self.knowledge, ModelFiles(model, Path(), model))

    def page(self, slug: str) -> Path:
        return self.knowledge / "en" / f"{slug}.md"

    def change(self, word: str) -> None:
        page = self.page("cup-collapse")
        page.write_text(page.read_text().replace("optimises", f"optimises {word} and"))

    def back(self, name: str | None = None, model: str = "light") -> str:
        return roll_back(self.state, self.knowledge, name, model_checksum=model).to.name


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_the_first_build_has_nothing_to_regress_from(workshop: Workshop) -> None:
    workshop.page("kettle-drift").unlink()
    report = workshop.build()
    assert report.outcome is BuildOutcome.SWAPPED
    assert report.golden is not None
    assert (report.golden.right_before, len(report.golden.right)) == (None, 1)


def test_a_refused_draft_leaves_nothing_but_a_hold(workshop: Workshop) -> None:
    good = workshop.build().generation
    workshop.page("kettle-drift").unlink()
    assert workshop.due()
    report = workshop.build()
    assert (report.outcome, report.swapped, report.generation) == (BuildOutcome.REFUSED, False, good)
    assert workshop.store.names() == [good] == [workshop.store.current_name()]
    assert not list(workshop.store.folder.glob(".draft-*"))
    assert not workshop.due(), "the same content is not tried again by itself"
    assert workshop.due("another model")
    workshop.change("ice")
    assert workshop.due()
    assert workshop.build(override=True).outcome is BuildOutcome.OVERRIDDEN
    assert read_hold(workshop.state) is None


def test_another_model_is_measured_by_what_was_right_before(workshop: Workshop) -> None:
    workshop.build()
    workshop.page("kettle-drift").unlink()
    report = workshop.build("another model")
    assert report.outcome is BuildOutcome.REFUSED
    assert report.golden is not None
    assert report.golden.right_before == 2
    assert [item.question for item in report.golden.broken] == ["what is kettle drift?"]


def test_a_dry_run_of_unchanged_content_says_so(workshop: Workshop) -> None:
    workshop.build()
    assert workshop.build(dry_run=True).outcome is BuildOutcome.UNCHANGED
    workshop.change("ice")
    report = workshop.build(dry_run=True)
    assert report.outcome is BuildOutcome.DRY_RUN
    assert [page.slug for page in report.diff.pages] == ["cup-collapse"]
    assert workshop.due(), "a dry run settles nothing"


def test_going_back_holds_until_the_content_changes(workshop: Workshop) -> None:
    first = workshop.build().generation
    workshop.change("ice")
    second = workshop.build().generation
    assert workshop.back() == first == workshop.store.current_name()
    assert not workshop.due()
    assert workshop.back(second[-12:]) == second
    assert read_hold(workshop.state) is None, "it is what the content makes: nothing to hold"
    workshop.back(first)
    (workshop.knowledge / "golden.yaml").write_text(GOLDEN + '"cup collapse": cup-collapse\n')
    assert workshop.due()
    assert workshop.build().swapped
    assert not workshop.due()


def test_what_cannot_be_gone_back_to(workshop: Workshop) -> None:
    with pytest.raises(RollbackError, match="no earlier generation"):
        workshop.back()
    only = workshop.build().generation
    for name, reason in [("x", "is not a generation"), ("", "is not a generation"), (only, "served already")]:
        with pytest.raises(RollbackError, match=reason):
            workshop.back(name)
    workshop.change("ice")
    second = workshop.build().generation
    with pytest.raises(RollbackError, match="means more than one"):
        workshop.back("2")
    with pytest.raises(RollbackError, match="built with another model"):
        workshop.back(only, "another model")
    with FileLock(workshop.state / "build.lock"), pytest.raises(RollbackError, match="a build is running"):
        workshop.back(only)
    (workshop.store.folder / only / "manifest.json").write_text("{}")
    with pytest.raises(RollbackError, match="is not a generation"):
        workshop.back(only)
    assert [kept.name for kept in kept_generations(workshop.store)] == [second]
    assert workshop.store.current_name() == second


def test_a_rollback_works_without_the_content_folder(workshop: Workshop) -> None:
    first = workshop.build().generation
    workshop.change("ice")
    workshop.build()
    workshop.knowledge.rename(workshop.knowledge.with_name("away"))
    assert workshop.back() == first
    workshop.knowledge.with_name("away").rename(workshop.knowledge)
    assert workshop.due(), "the folder that came back is other content than none"


def test_a_damaged_hold_holds_nothing(workshop: Workshop) -> None:
    workshop.build()
    workshop.change("ice")
    workshop.build()
    workshop.back()
    (workshop.state / "hold.json").write_text("{")
    assert workshop.due()
