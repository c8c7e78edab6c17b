"""What people do, as the metrics show it."""

from __future__ import annotations

from bot.config import WatchingSettings
from bot.watching.metrics import Metrics
from bot.watching.watch import Watch, start_watching
from tests.discord.conftest import World


def outcomes(watch: Watch) -> dict[str, float]:
    assert isinstance(watch.observer, Metrics)
    samples = [sample for family in watch.observer.registry.collect() for sample in family.samples]
    counted: dict[str, float] = {}
    for sample in samples:
        if sample.name == "fathom_answers_total" and sample.value:
            name = f"{sample.labels['outcome']} {sample.labels['level']}"
            counted[name] = counted.get(name, 0) + sample.value
    return counted


async def test_answers_are_counted_by_what_became_of_them(world: World) -> None:
    services = world.bot.services
    settings = services.settings.model_copy(update={"watching": WatchingSettings(port=0)})
    object.__setattr__(services, "settings", settings)
    watch = await start_watching(services)
    watch.follow(world.bot)
    asked = await world.member.slash(world.channel, "ask", question="what is corrigibility?", level="basic")
    await world.member.click(asked.response, label="Deeper")
    await world.member.slash(world.channel, "ask", question="how tall is the Eiffel tower?", level="basic")
    await world.member.send_dm("what is the difference between inner and outer alignment?")
    await world.member.slash(world.channel, "why")
    assert outcomes(watch) == {
        "answered basic": 1,
        "answered intermediate": 1,
        "abstained basic": 1,
        "compared intermediate": 1,
    }
    services.answers.queue.close()
    await world.member.slash(world.channel, "ask", question="what is corrigibility?", level="advanced")
    assert outcomes(watch)["busy advanced"] == 1
    await watch.stop()
