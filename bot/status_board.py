"""What each part of the bot says about itself in `/status`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.language import gettext as _

_log = logging.getLogger(__name__)
Provider = Callable[[], Awaitable[str]]
_SECONDS = 3.0


class StatusBoard:
    """Lines of `/status`, each made by the part that knows; a part adds its own when it starts."""

    def __init__(self) -> None:
        """Begin without any line."""
        self._providers: dict[str, Provider] = {}

    def add(self, name: str, provider: Provider) -> None:
        """Show a line under a name, such as `Links`; a second provider of that name takes the first one's place."""
        self._providers[name] = provider

    async def lines(self) -> list[tuple[str, str]]:
        """Return each name with what its provider says now, in the order in which they were added.

        A provider that fails, or takes longer than three seconds, spoils only its own line.
        """
        said = await asyncio.gather(*(self._ask(name, provider) for name, provider in self._providers.items()))
        return list(zip(self._providers, said, strict=True))

    async def _ask(self, name: str, provider: Provider) -> str:
        try:
            async with asyncio.timeout(_SECONDS):
                return await provider()
        except TimeoutError:
            return _("takes too long to say")
        except Exception:  # noqa: BLE001  # whatever a part does wrong, the others have their say
            _log.exception("the status of %s could not be told", name)
            return _("cannot be told; see the log")
