"""The library's Markdown as Discord shows it: the same words, no markup that Discord lacks, no live mention."""

from __future__ import annotations

import re

from index.sentences import Span, sentence_spans
from index.urls import is_web_url

_MOST_NESTED = 5
_ZERO_WIDTH_SPACE = "\u200b"
_SHORTCODE = re.compile(r"\{\{[<%][^{}]{0,500}[>%]\}\}")
_IMAGE = re.compile(r"!\[([^\[\]]{0,500})\]\([^()\n]{0,2000}\)")
_LINK = re.compile(
    r"\[([^\[\]]{1,500})\]\(\s*<?((?:[^()\s<>]|\([^()\s<>]*\)){0,2000})>?(?:\s+[\"'][^\"'\n]{0,500}[\"'])?\s*\)"
)
_HTML_TAG = re.compile(r"</?(?!https?:)[a-zA-Z][^<>@#:\n]{0,300}>")
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE)
_SOFT_BREAK = re.compile(r"(?<=\S)[ \t]*\n(?![ \t]*(?:[-*+•>|#]|\d{1,3}[.)]\s|```|\n|$))")
_TABLE = re.compile(r"(?:^\|.*\|[ \t]*$\n?){2,}", re.MULTILINE)
_MENTION = re.compile(r"@(?=everyone|here)|<(?=@|#|/|t:|id:|a?:)", re.IGNORECASE)
_BLOCK_PREFIX = re.compile(r"(?:\s*(?:[-*+•>]|\d{1,3}[.)]|#{1,6})\s+)+")


def discord_text(markdown: str) -> str:
    """Return a passage as Discord shows it well; words are kept, and links that lead nowhere lose their link."""
    fenced = markdown.split("```")
    for number in range(0, len(fenced), 2):
        fenced[number] = _outside_code(fenced[number])
    return without_mentions("```".join(fenced)).strip()


def _outside_code(text: str) -> str:
    text = _SHORTCODE.sub(lambda match: "#" if "ref" in match.group() else "", text)
    text = _IMAGE.sub(r"\1", text)
    text = _links(text)
    # What was inside a tag or a link may be part of another link once that is gone.
    text = _links(_HTML_TAG.sub("", text))
    text = _HEADING.sub(r"**\1**", text)
    text = _TABLE.sub(lambda match: f"```\n{match.group().rstrip()}\n```\n", text)
    text = text.replace("||", r"\|\|")
    return _SOFT_BREAK.sub(" ", text)


def _links(text: str) -> str:
    """Return a text whose masked links all lead to web pages."""
    for _ in range(_MOST_NESTED):
        before, text = text, _LINK.sub(lambda match: link(match[1], match[2]), text)
        if before == text:
            return text
    return text.replace("](", "] (")


def link(label: str, url: str) -> str:
    """Return a masked link when the address is a web page, else the label; a label never poses as an address."""
    label = " ".join(label.replace("]", "").replace("[", "").split())
    if not is_web_url(url) or any(character in url for character in " ()<>\\"):
        url = url.replace("(", "%28").replace(")", "%29")
        if not is_web_url(url) or any(character in url for character in " <>\\"):
            return label
    return f"<{url}>" if not label or "://" in label else f"[{label}]({url})"


def without_mentions(text: str) -> str:
    """Return a text in which nothing is a mention, a command link or a custom emoji."""
    return _MENTION.sub(lambda match: match.group() + _ZERO_WIDTH_SPACE, text)


def escape(text: str) -> str:
    """Return a stranger's words with no Markdown and no mention in them."""
    # Half of a character that takes two (a lone surrogate) cannot be sent.
    whole = text.encode("utf-8", "replace").decode()
    escaped = re.sub(r"([\\*_~`|>\[\]()#\-+.!:<])", r"\\\1", whole)
    return re.sub(r"@(?=\S)", f"@{_ZERO_WIDTH_SPACE}", escaped)


def escape_within(text: str, limit: int) -> str:
    """Return a stranger's words as `escape` does, in at most `limit` characters."""
    kept = shorten(text, limit)
    while len(escaped := escape(kept)) > limit:
        kept = shorten(kept, max(3, len(kept) * 3 // 4))
    return escaped


def unescape(text: str) -> str:
    """Return the words that `escape` was given."""
    return re.sub(r"\\(.)", r"\1", text.replace(_ZERO_WIDTH_SPACE, ""))


def mark(text: str, span: Span) -> str:
    """Return a Markdown text with one sentence in bold; unchanged where that would break its own markup."""
    start, end = span
    if prefix := _BLOCK_PREFIX.match(text, start, end):
        start = prefix.end()
    sentence = text[start:end]
    if not sentence.strip() or "`" in sentence or "\n\n" in sentence or "|" in sentence:
        return text
    sign = next((sign for sign in ("**", "__") if sign[0] not in sentence), None)
    return f"{text[:start]}{sign}{sentence}{sign}{text[end:]}" if sign else text


def shorten(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters, cut after a sentence where possible, with a mark where cut."""
    if len(text) <= limit:
        return text
    room = limit - 2
    end = max((stop for _, stop in sentence_spans(text[:room])[:-1]), default=0)
    if end < room // 3:
        end = text.rfind(" ", max(0, room - 200), room)
        end = end if end > 0 else room
    cut = text[:end].rstrip()
    if cut.count("**") % 2:
        cut = cut[: cut.rfind("**")] + cut[cut.rfind("**") + 2 :]
    return f"{cut} …"
