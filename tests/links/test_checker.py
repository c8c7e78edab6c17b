"""The link checker against a server on this machine, which only a test may let it reach."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from bot.links.checker import USER_AGENT, LinkChecker
from bot.links.pace import Manners
from bot.links.public_addresses import is_public
from bot.links.report import LinkResult, LinkVerdict

QUICK = Manners(pause=0.0, timeout=0.5, wait=0.05, longest_wait=0.05)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """A web server that answers as each path says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.at_once = self.most_at_once = 0
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.path))
        self.agents.add(request.headers["User-Agent"])
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._answer(request)
        finally:
            self.at_once -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        kind, _, rest = request.path.lstrip("/").partition("/")
        if kind == "slow":
            await asyncio.sleep(5)
        if kind == "no-head" and request.method == "HEAD":
            return web.Response(status=405)
        if kind == "to":
            code, _, target = rest.partition("/")
            return web.Response(status=int(code), headers={"Location": f"/{target}"})
        if kind == "away":
            return web.Response(status=302, headers={"Location": request.query["url"]})
        if kind == "busy" and sum(path == request.path for _, path in self.asked) == 1:
            return web.Response(status=429, headers={"Retry-After": "0"})
        await asyncio.sleep(0.01)
        return web.Response(status=int(kind) if kind.isdigit() else 200)


async def serve(server: Server, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> web.AppRunner:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, host, 0, ssl_context=context)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"{'https' if context else 'http'}://localhost:{port}"
    return runner


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    runner = await serve(server)
    yield server
    await runner.cleanup()


async def check(url: str, *, manners: Manners = QUICK) -> LinkResult:
    async with LinkChecker(manners=manners, allowed=lambda _: True) as checker:
        return await checker.check(url)


@pytest.mark.parametrize(
    ("path", "verdict", "status", "note"),
    [
        ("/200", LinkVerdict.GOOD, 200, ""),
        ("/no-head", LinkVerdict.GOOD, 200, ""),
        ("/to/302/200", LinkVerdict.GOOD, 200, "redirected"),
        ("/to/301/200", LinkVerdict.MOVED, 200, "moved for good"),
        ("/to/308/to/302/200", LinkVerdict.MOVED, 200, "moved for good"),
        ("/to/301/404", LinkVerdict.BROKEN, 404, "404, not found"),
        ("/404", LinkVerdict.BROKEN, 404, "404, not found"),
        ("/410", LinkVerdict.BROKEN, 410, "410, gone for good"),
        ("/403", LinkVerdict.UNCLEAR, 403, "403"),
        ("/500", LinkVerdict.UNCLEAR, 500, "500"),
        ("/429", LinkVerdict.UNCLEAR, 429, "429, too many requests"),
        ("/busy", LinkVerdict.GOOD, 200, ""),
        ("/slow", LinkVerdict.UNCLEAR, None, "no answer within 0.5 s"),
        ("/away?url=mailto:a@example.org", LinkVerdict.BROKEN, None, "leads to something that is no web address"),
        ("/away?url=http://[::bad", LinkVerdict.BROKEN, None, "not a valid address"),
    ],
)
async def test_each_answer_is_judged(
    server: Server, path: str, verdict: LinkVerdict, status: int | None, note: str
) -> None:
    result = await check(server.url + path)
    assert (result.verdict, result.status, result.note) == (verdict, status, note)


async def test_where_a_link_moved_is_noted(server: Server) -> None:
    result = await check(server.url + "/to/301/200")
    assert result.location == f"{server.url}/200"
    same_page = await check(server.url + "/to/301/to/301/200?utm_source=x")
    assert same_page.verdict is LinkVerdict.MOVED


async def test_a_circle_of_redirects_ends(server: Server) -> None:
    result = await check(f"{server.url}/away?url=/away%3Furl%3D/away")
    assert result.verdict is not LinkVerdict.GOOD
    assert len(server.asked) <= 20


async def test_head_is_tried_first_and_get_only_where_that_fails(server: Server) -> None:
    await check(server.url + "/200")
    await check(server.url + "/no-head")
    assert server.asked == [("HEAD", "/200"), ("HEAD", "/no-head"), ("GET", "/no-head")]
    assert server.agents == {USER_AGENT}
    assert "bot" in USER_AGENT


async def test_one_host_is_asked_one_thing_at_a_time(server: Server) -> None:
    seen: list[str] = []
    async with LinkChecker(manners=QUICK, allowed=lambda _: True) as checker:
        urls = [f"{server.url}/200/{number}" for number in range(10)]
        results = await checker.check_all(urls, lambda result: seen.append(result.url))
    assert [result.url for result in results] == urls
    assert sorted(seen) == sorted(urls)
    assert server.most_at_once == 1


async def test_a_refused_connection_and_an_unknown_name() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    refused = await check(f"http://127.0.0.1:{port}/")
    assert (refused.verdict, refused.note) == (LinkVerdict.BROKEN, "the connection was refused")
    unknown = await check("http://no-such-name.invalid/")
    assert unknown.verdict in {LinkVerdict.BROKEN, LinkVerdict.UNCLEAR}, "offline, nobody can tell"
    assert unknown.note == "its host name is not known"


@pytest.fixture
def own_certificate(tmp_path: Path) -> ssl.SSLContext:
    """A certificate that nobody vouches for."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=elsewhere.example"]
    subprocess.run([*command, "-keyout", "key.pem", "-out", "cert.pem"], cwd=tmp_path, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    return context


async def test_a_bad_certificate(own_certificate: ssl.SSLContext) -> None:
    server = Server()
    runner = await serve(server, own_certificate)
    result = await check(server.url + "/200")
    await runner.cleanup()
    assert (result.verdict, result.note) == (LinkVerdict.BROKEN, "its certificate is not valid")


@pytest.mark.parametrize("url", ["http://", "ftp://example.org", "http://exa mple.org", "http://a:b:c/", "nonsense"])
async def test_what_is_no_address_is_broken(url: str) -> None:
    assert (await check(url)).verdict is LinkVerdict.BROKEN


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1", "0x7f000001", "[::1]"])
async def test_without_the_tests_seam_private_addresses_are_never_connected_to(server: Server, host: str) -> None:
    async with LinkChecker(manners=QUICK) as checker:
        result = await checker.check(server.url.replace("localhost", host) + "/200")
    assert result.verdict is LinkVerdict.BROKEN
    assert result.status is None
    assert server.asked == []


async def test_a_redirect_to_a_private_address_is_not_followed(server: Server) -> None:
    inside = Server()
    runner = await serve(inside, host="127.0.0.2")
    secret = inside.url.replace("localhost", "127.0.0.2") + "/200"
    # Here 127.0.0.1 counts as public, and 127.0.0.2 does not.
    async with LinkChecker(manners=QUICK, allowed=lambda address: address == "127.0.0.1") as checker:
        result = await checker.check(f"{server.url.replace('localhost', '127.0.0.1')}/away?url={secret}")
    assert server.asked != []
    assert (result.verdict, result.note) == (LinkVerdict.BROKEN, "leads to a private address; not tried")
    assert inside.asked == []
    assert (await check(secret)).verdict is LinkVerdict.GOOD, "it could have been reached"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True),
        ("2606:4700:4700::1111", True),
        ("10.0.0.1", False),
        ("172.16.5.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  # an address to refuse, not to bind
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("not an address", False),
    ],
)
def test_which_addresses_are_public(address: str, *, public: bool) -> None:
    assert is_public(address) is public
