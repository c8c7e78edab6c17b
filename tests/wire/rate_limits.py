"""Rate-limit buckets, with the headers and the refusals that Discord sends."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass

# How often each route may be used: (method, path, limit, seconds). The first that fits counts. Responses to
# interactions have no limit.
_RULES = (
    ("POST", r"^/channels/(\d+)/messages$", 5, 5.0),
    ("GET", r"^/channels/(\d+)/messages", 50, 1.0),
    ("PATCH", r"^/channels/(\d+)/messages/\d+$", 5, 5.0),
    ("PUT", r"^/applications/(\d+)/commands$", 2, 20.0),
    ("", r"^/webhooks/\d+/([\w-]+)", 5, 2.0),
)


@dataclass
class _Bucket:
    left: int
    resets: float


class RateLimits:
    """Counts requests by bucket; each refusal is noted, as too many of them ban a bot."""

    def __init__(self) -> None:
        self.refused = 0
        self._buckets: dict[str, _Bucket] = {}

    def take(self, method: str, path: str) -> tuple[dict[str, str], float | None]:
        """Return the headers for a request, and how long to wait if it is refused."""
        for number, (wanted, pattern, limit, seconds) in enumerate(_RULES):
            match = re.match(pattern, path)
            if match is None or (wanted and wanted != method):
                continue
            now = time.monotonic()
            key = f"{number}:{match[1]}"
            bucket = self._buckets.get(key)
            if bucket is None or bucket.resets <= now:
                self._forget(now)
                bucket = self._buckets[key] = _Bucket(limit, now + seconds)
            after = bucket.resets - now
            refused = bucket.left <= 0
            bucket.left = max(0, bucket.left - 1)
            headers = {
                "X-RateLimit-Limit": str(limit),
                "X-RateLimit-Remaining": str(bucket.left),
                "X-RateLimit-Reset": f"{time.time() + after:.3f}",
                "X-RateLimit-Reset-After": f"{after:.3f}",
                "X-RateLimit-Bucket": hashlib.sha256(pattern.encode()).hexdigest()[:32],
            }
            if refused:
                self.refused += 1
            return headers, after if refused else None
        return {}, None

    def _forget(self, now: float) -> None:
        if len(self._buckets) > 10_000:
            self._buckets = {key: bucket for key, bucket in self._buckets.items() if bucket.resets > now}
