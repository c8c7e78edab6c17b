"""Questions that set two ideas side by side: recognised by how they are asked, and split into their subjects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.lexical import words

# Whoever writes more tells a story, in which "or" and "than" rarely ask for two pages.
_MAX_LENGTH = 200
_MAX_SUBJECT_WORDS = 16
_MAX_SHORT_WORDS = 4

_DIFFERENT = r"(?:an? |any |very |really |so |two |both )?(?:dif+\w{2,9}|distinct|unlike|separate)(?: \w+)?"
_SAME = r"(?:the |exactly |one and |all )*(?:same|identical|equivalent|synonyms?|synonymous)(?: \w+)?"
_JUST = r"(?:(?:just|basically|simply|only|really|actually|essentially|kind of|sort of) )*"
_NAME_FOR = (
    r"(?:(?:another|a|the|an|a \w+) (?:word|name|term|synonym|version|kind|type|form|case) (?:of|for)"
    r"|what (?:people|they|we|you|some) (?:used to |would |now )?call)"
)
_BETWEEN = r"(?:dif+\w*|distinction|gap|line|boundary|border|contrast|relation\w*|connection|link|comparison|overlap)"
_COMPARE = r"(?:compar(?:e|ing)(?: and contrast)?|contrast(?:ing)?|confus(?:e|ed|ing)|mix(?:ing)? up|comparison of)"
_RELATED = r"(?:related?|compared?|similar|stack up)"
_HOW_IS = r"how(?: exactly)?(?: is| are| was|['’]s| does| do)"
_IS = r"\b(?:is|are|was|were|'s|’s)(?:n['’]?t)?"

# Ways of asking that compare whatever stands in their two places.
_EXPLICIT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_BETWEEN}s? (?:\w+ )?(?:between|of) (?P<a>.+?) (?:and|&|vs\.?|versus|or) (?P<b>.+)",
        r"^(?:.*[.?!:] )?(?P<a>.+?),? (?:vs\.?|v\.s\.|versus) (?P<b>.+)",
        rf"\b{_COMPARE} (?P<a>.+?),? (?:and|&|with|to|against|or) (?P<b>.+)",
        r"\b(?:tell|keep|separates|distinguish(?:es)?|sets) (?P<a>.+?)(?: apart)? from (?P<b>.+)",
        r"\b(?:tell|keep) (?P<a>.+?) and (?P<b>.+?) apart\b",
        rf"\b{_HOW_IS} (?P<a>.+?) (?:{_DIFFERENT}|{_RELATED}) (?:from|to|than|with|against) (?P<b>.+)",
        r"\bhow (?:do|does|are|is) (?P<a>.+?) and (?P<b>.+?) (?:dif+\w*|compare|related?)\b",
        r"\bhow (?:similar|alike|related|different) (?:are|is) (?P<a>.+?) (?:and|to|from) (?P<b>.+)",
        rf"\bwhat makes (?P<a>.+?) {_DIFFERENT} (?:from|to|than) (?P<b>.+)",
        rf"{_IS} (?P<a>.+?) {_JUST}(?:{_DIFFERENT} (?:from|to|than)|{_SAME} (?:as|to)) (?P<b>.+)",
        rf"{_IS} (?P<a>.+?) and (?P<b>.+?) {_JUST}(?:{_SAME}|{_DIFFERENT})(?:[?.,!]|$)",
        rf"{_IS} (?P<a>.+?) {_JUST}{_NAME_FOR} (?P<b>.+)",
        r"\bwhere (?:does|do) (?P<a>.+?) (?:end|stop) and (?P<b>.+?) (?:begin|start)s?\b",
        r"^(?:.*[.?!:] )?(?P<a>.+?),? (?:as opposed to|compared (?:to|with)|in contrast to) (?P<b>.+)",
    )
)
# Ways of asking that only compare when both places hold an idea of the library ("is it just hype?").
_LIKELY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^which (?:one )?(?:is|are|was)\b.*?[,:] *(?P<a>[^,:]+?),? or (?P<b>.+)$",
        rf"{_IS} (?P<a>.+?) (?:just|basically|simply|only|really|essentially|kind of|sort of) (?P<b>.+)",
        rf"{_IS} (?P<a>.+?) (?:better|worse|safer|scarier|\w+er|(?:more|less) \w+) than (?P<b>.+)",
        # "CEV or value learning?": nothing but two short names.
        r"^(?P<a>[\w'’()+-]+(?: [\w'’()+-]+){0,3}) or (?P<b>[\w'’()+-]+(?: [\w'’()+-]+){0,3}) ?(?:\?.*)?$",
    )
)
# Two subjects joined by a word that mostly joins other things: only with a tail that asks about the two.
_JOINED = re.compile(
    r"^(?P<a>[^?.:;]+?),? (?:or|and|&) (?P<b>[^?.:;]+?)(?:[?.:;,]+| [-–—]+) *(?P<tail>.+)$", re.IGNORECASE
)
_TAIL = re.compile(
    r"\b(?:which|what['’]?s the|dif+\w+|same|separate|apart|distinct|confus\w+|"
    r"(?:these|those|they|the) two|one(?: \w+)? or two|one thing|compare|better|worse)\b",
    re.IGNORECASE,
)
# The second subject alone; the first is what was talked about.
_SECOND_ONLY = re.compile(
    r"^(?:(?:and|so|but|ok(?:ay)?|what(?:['’]s| is)|the|a|any) )*"
    r"(?:dif+\w*(?: (?:from|to|than|with))|versus|vs\.?|(?:as )?(?:opposed|compared) (?:to|with)|unlike) (?P<b>.+)$",
    re.IGNORECASE,
)

_END = re.compile(
    r"[?!;:]|\.(?=\s|\.|$)|,(?= (?:or|and|but|if|which|what|how|are|is|can|could|do|does|aren|isn|right|please|in) )"
    r"|,(?= (?:right|please|anyway|though)\b)| [-–—]+ | or (?:is|are|does|do|not|what|something|was|just)\b"
    r"| gets? (?:mixed|confused|thrown)\b|,? (?:and|so) (?:which|why|how|what|is|are|does|do)\b"
    r"| (?:in ai|in your view|exactly|anyway|please|then)$",
    re.IGNORECASE,
)
_START = re.compile(
    r"^(?:(?:so|and|but|ok(?:ay)?|hey|hi|well|um+|please|also|wait|then|what(?:['’]?s| is| are| about)(?: the)?"
    r"(?: dif+\w+| better| worse)?|how about|"
    r"explain|describe|define|tell me(?: about)?|can you|could you|do you know|i (?:keep|always)|just|really|actually|"
    r"basically|both|either|being|having|the (?:idea|concept|notion|term|word) of|the|an?|between|me|is|are|does|do)"
    r"[,:]? )+",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"""["'“‘`](?P<inside>.+?)["'”’`](?=\W|$)""")
_BACK = frozenset("it that this these those they them that's it's one".split())
_FILLER = frozenset("just really actually basically the same thing all then even idea concept stuff approach".split())


@dataclass(frozen=True, slots=True)
class Subjects:
    """The two things that a question compares, in its own words.

    Attributes:
        first: what stands first; empty when the question only points back at what was talked about.
        second: what it is compared with.
        plain: whether the question cannot be meant otherwise; else both must be found beyond doubt.
    """

    first: str
    second: str
    plain: bool = True


def read_comparison(text: str) -> tuple[Subjects, ...]:
    """Return the ways to read a question as a comparison, the plainest first; none when it is not one.

    There are several where a word is left out: "outer and inner misalignment" may be about "outer" or about
    "outer misalignment".
    """
    line = " ".join(text.split())
    if len(line) > _MAX_LENGTH:
        return ()
    found = next((subjects for subjects in _split(line) if _may_be_asked(subjects)), None)
    return tuple(dict.fromkeys(_with_left_out_words(found))) if found else ()


def _split(line: str) -> Iterator[Subjects]:
    if match := _SECOND_ONLY.match(line):
        yield Subjects("", _trimmed(match["b"]))
    for pattern in _EXPLICIT:
        if match := pattern.search(line):
            yield _pointing_back(Subjects(_trimmed(match["a"]), _trimmed(match["b"])))
    if (match := _JOINED.match(line)) and _TAIL.search(match["tail"]):
        yield Subjects(_trimmed(match["a"]), _trimmed(match["b"]), plain=False)
    for pattern in _LIKELY:
        if match := pattern.search(line):
            first, second = _trimmed(match["a"]), _trimmed(match["b"])
            if max(len(first.split()), len(second.split())) <= _MAX_SHORT_WORDS:
                yield _pointing_back(Subjects(first, second, plain=False))


def _trimmed(subject: str) -> str:
    """Return a subject without the words and the clauses around it that are not about it."""
    if quoted := _QUOTED.match(subject.strip(" ,*_")):
        return quoted["inside"].strip()
    subject = subject.strip(" \"'“”‘’`*_,.")
    subject = _START.sub("", f"{subject} ").strip()
    if end := _END.search(subject):
        subject = subject[: end.start()]
    return subject.strip(" \"'“”‘’`*_,.-–—")


def _pointing_back(subjects: Subjects) -> Subjects:
    """Return the subjects, the first left empty where it is only a pronoun."""
    said = set(words(subjects.first))
    if said and said <= _BACK | _FILLER:
        return replace(subjects, first="")
    return subjects


def _may_be_asked(subjects: Subjects) -> bool:
    first, second = words(subjects.first), words(subjects.second)
    if not second or set(second) <= _BACK | _FILLER or first == second:
        return False
    return len(first) <= _MAX_SUBJECT_WORDS and len(second) <= _MAX_SUBJECT_WORDS


def _with_left_out_words(subjects: Subjects) -> Iterator[Subjects]:
    """Yield the subjects as they stand, then completed from each other where one may be cut short."""
    yield subjects
    first, second = subjects.first.split(), subjects.second.split()
    if first and max(len(first), len(second)) <= _MAX_SHORT_WORDS:
        if len(first) < len(second):
            yield Subjects(" ".join([*first, *second[len(first) :]]), subjects.second, subjects.plain)
        elif len(second) < len(first):
            completed = [*first[: len(first) - len(second)], *second]
            yield Subjects(subjects.first, " ".join(completed), subjects.plain)
