"""How often one member, or one channel, may ask, so that nobody starves the others."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum

from bot.config import LimitSettings
from bot.turns import Turns

Clock = Callable[[], float]
_MINUTE = 60.0
_MOST_KEYS = 10_000
# Whoever waits exactly as long as they were told must not fail on a rounding error.
_WHOLE = 1.0 - 1e-6


def _now() -> float:
    """Return the seconds of a clock that never goes back; looked up at each call, as tests put in their own."""
    return time.monotonic()


class Limited(StrEnum):
    """Whose limit was reached."""

    MEMBER = "member"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question too many.

    Attributes:
        whose: whose limit was reached.
        seconds: how long to wait until the next one is answered.
    """

    whose: Limited
    seconds: float


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    told: bool = False


class TokenBuckets:
    """A bucket of tokens for each key: full at first, refilled evenly, a token for each question."""

    def __init__(self, per_minute: int, *, clock: Clock = _now, most: int = _MOST_KEYS) -> None:
        """Fill each bucket with a minute's tokens.

        Args:
            per_minute: how many tokens a bucket holds, and gets in a minute; 0 for no limit at all.
            clock: seconds that never go back.
            most: how many buckets to keep at most; those used longest ago go first.
        """
        self._size = float(per_minute)
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def wait(self, key: int) -> float:
        """Return the seconds until a key has a token; 0 if it has one now."""
        if not self._size:
            return 0.0
        tokens = self._filled(key).tokens
        return 0.0 if tokens >= _WHOLE else (1.0 - tokens) * _MINUTE / self._size

    def take(self, key: int) -> None:
        """Take a token; only after `wait` returned 0."""
        if not self._size:
            return
        self._forget_full_ones()
        bucket = self._buckets[key] = self._filled(key)
        self._buckets.move_to_end(key)
        bucket.tokens = max(0.0, bucket.tokens - 1.0)
        bucket.told = False
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)

    def tell(self, key: int) -> bool:
        """Note that a key is told to wait; return whether that is the first time since its last token."""
        bucket = self._buckets.get(key)
        if bucket is None:
            return True
        first, bucket.told = not bucket.told, True
        return first

    def _filled(self, key: int) -> _Bucket:
        """Return a key's bucket with what has flowed into it until now."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            return _Bucket(self._size, now)
        bucket.tokens = min(self._size, bucket.tokens + (now - bucket.at) * self._size / _MINUTE)
        bucket.at = now
        return bucket

    def _forget_full_ones(self) -> None:
        """Drop the buckets that nobody took from for a minute: they are full, as a new one is."""
        now = self._clock()
        while self._buckets:
            key, oldest = next(iter(self._buckets.items()))
            missing = self._size - oldest.tokens - (now - oldest.at) * self._size / _MINUTE
            if missing > 0:
                return
            del self._buckets[key]


class Limits:
    """The limits of one bot."""

    def __init__(self, settings: LimitSettings, *, clock: Clock = _now) -> None:
        """Begin with every bucket full."""
        self._members = TokenBuckets(settings.per_member, clock=clock)
        self._channels = TokenBuckets(settings.per_channel, clock=clock)
        self._presses = TokenBuckets(settings.presses_per_member, clock=clock)
        self._turns = Turns(settings.at_once)

    def ask(self, user_id: int, channel_id: int | None) -> Refusal | None:
        """Count a question; a refusal, which costs nobody anything, if it is one too many.

        Args:
            user_id: who asks.
            channel_id: where; None for what only the member sees.
        """
        if refusal := _refusal(self._members, user_id, Limited.MEMBER):
            return refusal
        if channel_id is not None:
            if refusal := _refusal(self._channels, channel_id, Limited.CHANNEL):
                return refusal
            self._channels.take(channel_id)
        self._members.take(user_id)
        return None

    def first_word(self, refusal: Refusal, user_id: int, channel_id: int) -> bool:
        """Say whether a refused message is the first one since one was answered; the next ones need no word."""
        if refusal.whose is Limited.MEMBER:
            return self._members.tell(user_id)
        return self._channels.tell(channel_id)

    def press(self, user_id: int) -> Refusal | None:
        """Count a button or menu; a refusal if it is one too many."""
        if refusal := _refusal(self._presses, user_id, Limited.MEMBER):
            return refusal
        self._presses.take(user_id)
        return None

    def turn(self, user_id: int) -> AbstractAsyncContextManager[None]:
        """Wait until one more question of a member may be worked on, so that others get their turn in between."""
        return self._turns.of(user_id)


def _refusal(buckets: TokenBuckets, key: int, whose: Limited) -> Refusal | None:
    seconds = buckets.wait(key)
    return Refusal(whose, seconds) if seconds > 0 else None
