"""Golden questions answered exactly as a reader's question is."""

from __future__ import annotations

from bot.answer import Question
from bot.explainer import Explainer
from index.embedding import Encoder
from index.generation import Generation
from index.golden import Answering, GoldenAnswer, GoldenQuestion, OpenAnswering
from index.levels import Level
from index.search import Searcher


def answering_with(threshold: float) -> OpenAnswering:
    """Return how to answer golden questions: by the explainer, silent below a confidence of `threshold`."""

    def open_answering(generation: Generation, encoder: Encoder) -> Answering:
        explainer = Explainer(Searcher(generation, encoder), threshold=threshold)

        def answer(question: GoldenQuestion) -> GoldenAnswer:
            given = explainer.explain(Question(question.text, question.level or Level.INTERMEDIATE))
            return GoldenAnswer(given.concept.slug, given.level) if given.concept else GoldenAnswer(None, None)

        return answer

    return open_answering
