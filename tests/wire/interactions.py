"""What became of each interaction: when it was acknowledged, and with what it was answered."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from enum import IntEnum

from tests.wire.ids import new_id
from tests.wire.payloads import Payload
from tests.wire.world import Channel, RefusedError

ACKNOWLEDGE_SECONDS, TOKEN_SECONDS = 3.0, 900.0


class Kind(IntEnum):
    """What a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4


class Callback(IntEnum):
    """How the bot responded first."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8


@dataclass
class Interaction:
    """One interaction, from the press to the answer."""

    kind: Kind
    name: str
    user: Payload
    channel: Channel
    source: Payload | None = None
    """The message whose button was pressed."""
    id: int = field(default_factory=new_id)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    created: float = field(default_factory=time.monotonic)
    acknowledged_after: float | None = None
    answered_after: float | None = None
    callback: Callback | None = None
    refused: int = 0
    """Callbacks for it that came when it was acknowledged already."""
    late: int = 0
    message: Payload | None = None
    answers: list[str] = field(default_factory=list)
    """Each different answer, as JSON; the same one sent again is one answer."""
    choices: list[Payload] = field(default_factory=list)
    expired: bool = False
    """The token has run out, whatever its age."""
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def age(self) -> float:
        return time.monotonic() - self.created

    def acknowledge(self, callback: Callback) -> None:
        """Take the first response, or refuse it as Discord would."""
        if self.callback is not None:
            self.refused += 1
            raise RefusedError(400, 40060, "Interaction has already been acknowledged.")
        if self.age > ACKNOWLEDGE_SECONDS or self.expired:
            self.late += 1
            raise RefusedError(404, 10062, "Unknown interaction")
        self.callback = callback
        self.acknowledged_after = self.age
        self.acknowledged.set()

    def check_token(self) -> None:
        """Refuse what comes after the token's life, or before the first response."""
        if self.callback is None:
            raise RefusedError(404, 10015, "Unknown Webhook")
        if self.age > TOKEN_SECONDS or self.expired:
            raise RefusedError(401, 50027, "Invalid Webhook Token")

    def answer(self, body: object) -> None:
        """Note what the person now sees."""
        text = json.dumps(body, sort_keys=True)
        if text not in self.answers:
            self.answers.append(text)
        if self.answered_after is None:
            self.answered_after = self.age
        self.answered.set()

    @property
    def text(self) -> str:
        """The last answer."""
        return self.answers[-1] if self.answers else ""
