"""A crowd that uses the bot in every way, and the count of how it was served."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from tests.wire.interactions import Callback, Interaction, Kind
from tests.wire.payloads import Payload
from tests.wire.people import Person, buttons
from tests.wire.server import Loopback

_LEVELS = ("basic", "intermediate", "advanced")
# What people do, and how often.
_HABITS = {"ask": 36, "press": 30, "level": 8, "mention": 8, "direct": 8, "complete": 7, "topics": 3}
_BUTTONS = ("Simpler", "Deeper", "Sources", "Back")
_TYPED = ("a", "al", "rew", "good", "mesa", "inner", "kettle")
# What is given up on: Discord shows an error after 3 s, and people stop looking long before this.
PATIENCE_SECONDS = 30.0


@dataclass
class Crowd:
    """People over many servers, each thinking for a while and then doing something."""

    discord: Loopback
    questions: list[str]
    think_seconds: float
    people: list[Person] = field(default_factory=list)
    interactions: list[Interaction] = field(default_factory=list)
    messages: list[tuple[Payload, str]] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)

    def gather(self, count: int) -> None:
        """Spread people over the servers."""
        guilds = self.discord.world.guilds
        self.people = [Person(self.discord, guild=guilds[number % len(guilds)]) for number in range(count)]

    async def live(self, person: Person, number: int, until: float) -> None:
        """Let one person go on until the clock says stop; each waits for an answer before the next thing."""
        chance = random.Random(number)
        clock = asyncio.get_running_loop().time
        shown: Payload | None = None
        while True:
            await asyncio.sleep(min(chance.expovariate(1 / self.think_seconds), until - clock()))
            if clock() >= until:
                return
            habit = chance.choices(list(_HABITS), list(_HABITS.values()))[0]
            if habit == "press" and not _pressable(shown):
                habit = "ask"
            self.did[habit] += 1
            if habit in {"mention", "direct"}:
                question = chance.choice(self.questions)
                message = await (person.mention(question) if habit == "mention" else person.write(question))
                self.messages.append((message, habit))
                continue
            interaction = await self._act(person, habit, shown, chance)
            self.interactions.append(interaction)
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await interaction.answered.wait()
            except TimeoutError:
                continue
            if habit in {"ask", "press"}:
                shown = interaction.message

    async def _act(self, person: Person, habit: str, shown: Payload | None, chance: random.Random) -> Interaction:
        if habit == "press":
            label = chance.choice(_pressable(shown))
            return await person.press(shown, label)
        if habit == "level":
            return await person.slash("level", level=chance.choice(_LEVELS))
        if habit == "complete":
            return await person.type_into("topics", "topic", chance.choice(_TYPED))
        if habit == "topics":
            return await person.slash("topics")
        return await person.slash("ask", question=chance.choice(self.questions))

    def counts(self) -> dict[str, object]:
        """Return how everyone was served."""
        times = sorted(item.acknowledged_after for item in self.interactions if item.acknowledged_after is not None)
        answered = sorted(item.answered_after for item in self.interactions if item.answered_after is not None)
        replies = [len(self.discord.world.replies[int(message["id"])]) for message, _ in self.messages]
        return {
            "did": dict(self.did),
            "interactions": len(self.interactions),
            "not_acknowledged": sum(item.acknowledged_after is None for item in self.interactions),
            "acknowledged_after_3_s": sum(time > 3 for time in times),
            "answered_never": sum(not item.answers for item in self.interactions),
            "answered_twice": sum(len(item.answers) > 1 for item in self.interactions),
            "apologies": sum("Something went wrong" in item.text for item in self.interactions),
            "repeated_callbacks_refused": sum(item.refused for item in self.interactions),
            "messages": len(replies),
            "messages_answered_never": replies.count(0),
            "messages_answered_twice": sum(count > 1 for count in replies),
            "acknowledged_seconds": _spread(times),
            "answered_seconds": _spread(answered),
        }

    def failures(self) -> list[str]:
        """Describe what went wrong with each interaction or message that was not served as it should be."""
        bad = [
            f"{item.kind.name} {item.name}: acknowledged {item.acknowledged_after}, {len(item.answers)} answers, "
            f"{item.late} callbacks too late, callback {Callback(item.callback).name if item.callback else None}"
            for item in self.interactions
            if len(item.answers) != 1 or item.acknowledged_after is None
        ]
        world = self.discord.world
        return bad + [
            f"{habit}: {count} replies"
            for message, habit in self.messages
            if (count := len(world.replies[int(message["id"])])) != 1
        ]


def is_outstanding(crowd: Crowd) -> bool:
    """Say whether anyone still waits."""
    replies = crowd.discord.world.replies
    return any(item.kind is not Kind.AUTOCOMPLETE and not item.answers for item in crowd.interactions) or any(
        not replies[int(message["id"])] for message, _ in crowd.messages
    )


def _pressable(message: Payload | None) -> list[str]:
    labels = [item["label"] for item in buttons(message or {})]
    return [name for name in _BUTTONS if any(label.startswith(name) for label in labels)]


def _spread(times: list[float]) -> dict[str, float]:
    if not times:
        return {}
    at = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p999": 0.999}
    found = {name: round(times[min(len(times) - 1, int(len(times) * share))], 3) for name, share in at.items()}
    return {**found, "max": round(times[-1], 3)}
