"""Grouping what people asked in vain, so that one missing page shows as one gap however it was asked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.explainer import clean_question
from index.levels import Level
from index.lexical import words

# Measured on the library's own questions for forty concepts at once: of two questions in one group, nine times in
# ten both belong to one concept. Lower joins more and is wrong more often; a moderator sees what was joined.
SAME_GAP = 0.5
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked so often, wanting that depth in that language."""

    text: str
    level: Level
    language: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to ask: how it is spelled most often, and the words that make it the same as other spellings."""

    text: str
    words: str
    count: int
    levels: tuple[tuple[Level, int], ...]
    languages: tuple[tuple[str, int], ...]

    @property
    def key(self) -> str:
        """A short name for the words, the same at any time: 16 hexadecimal digits."""
        return hashlib.sha256(self.words.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Wordings that mean about the same, most frequent first."""

    wordings: tuple[Wording, ...]

    @property
    def count(self) -> int:
        """How often it was asked."""
        return sum(wording.count for wording in self.wordings)

    @property
    def leader(self) -> Wording:
        """The most frequent wording."""
        return self.wordings[0]

    @property
    def level(self) -> Level:
        """The depth wanted most often; of equals the simplest."""
        return min(_totals(item.levels for item in self.wordings).items(), key=lambda item: (-item[1], item[0].depth))[
            0
        ]

    @property
    def language(self) -> str:
        """The language asked in most often."""
        return min(_totals(item.languages for item in self.wordings).items(), key=lambda item: (-item[1], item[0]))[0]


def wordings(asked: Iterable[Asked]) -> list[Wording]:
    """Return the different wordings, most frequent first; case, punctuation and spacing make no difference."""
    groups: dict[str, list[Asked]] = {}
    for item in asked:
        text = clean_question(item.text)
        if text:
            groups.setdefault(" ".join(words(text)) or text.casefold(), []).append(item)
    found = [_wording(key, items) for key, items in groups.items()]
    return sorted(found, key=lambda item: (-item.count, item.words))


def cluster(found: Sequence[Wording], vectors: NDArray[np.float32], *, same: float = SAME_GAP) -> list[Cluster]:
    """Group wordings by meaning, biggest group first; the same wordings always give the same groups.

    Each wording, in the order given, joins the group whose mean is nearest, if near enough, or opens a new one;
    then each moves once to the mean that is nearest by now.

    Args:
        found: what `wordings` returned.
        vectors: their unit vectors (n, d).
        same: the cosine from which two mean about the same.
    """
    if not found:
        return []
    sums = np.zeros_like(vectors)
    opened = 0
    places = np.zeros(len(found), dtype=np.int64)
    for number, vector in enumerate(vectors):
        near = _unit(sums[:opened]) @ vector
        if opened and float(near.max()) >= same:
            places[number] = int(near.argmax())
        else:
            places[number] = opened
            opened += 1
        sums[places[number]] += vector
    places = np.argmax(vectors @ _unit(sums[:opened]).T, axis=1)
    groups: dict[int, list[Wording]] = {}
    for place, wording in zip(places.tolist(), found, strict=True):
        groups.setdefault(place, []).append(wording)
    clusters = [Cluster(tuple(group)) for group in groups.values()]
    return sorted(clusters, key=lambda item: (-item.count, item.leader.words))


def _wording(key: str, items: list[Asked]) -> Wording:
    spellings = _totals([(clean_question(item.text), item.count)] for item in items)
    return Wording(
        text=min(spellings, key=lambda text: (-spellings[text], text)),
        words=key,
        count=sum(item.count for item in items),
        levels=tuple(sorted(_totals([(item.level, item.count)] for item in items).items())),
        languages=tuple(sorted(_totals([(item.language, item.count)] for item in items).items())),
    )


def _totals(counts: Iterable[Iterable[tuple[Key, int]]]) -> Counter[Key]:
    totals: Counter[Key] = Counter()
    for pairs in counts:
        for key, count in pairs:
            totals[key] += count
    return totals


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-9)
    return unit
