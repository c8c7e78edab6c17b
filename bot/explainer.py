"""Question + depth + conversation -> answer. Knows the library; knows no Discord and no terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.ahead import Ahead
from bot.answer import Answer, Highlight, Outcome, Question, Quote, Topic
from bot.comparison import read_comparison
from bot.conversation import read_question
from bot.level_words import without_level_words
from bot.naming import Naming, naming, never
from bot.page_digest import page_digest
from bot.passage_choice import ROOM_FOR_TWO, choose_passages, fair_shares, tier_length, whole_tier
from bot.sides import Sides, find_sides, with_certainty
from bot.term_finder import TermFinder
from index.generation import Concept, ConceptSource, Generation
from index.levels import Level
from index.passages import PassageKind
from index.search import Searcher
from index.search_result import RankedConcept, SearchResult
from index.urls import canonical_url
from index.vector_store import VectorsAwayError

MAX_QUESTION_LENGTH = 4_000
_NEAREST_TOPICS = 5
_RELATED_TOPICS = 6
_MIN_MARKED_SIMILARITY = 0.25
# In a list of clauses as long as a paragraph, bold stresses nothing.
_MAX_MARKED_LENGTH = 240
# Larger than any fit: what it is added to comes before all others.
_FIRST = 100.0
_DEFAULT_LANGUAGE = "en"
# Below this confidence no topic is near enough to be offered. Of the questions of the tune half that got no answer,
# three in four of those that the library does not cover lie below it (116 of 157), and of those that it does cover
# two in fifty, for one of which the right page would have been among the nearest.
_NEAR_ENOUGH = 0.02


class Explainer:
    """Answers questions from one generation; safe to use from several threads at once."""

    def __init__(self, searcher: Searcher, *, threshold: float = 0.5) -> None:
        """Use a searcher; below `threshold` confidence the answer is that the library does not cover it."""
        self._searcher = searcher
        self._threshold = threshold
        self._ahead = Ahead()
        self.terms = TermFinder(searcher)

    @property
    def generation(self) -> Generation:
        """The generation that answers."""
        return self._searcher.generation

    def explain(self, question: Question, *, without: frozenset[str] = frozenset()) -> Answer:
        """Answer a question in the library's words, or say that the library does not cover it.

        Args:
            question: what is asked.
            without: concepts to leave out, as if the library did not have them.

        Raises:
            VectorsAwayError: what keeps the vectors does not answer, and without them nothing is sure enough; that
                the library does not cover the question would be a guess.
        """
        text = clean_question(question.text)
        if not text:
            return self._without(question, Outcome.EMPTY, None)
        judge = self._sides(text, question, without)
        result = self._search(text, question, without)
        sides = judge(result)
        # That a side of a comparison is missing takes both searches to say.
        if sides is not None and not (result.partial and sides.missing):
            return self._show_sides(sides, question, with_certainty(result, sides))
        if result.confidence < self._threshold or not result.concepts:
            if result.partial:
                raise VectorsAwayError("what keeps the vectors does not answer; words and names alone were not enough")
            return self._without(question, Outcome.NOT_COVERED, result)
        return self._show(result.concepts[0].slug, question, result)

    def show(self, slug: str, question: Question, *, beside: str | None = None, whole: bool = False) -> Answer | None:
        """Return a concept at the question's depth, its passages chosen for the question; None if unknown.

        The concept is taken as given: this is what follows a button or a chosen topic. So is the one `beside` it.

        Args:
            slug: the concept.
            question: what is asked, and how deep.
            beside: another concept to show beside it.
            whole: take every passage of that depth, not only those that fit the question best.
        """
        if beside is not None:
            other = self.generation.concept(beside, question.lang)
            first = self.generation.concept(slug, question.lang)
            if first is None or other is None:
                return None
            return self._pair(first, other, question, SearchResult.of(slug, beside))
        concept = self.generation.concept(slug, question.lang)
        if concept is None:
            return None
        text = clean_question(question.text) or concept.title
        return self._show(slug, question, self._search(text, question), certain=True, whole=whole)

    def _sides(self, text: str, question: Question, without: frozenset[str]) -> Callable[[SearchResult], Sides | None]:
        """Begin to search the subjects of a comparison, and return what finds its sides.

        That takes what the whole question found, and gives None when the question is no comparison or its subjects
        lead nowhere.
        """
        asked = without_level_words(text)
        if not (readings := read_comparison(asked)):
            return lambda _: None
        if any(name.written and name.coverage == 1 for name in self._searcher.named(asked, question.lang)):
            return lambda _: None  # the name of a page that has "versus" or "and" in it
        turns = tuple(cleaned for turn in question.turns if (cleaned := clean_question(turn)))
        context = read_question(asked, turns).context

        subjects = [subject for reading in readings for subject in (reading.first or context, reading.second)]
        found = self._ahead.begin(
            lambda: self._searcher.search_subjects(filter(None, subjects), lang=question.lang, without=without)
        )
        return lambda whole: find_sides(found(), readings, context, whole, self._threshold)

    def _show_sides(self, sides: Sides, question: Question, result: SearchResult) -> Answer:
        concepts = [self.generation.concept(slug, question.lang) for slug in sides.slugs]
        match concepts:
            case [Concept() as first, Concept() as second]:
                return self._pair(first, second, question, result)
            case _:
                return replace(self._show(sides.slugs[0], question, result), compared=sides.missing)

    def _pair(self, first: Concept, second: Concept, question: Question, result: SearchResult) -> Answer:
        """Return two concepts side by side, with the passages of each that say most about both and the question."""
        lengths = [tier_length(self.generation, concept, self._level(concept, question)) for concept in (first, second)]
        rooms = fair_shares(lengths, ROOM_FOR_TWO)
        # The names too: a question may say no more than "how is that different?"
        names, text = f"{first.title} and {second.title}", clean_question(question.text)
        found = self._searcher.with_names(result, names, text, lang=question.lang)
        one, other = (
            self._show(concept.slug, question, found, room=room, of_other=naming(neighbour, concept))
            for concept, neighbour, room in zip((first, second), (second, first), rooms, strict=True)
        )
        return replace(one, beside=other)

    def _level(self, concept: Concept, question: Question) -> Level:
        """Return the depth that a page has nearest to the one asked for."""
        return next((item for item in question.level.by_distance() if item in concept.levels), question.level)

    def _search(self, text: str, question: Question, without: frozenset[str] = frozenset()) -> SearchResult:
        """Read a question in the reader's language and in English, as many ask in; the surer reading counts."""
        wanted = dict.fromkeys((question.lang, _DEFAULT_LANGUAGE))
        # Words are only told apart in a language that some page is written in.
        languages = [lang for lang in wanted if lang in self.generation.languages] or [_DEFAULT_LANGUAGE]
        found = [self._search_in(lang, text, question, without) for lang in languages]
        return max(found, key=lambda result: result.confidence)

    def _search_in(self, lang: str, text: str, question: Question, without: frozenset[str]) -> SearchResult:
        turns = tuple(cleaned for turn in question.turns if (cleaned := clean_question(turn)))
        reading = read_question(without_level_words(text), turns)
        alone = self._searcher.search(reading.alone, lang=lang, without=without)
        if reading.with_context is None or (not reading.leans and alone.confidence >= self._threshold):
            return alone
        together = self._searcher.search(reading.with_context, follow_up=reading.alone, lang=lang, without=without)
        if reading.leans and reading.context and together.concepts:
            before = self._searcher.search(reading.context, lang=lang, without=without)
            # "Give me an example" says nothing that could be less certain than what it is an example of.
            if before.concepts[0].slug == together.concepts[0].slug and before.confidence > together.confidence:
                return replace(together, confidence=before.confidence)
        return together

    def _show(
        self,
        slug: str,
        question: Question,
        result: SearchResult,
        *,
        certain: bool = False,
        room: int | None = None,
        whole: bool = False,
        of_other: Naming = never,
    ) -> Answer:
        """Show a concept; passages and sentences that speak of the other one, which it is set beside, go first."""
        concept = self.generation.concept(slug, question.lang)
        if concept is None:  # every ranked slug has a page; an empty answer is still better than a crash
            return self._without(question, Outcome.NOT_COVERED, result)
        level = self._level(concept, question)

        def score(row: int) -> float:
            return float(result.passage_scores[row]) + (_FIRST if of_other(self.generation.passages[row].text) else 0.0)

        rows, omitted = (
            (whole_tier(self.generation, concept, level), 0)
            if whole
            else choose_passages(self.generation, concept, level, score, room=room)
        )
        sources = {canonical_url(source.url): source for source in concept.sources}
        return Answer(
            question=question,
            outcome=Outcome.ANSWERED,
            confidence=1.0 if certain else result.confidence,
            ranked=(RankedConcept(slug, 1.0),) if certain else result.concepts,
            level=level,
            concept=concept,
            quotes=tuple(self._quote(row, sources) for row in rows),
            omitted=omitted,
            highlight=self._highlight(rows, result, of_other),
            sources=concept.sources,
            related=self._topics(concept, question.lang),
            generation=self.generation.id,
            digest=page_digest(self.generation, concept),
        )

    def _quote(self, row: int, sources: dict[str, ConceptSource]) -> Quote:
        passage = self.generation.passages[row]
        return Quote(passage, sources.get(canonical_url(passage.url)) if passage.url else None)

    def _highlight(self, rows: list[int], result: SearchResult, of_other: Naming) -> Highlight | None:
        best: tuple[float, Highlight] | None = None
        for number, row in enumerate(rows):
            passage = self.generation.passages[row]
            if passage.kind is PassageKind.REFERENCE or not passage.sentences:
                continue
            similarities = self._searcher.sentence_similarities(row, result.query_vector)
            for span, similarity in zip(passage.sentences, similarities, strict=False):
                fit = similarity + (_FIRST if of_other(passage.text[slice(*span)]) else 0.0)
                if similarity >= _MIN_MARKED_SIMILARITY and (best is None or fit > best[0]):
                    best = (fit, Highlight(number, span))
        if best is None:
            return None
        start, end = best[1].span
        return best[1] if end - start <= _MAX_MARKED_LENGTH else None

    def _topics(self, concept: Concept, lang: str) -> tuple[Topic, ...]:
        """Return the neighbours of a concept that have a page: those it names, then those it builds on."""
        slugs = dict.fromkeys([*concept.related, *concept.requires])
        found = [self.generation.concept(slug, lang) for slug in slugs if slug != concept.slug]
        return tuple(Topic(item.slug, item.title) for item in found if item)[:_RELATED_TOPICS]

    def _without(self, question: Question, outcome: Outcome, result: SearchResult | None) -> Answer:
        ranked, confidence = (result.concepts, result.confidence) if result else ((), 0.0)
        near = ranked[:_NEAREST_TOPICS] if confidence >= _NEAR_ENOUGH else ()
        nearest = [self.generation.concept(item.slug, question.lang) for item in near]
        return Answer(
            question=question,
            outcome=outcome,
            confidence=confidence,
            ranked=ranked,
            level=question.level,
            concept=None,
            quotes=(),
            omitted=0,
            highlight=None,
            sources=(),
            related=tuple(Topic(item.slug, item.title) for item in nearest if item),
            generation=self.generation.id,
        )


def clean_question(text: str) -> str:
    """Return a question without control characters and mentions, on one line, at most 4,000 characters."""
    visible = "".join(character if character.isprintable() else " " for character in text[: 4 * MAX_QUESTION_LENGTH])
    return " ".join(visible.split())[:MAX_QUESTION_LENGTH]
