"""Trying one address after another, politely: HEAD first, GET where HEAD is refused, never reading a page."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.links.pace import Manners, Pace
from bot.links.public_addresses import Allowed, PrivateAddressError, guarded_socket, is_public
from bot.links.report import LinkResult, LinkVerdict
from index.urls import canonical_url, is_web_url

USER_AGENT = "Fathom-link-check/0.1 (bot; tries each cited address once, at most one request a second to a host)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_TOO_MANY = 429
_MISSING = {404: "not found", 410: "gone for good", 451: "withheld for legal reasons"}
_NO_ADDRESS = "not a valid address"
_FIRST_ERROR = 400
_MAX_HOPS = 8
_MANNERS = Manners()


class _LinkError(Exception):
    """A verdict reached without a final answer."""

    def __init__(self, verdict: LinkVerdict, note: str) -> None:
        super().__init__(note)
        self.verdict = verdict
        self.note = note


class LinkChecker:
    """Checks addresses; use as an async context manager."""

    def __init__(self, *, manners: Manners = _MANNERS, allowed: Allowed = is_public) -> None:
        """Prepare.

        Args:
            manners: how considerate to be.
            allowed: which IP addresses may be connected to. Only a test has a reason to allow others than
                public ones: addresses come from the content, which strangers may have written.
        """
        self._manners = manners
        self._pace = Pace(manners)
        self._allowed = allowed

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=guarded_socket(self._allowed), limit=0, force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT, "Accept": "*/*"},
            timeout=aiohttp.ClientTimeout(total=self._manners.timeout),
            auto_decompress=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def check_all(
        self, urls: Iterable[str], on_checked: Callable[[LinkResult], None] = lambda _: None
    ) -> list[LinkResult]:
        """Check addresses, in whatever order is quickest; return the results in the order given."""

        async def one(url: str) -> LinkResult:
            result = await self.check(url)
            on_checked(result)
            return result

        return list(await asyncio.gather(*(one(url) for url in urls)))

    async def check(self, url: str) -> LinkResult:
        """Follow one address to its end; whatever happens is a result, never an error."""
        hops: list[tuple[int, str]] = []
        status: int | None = None
        try:
            status = await self._follow(url, hops)
            verdict, note = _judge(status)
        except _LinkError as error:
            verdict, note = error.verdict, error.note
        if verdict is LinkVerdict.GOOD and hops:
            moved = any(code in _FOR_GOOD for code, _ in hops) and canonical_url(hops[-1][1]) != canonical_url(url)
            verdict = LinkVerdict.MOVED if moved else LinkVerdict.GOOD
            note = "moved for good" if moved else "redirected"
        return LinkResult(url=url, verdict=verdict, status=status, note=note, location=hops[-1][1] if hops else None)

    async def _follow(self, url: str, hops: list[tuple[int, str]]) -> int:
        """Return the last status; each redirect on the way is added to `hops`."""
        for _ in range(_MAX_HOPS):
            if not is_web_url(url):
                raise _LinkError(LinkVerdict.BROKEN, "leads to something that is no web address")
            status, location = await self._ask("HEAD", url)
            if status >= _FIRST_ERROR:
                # Many servers refuse HEAD in one way or another; only GET counts.
                status, location = await self._ask("GET", url)
            if status not in _REDIRECTS or location is None:
                return status
            url = location
            hops.append((status, url))
        raise _LinkError(LinkVerdict.BROKEN, f"more than {_MAX_HOPS} redirects")

    async def _ask(self, method: str, url: str) -> tuple[int, str | None]:
        """Return the status, and where a redirect leads; one that is told to wait waits once."""
        host = urlsplit(url).hostname or ""
        for last in (False, True):
            async with self._pace.turn(host):
                status, location, wait = await self._request(method, url)
                if status != _TOO_MANY:
                    break
                if not last:
                    self._pace.stay_away(host, wait)
        return status, location

    async def _request(self, method: str, url: str) -> tuple[int, str | None, float]:
        try:
            async with self._session.request(method, url, allow_redirects=False) as response:
                target = response.headers.get("Location")
                location = urljoin(str(response.url), target) if target else None
                return response.status, location, self._wait(response.headers.get("Retry-After"))
        except aiohttp.InvalidURL as error:
            raise _LinkError(LinkVerdict.BROKEN, _NO_ADDRESS) from error
        except TimeoutError as error:
            seconds = self._manners.timeout
            raise _LinkError(LinkVerdict.UNCLEAR, f"no answer within {seconds:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise _explain(error) from error
        except ValueError as error:  # after the network's errors, as a bad certificate is a ValueError as well
            raise _LinkError(LinkVerdict.BROKEN, _NO_ADDRESS) from error

    def _wait(self, said: str | None) -> float:
        """Return how long to stay away; a date in place of seconds is not worth reading."""
        named = float(said) if said and said.isascii() and said.isdigit() else self._manners.wait
        return min(named, self._manners.longest_wait)


def _judge(status: int) -> tuple[LinkVerdict, str]:
    if status in _MISSING:
        return LinkVerdict.BROKEN, f"{status}, {_MISSING[status]}"
    if status >= _FIRST_ERROR:
        # A refusal of robots, a login, a busy or broken server: a reader with a browser may fare better.
        return LinkVerdict.UNCLEAR, f"{status}, too many requests" if status == _TOO_MANY else f"{status}"
    return LinkVerdict.GOOD, ""


def _explain(error: aiohttp.ClientError | OSError) -> _LinkError:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, PrivateAddressError) or "is a private address" in str(cause):
        return _LinkError(LinkVerdict.BROKEN, "leads to a private address; not tried")
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError | ssl.SSLError):
        return _LinkError(LinkVerdict.BROKEN, "its certificate is not valid")
    if isinstance(cause, socket.gaierror):
        # A resolver that is out of reach says nothing about the name.
        verdict = LinkVerdict.BROKEN if cause.errno == socket.EAI_NONAME else LinkVerdict.UNCLEAR
        return _LinkError(verdict, "its host name is not known")
    if isinstance(cause, ConnectionRefusedError):
        return _LinkError(LinkVerdict.BROKEN, "the connection was refused")
    return _LinkError(LinkVerdict.UNCLEAR, f"the connection failed ({type(cause).__name__})")
