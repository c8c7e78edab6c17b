from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.depth_choice import Choice
from bot.views.custom_ids import MAX_LENGTH, NO_SLUG, Action, ButtonState, slug_key, slug_of_key
from index.levels import Level

SLUGS = st.one_of(st.from_regex(r"[a-z0-9-]{1,60}", fullmatch=True), st.text(min_size=1, max_size=80))
STATES = st.builds(
    ButtonState,
    action=st.sampled_from(Action),
    level=st.sampled_from(Level),
    lang=st.sampled_from(["en", "de", "es"]),
    user=st.integers(0, 2**64 - 1),
    slug_key=st.one_of(SLUGS.map(slug_key), st.just(NO_SLUG)),
    seen=st.from_regex(r"[0-9a-f]{6}", fullmatch=True),
    choice=st.sampled_from(Choice),
    page=st.integers(0, 99),
)


@given(STATES)
def test_a_state_comes_back_from_its_id_and_fits_into_it(state: ButtonState) -> None:
    assert len(str(state)) <= MAX_LENGTH
    assert ButtonState.parse(str(state)) == state


@given(st.lists(SLUGS, min_size=1, unique=True))
def test_a_slug_is_found_again_by_its_key(slugs: list[str]) -> None:
    assert [slug_of_key(slug_key(slug), slugs) for slug in slugs] == slugs
    assert slug_of_key(NO_SLUG, slugs) in {None, *(slug for slug in slugs if slug == NO_SLUG)}


def test_ids_of_the_first_version_are_read() -> None:
    slug = "a" * 44
    assert ButtonState.parse(f"fathom:1:show:basic:en:1:{slug}") == ButtonState(Action.SHOW, Level.BASIC, "en", 1, slug)


@given(st.text(max_size=120))
def test_anything_else_is_not_ours(text: str) -> None:
    state = ButtonState.parse(f"fathom:1:show:basic:en:1:{text}")
    assert state is None or ButtonState.parse(str(state)) == state
    assert ButtonState.parse(text) is None
