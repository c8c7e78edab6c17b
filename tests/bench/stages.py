"""`python -m tests.bench.stages`: what each stage of a search costs, in processor milliseconds a question.

Processor time of one thread, so that a busy machine changes it little; medians over the evaluation questions.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `python -m bot` sets it for itself

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from bot.answer import Question
from bot.config import load_settings
from bot.evaluation.questions import read_evaluation
from bot.explainer import Explainer
from bot.local_answers import build
from index.embedding import find_model
from index.generation_store import GenerationStore
from index.levels import Level
from index.lexical import terms
from index.names import NameIndex
from index.search import Searcher
from index.serving_form import load_encoder
from index.spelling import Spelling

T = TypeVar("T")
EVALUATION = Path(__file__).resolve().parents[1] / "eval"


def main() -> None:
    """Time every stage, and print a table."""
    settings = load_settings(None)
    build(settings, lambda _: None)
    generation = GenerationStore(settings.state.path).open_best()
    assert generation is not None
    encoder = load_encoder(generation, find_model(settings.model.name))
    explainer = Explainer(Searcher(generation, encoder))
    spelling = Spelling(generation.vocabulary.words)
    names = NameIndex(generation.concepts.values(), generation.vocabulary)
    taken: dict[str, list[float]] = defaultdict(list)

    def timed(stage: str, work: Callable[[], T]) -> T:
        began = time.thread_time()
        result = work()
        taken[stage].append(1000 * (time.thread_time() - began))
        return result

    head, words = generation.head, generation.word_head
    for item in read_evaluation(EVALUATION):
        if item.turns:
            continue
        text = timed("spelling", lambda item=item: spelling.correct(item.text))
        vector = timed("the question's vector", lambda text=text: encoder.encode_query(text))
        asked = terms(text)
        timed("cosine with all passages and questions", lambda vector=vector: generation.similarities(vector[None, :]))
        timed("cosine with all sentences", lambda vector=vector: generation.best_sentences(vector[None, :]))
        timed("BM25 over passages and questions", lambda asked=asked: generation.lexical.scores(asked))
        timed("names", lambda text=text: names.find(text))
        if head is not None and words is not None:
            timed("concept head", lambda vector=vector: head.log_probabilities(vector))
            timed("word head", lambda asked=asked: words.log_probabilities(asked))
        question = Question(item.text, Level.INTERMEDIATE)
        timed("the whole answer", lambda question=question: explainer.explain(question))
    sys.stdout.write("| Stage | processor ms a question, median |\n|---|---|\n")
    for stage, values in taken.items():
        sys.stdout.write(f"| {stage} | {np.median(values):.2f} |\n")


if __name__ == "__main__":
    main()
