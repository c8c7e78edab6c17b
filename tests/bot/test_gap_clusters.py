from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.gap_clusters import Asked, cluster, wordings
from index.embedding import SentenceTransformerEncoder
from index.levels import Level
from tests.support.light_encoder import LightEncoder

LIGHT = LightEncoder()
ASKED = st.lists(
    st.builds(
        Asked,
        text=st.one_of(st.text(max_size=60), st.sampled_from(["What is tea?", "what is TEA", "tea", "Is tea safe?"])),
        level=st.sampled_from(list(Level)),
        language=st.sampled_from(["en", "de"]),
        count=st.integers(1, 9),
    ),
    max_size=25,
)


def groups(asked: list[Asked]) -> list[tuple[int, tuple[str, ...]]]:
    found = wordings(asked)
    vectors = np.array([LIGHT.encode_query(item.text) for item in found], dtype=np.float32).reshape(len(found), 64)
    return [(item.count, tuple(wording.key for wording in item.wordings)) for item in cluster(found, vectors)]


@given(asked=ASKED, seed=st.randoms())
def test_nothing_is_lost_and_the_order_of_the_log_makes_no_difference(asked: list[Asked], seed: object) -> None:
    found = groups(asked)
    said = [
        item for item in asked if any(character.isprintable() and not character.isspace() for character in item.text)
    ]
    assert sum(count for count, _ in found) == sum(item.count for item in said)
    keys = [key for _, names in found for key in names]
    assert len(keys) == len(set(keys)), "each wording is in one group"
    assert [count for count, _ in found] == sorted((count for count, _ in found), reverse=True)
    shuffled = list(asked)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert groups(shuffled) == found


def test_spellings_of_the_same_words_are_one_wording_with_its_depths_and_languages() -> None:
    asked = [
        Asked("What is tea?", Level.BASIC, "en", 2),
        Asked("what  is TEA", Level.ADVANCED, "en", 3),
        Asked("what is tea!!", Level.ADVANCED, "de", 1),
        Asked("\n\u200b", Level.BASIC, "en"),
    ]
    (found,) = wordings(asked)
    assert (found.text, found.count) == ("what is TEA", 6)
    (gap,) = cluster([found], np.ones((1, 1), dtype=np.float32))
    assert (gap.level, gap.language, gap.count) == (Level.ADVANCED, "en", 6)


def test_the_model_joins_what_means_the_same_and_nothing_else(encoder: SentenceTransformerEncoder) -> None:
    about = {
        "waluigi": ["what is the waluigi effect?", "waluigi effect", "explain the waluigi effect to me"],
        "tea": ["how long should green tea steep?", "green tea steeping time"],
        "jobs": ["will AI take my job?", "is my job going to be replaced by AI"],
    }
    found = wordings([Asked(text, Level.BASIC, "en") for texts in about.values() for text in texts])
    vectors = np.array([encoder.encode_query(item.text) for item in found])
    joined = {frozenset(item.text for item in gap.wordings) for gap in cluster(found, vectors)}
    assert joined == {frozenset(texts) for texts in about.values()}
