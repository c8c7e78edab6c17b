"""A few hundred inputs for each target; the long run is `python -m tests.fuzz`."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.runner import fuzz
from tests.fuzz.targets import TARGETS

INPUTS = int(os.environ.get("FATHOM_FUZZ_INPUTS", "300"))


@pytest.mark.parametrize("name", TARGETS)
def test_only_what_is_documented_comes_out(name: str) -> None:
    tally = fuzz(TARGETS[name], INPUTS)
    assert not tally.failures, "\n".join(f"{item.said}\n{item.data!r}" for item in tally.failures.values())
    assert tally.inputs == INPUTS
    assert len(tally.outcomes) > 1, f"every input met the same end: {tally}"
