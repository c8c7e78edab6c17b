"""Stopping when asked to: nothing new comes in, what is in flight is answered, then everything closes."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from discord import AutoShardedClient

_log = logging.getLogger(__name__)
# Docker and systemd wait 10 s or more between asking and killing.
_SECONDS = 7.0
# Whoever still waits in line then is sent away, which leaves time to tell them.
_SECONDS_FOR_THE_LINE = 3.0
# A thread that does not end, in a library or a slow disk, must not hold the process any longer.
_MOST_SECONDS = 9.5
_HANG_UP_SECONDS = 1.0
# How discord.py names the tasks in which commands, components and events are handled.
_WORK = ("CommandTree-invoker", "discord-ui-", "discord.py: ")


def stop_while_starting() -> None:
    """Until the bot runs, end the process at once when asked to: nothing is in flight, and every write survives it.

    As the first process of a container, one without a handler would not hear the signal at all.
    """
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))


def stop_signal() -> asyncio.Event:
    """Return what is set when the process is asked to stop; asked a second time, it stops at once."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask() -> None:
        asked.set()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask)
    return asked


async def stop(
    bot: AutoShardedClient, running: asyncio.Task[None], send_away: Callable[[], None] = lambda: None
) -> None:
    """Stop a bot within ten seconds.

    discord.py closes its connections together, under the answers that are being given; here the gateway goes
    first, and the connection for requests last.

    Args:
        bot: the client; closed afterwards.
        running: the task of `bot.start`, which would connect a dropped gateway anew.
        send_away: tells those who still wait for an answer to ask again later.
    """
    _end_for_certain(_MOST_SECONDS)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _SECONDS
    loop.call_later(_SECONDS_FOR_THE_LINE, send_away)
    running.cancel()
    await asyncio.wait({running}, timeout=_HANG_UP_SECONDS)
    hang_up = [shard.disconnect() for shard in bot.shards.values()]
    # A gateway that no longer listens does not say goodbye either.
    await _within(_HANG_UP_SECONDS, asyncio.gather(*hang_up, return_exceptions=True))
    in_flight = _work()
    _log.info("asked to stop; %d answers are being given", len(in_flight))
    while in_flight and (left := deadline - loop.time()) > 0:
        await asyncio.wait(in_flight, timeout=left)
        in_flight = _work()
    if in_flight:
        _log.warning("%d answers were not given in time", len(in_flight))
    await _within(max(deadline - loop.time(), _HANG_UP_SECONDS), bot.close())


def _end_for_certain(seconds: float) -> None:
    """End the process after so many seconds, whatever hangs; every write survives that."""

    def end() -> None:
        _log.warning("something did not end in time; ending all the same")
        sys.stderr.flush()
        os._exit(0)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def _work() -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(_WORK)}


async def _within(seconds: float, work: Awaitable[Any]) -> None:
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        _log.info("a connection did not close in time and is dropped")
