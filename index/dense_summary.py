"""How vectors are kept and searched, by how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

EXACT_UP_TO = 30_000
"""Comparing a question with so many passages takes two milliseconds, and in 8 bits a third of one."""


class DenseForm(StrEnum):
    """How the vectors are kept and searched."""

    EXACT = "exact"
    """In full precision, and for comparing all of them in 8 bits too."""
    HALF = "half"
    """In half precision, all compared: what is left when no quicker form finds the same passages."""
    INVERTED = "inverted"
    """In half precision, of which only the likely ones are compared."""


@dataclass(frozen=True, slots=True)
class DenseSummary:
    """What an index is, in the manifest's words.

    Attributes:
        form: how it searches.
        recall: the share of the truly nearest 20 that it finds, measured on its own vectors; None where all
            are compared in full precision and there is nothing to measure.
        lists: how many lists the vectors are divided into.
        probes: how many of these a search reads.
        refined: how many times as many passages as asked for are compared in half precision.
        changed: how many vectors came or went since the lists were made and the recall was measured.
    """

    form: DenseForm
    recall: float | None = None
    lists: int = 0
    probes: int = 0
    refined: int = 0
    changed: int = 0


def form_for(count: int) -> DenseForm:
    """Return the form that suits so many vectors."""
    return DenseForm.EXACT if count <= EXACT_UP_TO else DenseForm.INVERTED
