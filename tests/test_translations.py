from __future__ import annotations

import pytest

from bot.language import LOCALE, NAMES, language_of_locale, texts
from tests.translations import LANGUAGES, Text, all_texts, fields, problems, unwrapped


@pytest.fixture(scope="module")
def said() -> list[Text]:
    return all_texts()


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_said_is_translated(language: str, said: list[Text]) -> None:
    assert problems(language, said) == [], "run `python -m tests.translations --update`, then fill in what is empty"


def test_every_sentence_is_marked_for_translation() -> None:
    assert unwrapped() == [], "wrap it in _(...) or gettext_noop(...)"


def test_every_language_has_a_catalogue_and_every_catalogue_a_language() -> None:
    assert {path.stem for path in LOCALE.glob("*.po")} == set(NAMES) - {"en"}


def test_the_tool_sees_texts_wherever_they_stand(said: list[Text]) -> None:
    """Inside f-strings, in tables, with plurals, as descriptions of commands, in stores."""
    known = {text.key for text in said}
    for context, message in (
        (None, "read next"),
        (None, "plain words and one good example, no jargon"),
        (None, "{count} topic"),
        (None, "Ask about an idea in AI safety, in your own words"),
        (None, "the topics you marked as understood"),
        ("name of a command", "ask"),
        ("name of an option", "question"),
    ):
        assert (context, message) in known


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_and_fields(language: str, said: list[Text]) -> None:
    catalogue = texts(language)
    for text in said:
        values = dict.fromkeys(fields(text.message) | fields(text.plural), 3)
        if text.plural:
            one = catalogue.ngettext(text.message, text.plural, 1)
            many = catalogue.ngettext(text.message, text.plural, 3)
            assert one.format(**values)
            assert many.format(**values)
    assert catalogue.ngettext("{count} topic", "{count} topics", 1) != catalogue.ngettext(
        "{count} topic", "{count} topics", 2
    )
    # The question is read back from an answer behind the first colon.
    assert ":" not in catalogue.gettext("You asked")


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de", "de"), ("es-ES", "es"), ("es-419", "es"), ("en-GB", "en"), ("fr", "en"), ("zh-CN", "en"), ("", "en")],
)
def test_the_language_of_discords_locales(locale: str, language: str) -> None:
    assert language_of_locale(locale) == language
