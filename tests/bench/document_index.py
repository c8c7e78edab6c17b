"""A collection of documents, indexed by the product's own parts: pieces, vectors of sentences, and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding import SentenceTransformerEncoder, Vectors
from index.lexical import LexicalIndex, terms
from index.passage_ranking import Scores
from index.pieces import cut_text
from index.sentences import sentence_spans
from tests.bench.beir import Document
from tests.bench.vectors import EmbeddingText, VectorStore

_SPECIAL_TOKENS = 2


@dataclass(frozen=True, slots=True)
class DocumentIndex:
    """Documents that may be longer than the model's window: what counts is their best piece.

    Attributes:
        pieces: unit vectors of all pieces (p, d), document by document.
        first_piece: where the pieces of each document begin (n,).
        sentences: unit vectors of all sentences (s, d), document by document.
        first_sentence: where the sentences of each document begin (n,).
        lexical: the words of whole documents.
    """

    pieces: Vectors
    first_piece: NDArray[np.int64]
    sentences: Vectors
    first_sentence: NDArray[np.int64]
    lexical: LexicalIndex

    def similarities(self, query: Vectors) -> Scores:
        """Return the cosine of every document's best piece (n,) with a query (d,)."""
        best: Scores = np.maximum.reduceat(self.pieces @ query, self.first_piece)
        return best

    def best_sentences(self, query: Vectors) -> Scores:
        """Return the cosine of every document's best sentence (n,) with a query (d,)."""
        best: Scores = np.maximum.reduceat(self.sentences @ query, self.first_sentence)
        return best


def build_index(
    documents: Sequence[Document], encoder: SentenceTransformerEncoder, vectors: VectorStore
) -> DocumentIndex:
    """Cut documents into pieces as pages are cut, embed them, and index their words."""
    pieces = [cut_document(item, encoder) for item in documents]
    embedded = vectors.of([piece for group in pieces for piece in group])
    counts = [len(group) for group in pieces]
    first_piece = np.cumsum([0, *counts])
    per_piece = np.cumsum([0, *(len(item.sentences) for item in embedded)])
    return DocumentIndex(
        pieces=np.stack([item.vector for item in embedded]),
        first_piece=first_piece[:-1],
        sentences=np.concatenate([item.sentences for item in embedded]),
        first_sentence=per_piece[first_piece[:-1]],
        lexical=LexicalIndex.build(terms(item.full_text) for item in documents),
    )


def cut_document(document: Document, encoder: SentenceTransformerEncoder) -> list[EmbeddingText]:
    """Return the texts to embed, the title in front of each, with the spans of the title and every sentence."""
    title = document.title
    about = f"{title}{'' if title[-1:] in '.!?' else '.'} " if title else ""
    room = encoder.window - _SPECIAL_TOKENS - encoder.count_tokens(about)
    pieces: list[EmbeddingText] = []
    for start, end in cut_text(document.text, room, encoder.count_tokens):
        body = document.text[start:end]
        spans = [(0, len(about) - 1)] if about else []
        spans += [(begin + len(about), stop + len(about)) for begin, stop in sentence_spans(body)]
        text = about + body
        # A document without any words still has a place in the order.
        pieces.append((text, spans or [(0, len(text))]))
    return pieces or [(about, [(0, len(about))])]
