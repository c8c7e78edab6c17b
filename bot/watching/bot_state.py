"""What can be read off the bot at any time: the queue, the generation, the gateway."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from discord import AutoShardedClient
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.watching.readiness import obstacles

if TYPE_CHECKING:
    from bot.services import Services


class BotState(Collector):
    """Reads the state each time the numbers are asked for; nothing has to be kept in step."""

    def __init__(self, services: Services) -> None:
        """Watch the services; the client comes once there is one."""
        self._services = services
        self.bot: AutoShardedClient | None = None

    def collect(self) -> Iterator[Metric]:
        """Yield every metric with its value now."""
        queue = self._services.answers.queue
        yield _gauge("fathom_queue_waiting", "Questions that wait for a thread", queue.waiting)
        yield _gauge("fathom_queue_working", "Questions that are being worked on", queue.working)
        yield _gauge("fathom_queue_expected_wait_seconds", "What one more would wait", queue.expected_wait)
        yield _gauge("fathom_rebuild_running", "1 while a rebuild runs", int(self._services.rebuilder.running))
        yield _gauge("fathom_ready", "1 if questions can be answered", int(not obstacles(self._services, self.bot)))
        yield from self._generation()
        yield from self._gateway()

    def describe(self) -> list[Metric]:
        """Name nothing beforehand: which metrics there are depends on the state."""
        return []

    def _generation(self) -> Iterator[Metric]:
        answers = self._services.answers
        if not answers.ready:
            return
        manifest = answers.generation.manifest
        about = {"id": answers.generation.id, "model": manifest.model, "form": answers.form}
        yield InfoMetricFamily("fathom_generation", "The generation that serves", about)
        age = (datetime.now(UTC) - manifest.created).total_seconds()
        yield _gauge("fathom_generation_age_seconds", "Since the generation was built", age)
        counts = GaugeMetricFamily("fathom_generation_items", "What the generation holds", labels=["kind"])
        for kind, count in manifest.counts.model_dump().items():
            counts.add_metric([kind], count)
        yield counts

    def _gateway(self) -> Iterator[Metric]:
        if self.bot is None:
            return
        connected = GaugeMetricFamily("fathom_shard_connected", "1 if the shard is connected", labels=["shard"])
        latency = GaugeMetricFamily("fathom_shard_latency_seconds", "The last heartbeat's way", labels=["shard"])
        for number, shard in self.bot.shards.items():
            connected.add_metric([str(number)], int(not shard.is_closed()))
            if math.isfinite(shard.latency):
                latency.add_metric([str(number)], shard.latency)
        yield from (connected, latency)
        yield _gauge("fathom_servers", "Servers that the bot is a member of", len(self.bot.guilds))


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value)
