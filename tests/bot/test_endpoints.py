"""The pages that a monitoring system reads."""

from __future__ import annotations

import importlib.util
import logging
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from bot.answer_service import AnswerService
from bot.config import Settings, WatchingSettings
from bot.limits import Limits
from bot.rebuild import Rebuilder
from bot.services import Services
from bot.watching.endpoints import WatchingError
from bot.watching.metrics import Metrics, ProblemCount
from bot.watching.observer import Observer
from bot.watching.watch import start_watching


def services_with(tmp_path: Path, **watching: Any) -> Services:
    settings = Settings(watching=WatchingSettings(**watching))
    return Services(
        settings=settings,
        answers=AnswerService(tmp_path, cast("Any", None), threshold=0.5),
        rebuilder=Rebuilder(settings),
        database=cast("Any", None),
        stores=cast("Any", None),
        limits=Limits(settings.limits),
    )


async def get(url: str, **headers: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, response.content_type, await response.text()


async def test_nothing_is_served_unless_a_port_is_named(tmp_path: Path) -> None:
    services = services_with(tmp_path)
    watch = await start_watching(services)
    assert watch.endpoints is None
    assert type(services.answers.observer) is Observer
    await watch.stop()


async def test_a_bot_that_is_not_connected_is_healthy_and_not_ready(tmp_path: Path) -> None:
    watch = await start_watching(services_with(tmp_path, port=0))
    assert watch.url.startswith("http://127.0.0.1:"), "on this machine only"
    assert await get(f"{watch.url}/healthz") == (200, "text/plain", "ok\n")
    status, _, said = await get(f"{watch.url}/readyz")
    assert (status, said) == (503, "no generation serves\nthe gateway is not connected\n")
    status, kind, numbers = await get(f"{watch.url}/metrics")
    assert (status, kind) == (200, "text/plain")
    assert "fathom_ready 0.0" in numbers
    assert "process_resident_memory_bytes" in numbers
    _, kind, _ = await get(f"{watch.url}/metrics", Accept="application/openmetrics-text; version=1.0.0")
    assert kind == "application/openmetrics-text"
    assert (await get(f"{watch.url}/"))[0] == 404
    await watch.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await get(f"{watch.url}/healthz")


async def test_without_the_extra_health_still_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "prometheus_client" else find(name))
    services = services_with(tmp_path, port=0)
    watch = await start_watching(services)
    assert (await get(f"{watch.url}/healthz"))[0] == 200
    assert (await get(f"{watch.url}/readyz"))[0] == 503
    status, _, said = await get(f"{watch.url}/metrics")
    assert status == 501
    assert "pip install -e '.[metrics]'" in said
    assert type(services.answers.observer) is Observer
    await watch.stop()


async def test_a_port_that_is_taken_is_said_so(tmp_path: Path) -> None:
    watch = await start_watching(services_with(tmp_path, port=0))
    handlers = len(logging.getLogger().handlers)
    with pytest.raises(WatchingError, match=r"watching\.port: .* choose another"):
        await start_watching(services_with(tmp_path, port=int(watch.url.rpartition(":")[2])))
    assert len(logging.getLogger().handlers) == handlers
    await watch.stop()


async def test_two_bots_in_one_process_do_not_mix(tmp_path: Path) -> None:
    one, two = [await start_watching(services_with(tmp_path, port=0)) for _ in range(2)]
    one.observer.rebuilt("swapped", 3.0)
    assert 'fathom_rebuilds_total{outcome="swapped"} 1.0' in (await get(f"{one.url}/metrics"))[2]
    assert "fathom_rebuilds_total{" not in (await get(f"{two.url}/metrics"))[2]
    await one.stop()
    await two.stop()


def test_problems_are_counted_by_kind_and_kinds_have_an_end() -> None:
    metrics = Metrics()
    log = logging.Logger("test")  # noqa: LOG001  # beside the others
    log.addHandler(ProblemCount(metrics))
    log.info("well")
    log.warning("hm")
    for number in range(60):
        log.error("no", exc_info=type(f"Odd{number}Error", (Exception,), {})())
    kinds = {
        (sample.labels["severity"], sample.labels["kind"]): sample.value
        for family in metrics.registry.collect()
        for sample in family.samples
        if sample.name == "fathom_log_problems_total"
    }
    assert kinds["warning", "none"] == 1
    assert kinds["error", "Odd3Error"] == 1
    assert sum(kinds.values()) == 61
    assert len(kinds) <= 42
    assert kinds["error", "other"] > 10
