"""Cutting a text that is longer than an embedding model reads, between its sentences."""

from __future__ import annotations

from collections.abc import Callable

from index.plain import plain_text
from index.sentences import Span, sentence_spans

CountTokens = Callable[[str], int]
"""How many tokens of the embedding model a text takes, without the special ones."""


def cut_text(text: str, room: int, count_tokens: CountTokens) -> list[Span]:
    """Return spans of about equal length that take at most `room` tokens each; one sentence is never cut."""
    if count_tokens(plain_text(text)) <= room:
        return [(0, len(text))]
    sentences = sentence_spans(text)
    lengths = [count_tokens(plain_text(text[start:end])) for start, end in sentences]
    target = sum(lengths) / -(-sum(lengths) // max(1, room))
    pieces: list[Span] = []
    begin, used = 0, 0
    for number, length in enumerate(lengths):
        if number > begin and (used + length > room or used + length / 2 > target):
            pieces.append((sentences[begin][0], sentences[number - 1][1]))
            begin, used = number, 0
        used += length
    if sentences:
        pieces.append((sentences[begin][0], sentences[-1][1]))
    return pieces
