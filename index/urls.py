"""When two addresses are the same page."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# Query parameters that say where a reader came from, not what page it is.
_TRACKING = re.compile(r"^(utm_.*|fbclid|gclid|ref|si|feature)$")
_ARXIV = re.compile(r"^/(?:abs|pdf|html)/(?P<id>[\w.\-]+/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?/?$")


def is_web_url(url: str) -> bool:
    """Say whether an address is http(s) with a host: the only kind that is ever shown as a link."""
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


@lru_cache(maxsize=4_096)  # every answer asks for those of its sources
def canonical_url(url: str) -> str:
    """Return one spelling for all spellings of the same page.

    Scheme, `www.`, trailing slash, fragment and tracking parameters do not tell pages apart; arXiv's PDF
    and versions are its abstract page; a short video address is its long one.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return url.strip()
    path = parts.path.rstrip("/")
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(pair[0])]
    if host == "arxiv.org" and (match := _ARXIV.match(parts.path)):
        return f"https://arxiv.org/abs/{match['id']}"
    if host == "youtu.be" and path:
        host, query, path = "youtube.com", [("v", path[1:])], "/watch"
    elif host == "m.youtube.com":
        host = "youtube.com"
    return urlunsplit(("https", host + port, path, urlencode(query), ""))
