"""Taking out of a text what no log may hold: tokens, passwords, what people wrote."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote, urlsplit

from pydantic import SecretStr

from bot.logs.private_words import hidden
from bot.secrets import Secrets

_SECRET, _WORDS = "[secret]", "[what somebody wrote]"  # what stands in a secret's place
_PATTERNS = (
    # A password within an address: scheme://user:password@host.
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s'\"]+(?=@)", re.IGNORECASE), rf"\1{_SECRET}"),
    # The tokens by which interactions are answered stand in the addresses of requests.
    (re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?'\"]+"), rf"\1{_SECRET}"),
    (re.compile(r"\bBot [\w-]+\.[\w-]+\.[\w-]+"), f"Bot {_SECRET}"),
)
_WORD = re.compile(r"\w+")
_RUN = 3
_DATABASE = "FATHOM_DATABASE_URL"


class Redaction:
    """Takes out secrets that are known at the start, what looks like one, and what the task at hand must hide."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Know these secrets."""
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return a text without them."""
        for secret in self._secrets:
            text = text.replace(secret, _SECRET)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        for words in sorted(hidden(), key=len, reverse=True):
            for spelled in _spellings(words):
                text = text.replace(spelled, _WORDS)
        return _without_runs(text, hidden())


def secrets_of_environment() -> Iterator[str]:
    """Yield every secret that the environment holds, and the passwords within them."""
    values = [value for _, value in Secrets() if isinstance(value, SecretStr)]
    for secret in [*(value.get_secret_value().strip() for value in values), os.environ.get(_DATABASE, "")]:
        yield secret
        try:
            password = urlsplit(secret).password
        except ValueError:
            continue
        if password:
            yield from (password, unquote(password), quote(unquote(password), safe=""))


def _without_runs(text: str, hide: Iterable[str]) -> str:
    """Take out what shares three words in a row with a text: a question with its slips of the pen mended, say."""
    known = {run for words in hide for run in _runs([item[0].casefold() for item in _WORD.finditer(words)])}
    if not known:
        return text
    words = list(_WORD.finditer(text))
    spans: list[tuple[int, int]] = []
    for number, run in enumerate(_runs([item[0].casefold() for item in words])):
        if run not in known:
            continue
        start, end = words[number].start(), words[number + _RUN - 1].end()
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    for start, end in reversed(spans):
        text = text[:start] + _WORDS + text[end:]
    return text


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1))


def _spellings(words: str) -> tuple[str, ...]:
    """Return a text as it may stand in a message: as written, on one line, and as Python shows it."""
    return tuple(dict.fromkeys((words, " ".join(words.split()), repr(words)[1:-1], ascii(words)[1:-1])))
