"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re

Span = tuple[int, int]

# A full stop after one of these does not end a sentence.
_ABBREVIATIONS = frozenset(
    "al approx ca cf ch dr ed eds e.g eq est etc fig figs i.e inc jr ltd mr mrs ms no nos p pp prof "
    "resp sec sr st univ vol vs bzw d.h evtl ggf nr s.o sog u.a usw z.b p.ej pág ej sra".split()
)
_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]*_]{0,4}(?=\s|$)|(?<=[。！？])")
_LINE_UNIT = re.compile(r"\n\s*(?:[-*+•]|\d{1,3}[.)])\s|\n\s*\n")
_LAST_WORD = re.compile(r"([\w.]+)\.$")


def sentence_spans(text: str) -> list[Span]:
    """Return the spans of a text's sentences, in order; list items and paragraphs end sentences too.

    Spans are trimmed, do not overlap, and together hold every character that is not white space.
    """
    spans: list[Span] = []
    for start, end in _units(text):
        begin = start
        for match in _END.finditer(text, start, end):
            if _ends_sentence(text, begin, match, end):
                _add(spans, text, begin, match.end())
                begin = match.end()
        _add(spans, text, begin, end)
    return spans


def _units(text: str) -> list[Span]:
    """Return the parts that no sentence crosses: paragraphs and list items."""
    cuts = [match.start() for match in _LINE_UNIT.finditer(text)]
    return list(zip([0, *cuts], [*cuts, len(text)], strict=True))


def _ends_sentence(text: str, begin: int, match: re.Match[str], limit: int) -> bool:
    before = text[max(begin, match.start() - 40) : match.start()]
    if before.endswith(".") and (word := _LAST_WORD.search(before)):
        token = word.group(1).casefold()
        single_letter = len(token) == 1 and token.isalpha() and word.group(1).isupper()
        if token in _ABBREVIATIONS or single_letter or (token.isdigit() and match.start() - begin <= 4):  # noqa: PLR2004
            return False
    following = text[match.end() : limit].lstrip()
    return not following or not following[0].islower()


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
